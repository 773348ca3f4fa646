import { isFinal, type SnapshotError } from '@wechat-follow-login/protocol';
import { shortId } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import type { AttemptState, Clock, Log, Store, UpstreamStatus } from '../ports.ts';
import { HELD, lookedAtUntil, overAt, PENDING, REPLAYED, type Attempt } from './attempt.ts';
import type { Results } from './result.ts';

/** Where an attempt stands, and the only way to move it. */
export interface Progress {
  /** The state now, with whatever time alone has ended. */
  current(attempt: Attempt): Promise<AttemptState>;
  /** Remembers a new attempt. */
  begin(attempt: Attempt): Promise<void>;
  /**
   * Runs `work`, which may bring the login about: until it is done the attempt is not over, whatever the clock says. A scan in
   * the last second must not lose against the end.
   */
  whileUnderWay(attempt: Attempt, work: () => Promise<void>): Promise<void>;
  /** The phone has got this far, as WeChat told. */
  reached(attempt: Attempt, status: 'scanned' | 'confirming', newFollower: boolean): Promise<void>;
  /** The person who scanned confirmed it: from now on Authing's AUTHORIZED counts. */
  release(attempt: Attempt): Promise<void>;
  /** Ends as `failed`, unless the login has come about. */
  fail(attempt: Attempt, error: SnapshotError): Promise<void>;
  /** Takes in what Authing says. */
  report(attempt: Attempt, upstream: UpstreamStatus): Promise<void>;
  /** Moves to a final status; answers what holds afterwards. */
  finish(
    attempt: Attempt,
    status: 'claimed' | 'expired' | 'cancelled' | 'failed',
    error?: SnapshotError,
  ): Promise<AttemptState>;
}

export function createProgress(deps: {
  store: Store;
  results: Results;
  clock: Clock;
  log: Log;
  metrics: Metrics;
  hostedLoginUrl: string | null;
}): Progress {
  const { store, results, clock, log, metrics, hostedLoginUrl } = deps;
  const underWay = new Set<string>();
  // A result can be held beyond the attempt's own end, when it came late: the state must outlive it.
  const ttl = (attempt: Attempt): number => Math.max(overAt(attempt) - clock.now(), HELD + REPLAYED);

  const releasedKey = (attempt: Attempt): string => `released:${attempt.id}`;

  const move = async (
    attempt: Attempt,
    next: Partial<AttemptState> & Pick<AttemptState, 'status'>,
  ): Promise<AttemptState> => {
    const before = (await store.read(attempt.id)) ?? PENDING;
    const { state, advanced } = await store.advance(attempt.id, { ...before, error: null, ...next }, ttl(attempt));
    if (advanced) {
      metrics.count('attempts_moved', state.status);
      log.info('attempt.status', { attempt: shortId(attempt.id), status: state.status, error: state.error?.code });
    }
    return state;
  };

  const authorized = async (attempt: Attempt, report: UpstreamStatus & { status: 'authorized' }): Promise<void> => {
    if (attempt.confirmNumber !== null && (await store.peek(releasedKey(attempt))) === null) {
      // Not by us, then: by events that reach Authing past the companion, which makes the question worthless.
      log.error('confirm.bypassed', {
        attempt: shortId(attempt.id),
        cause: 'Authing authorized a login that nobody confirmed: events reach it past the companion',
      });
      await move(attempt, { status: 'failed', error: { code: 'login_failed', retryable: true } });
      return;
    }
    const before = await store.read(attempt.id);
    if (before && (isFinal(before.status) || before.status === 'authorized')) return;
    const obtained = await results.obtain(attempt, report, before !== null);
    switch (obtained.kind) {
      case 'held': {
        const { name, picture } = obtained.user;
        const user = { name: name ?? report.user?.name ?? null, picture: picture ?? report.user?.picture ?? null };
        const state = await move(attempt, { status: 'authorized', user });
        // Cancelled while the exchange ran: nobody may have the result any more.
        if (state.status !== 'authorized') await results.destroy(attempt);
        return;
      }
      case 'step_required':
        await stepRequired(attempt);
        return;
      case 'failed':
        await move(attempt, { status: 'failed', error: obtained.error });
        return;
      case 'elsewhere':
    }
  };

  const stepRequired = (attempt: Attempt): Promise<void> =>
    endUnlessAuthorized(attempt, 'step_required', { code: 'step_required', retryable: false, url: hostedLoginUrl });

  return {
    async current(attempt) {
      const state = (await store.read(attempt.id)) ?? PENDING;
      if (isFinal(state.status)) return state;
      if (state.status === 'authorized') {
        return (await results.read(attempt)) ? state : move(attempt, { status: 'expired', error: EXPIRED });
      }
      const isOver = clock.now() >= lookedAtUntil(attempt) && !underWay.has(attempt.id);
      return isOver ? move(attempt, { status: 'expired', error: EXPIRED }) : state;
    },
    async begin(attempt) {
      await store.advance(attempt.id, PENDING, ttl(attempt));
      metrics.count('attempts_created');
      log.info('attempt.created', { attempt: shortId(attempt.id), origin: attempt.origin });
    },
    async whileUnderWay(attempt, work) {
      underWay.add(attempt.id);
      try {
        await work();
      } finally {
        underWay.delete(attempt.id);
      }
    },
    async reached(attempt, status, newFollower) {
      await move(attempt, { status, newFollower });
    },
    release: (attempt) => store.hold(releasedKey(attempt), '1', ttl(attempt)),
    fail: (attempt, error) => endUnlessAuthorized(attempt, 'failed', error),
    async report(attempt, upstream) {
      switch (upstream.status) {
        case 'pending':
          // Kept, so that a later AUTHORIZED is known to be nobody else's before us.
          await store.advance(attempt.id, PENDING, ttl(attempt));
          return;
        case 'scanned':
          await move(attempt, { status: 'scanned' });
          return;
        case 'authorized':
          await authorized(attempt, upstream);
          return;
        case 'step_required':
          await stepRequired(attempt);
          return;
        case 'expired':
          await endUnlessAuthorized(attempt, 'expired', EXPIRED);
          return;
        case 'cancelled':
          await endUnlessAuthorized(attempt, 'cancelled', { code: 'attempt_cancelled', retryable: true });
          return;
        case 'failed':
          await endUnlessAuthorized(attempt, 'failed', { code: upstream.code, retryable: upstream.retryable });
      }
    },
    finish: (attempt, status, error) => move(attempt, { status, error: error ?? null }),
  };

  /** Once we hold the result, what Authing makes of the spent code no longer matters. */
  async function endUnlessAuthorized(
    attempt: Attempt,
    status: 'expired' | 'cancelled' | 'failed' | 'step_required',
    error: SnapshotError,
  ): Promise<void> {
    if ((await store.read(attempt.id))?.status === 'authorized') return;
    await move(attempt, { status, error });
  }
}

const EXPIRED: SnapshotError = Object.freeze({ code: 'attempt_expired', retryable: true });
