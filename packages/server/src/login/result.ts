import type { SnapshotError, SnapshotUser } from '@wechat-follow-login/protocol';
import { shortId } from '../log.ts';
import type { Clock, ExchangeOutcome, Log, Random, Store, Upstream, UpstreamStatus, VerifiedLogin } from '../ports.ts';
import type { KeyRing } from '../seal.ts';
import { HELD, REPLAYED, type Attempt } from './attempt.ts';

/** How turning AUTHORIZED into tokens ended. */
export type Obtained =
  | { kind: 'held'; user: SnapshotUser }
  | { kind: 'step_required' }
  | { kind: 'failed'; error: SnapshotError }
  /** Another process is at it; its outcome comes through the store. */
  | { kind: 'elsewhere' };

/** Exchange, verify, seal, hand over once. */
export interface Results {
  /** `isOurs`: this store has known the attempt from its beginning, so nobody else can have sent the login ticket. */
  obtain(attempt: Attempt, report: UpstreamStatus & { status: 'authorized' }, isOurs: boolean): Promise<Obtained>;
  /** Whether this process is exchanging right now: then the attempt is not over yet, whatever the clock says. */
  isUnderWay(attempt: Attempt): boolean;
  /** The held login, or null when there is none, or no longer. */
  read(attempt: Attempt): Promise<VerifiedLogin | null>;
  /** From its first hand-over on, a result is kept for 60 s more. */
  handedOver(attempt: Attempt): Promise<void>;
  destroy(attempt: Attempt): Promise<void>;
}

/** Longer than an exchange with its retry can take; a process that died in it gives the next one a chance after this. */
const EXCHANGE_LOCK = 30_000;
const THROTTLED_TRIES = 4;

const LOST: Obtained = { kind: 'failed', error: { code: 'exchange_lost', retryable: true } };
const FAILED: Obtained = { kind: 'failed', error: { code: 'exchange_failed', retryable: true } };

export function createResults(deps: {
  upstream: Upstream;
  store: Store;
  keys: KeyRing;
  clock: Clock;
  random: Random;
  log: Log;
}): Results {
  const { upstream, store, keys, clock, random, log } = deps;
  const key = (attempt: Attempt): string => `result:${attempt.id}`;
  const underWay = new Set<string>();
  const pause = (ms: number): Promise<void> => new Promise((resolve) => clock.setTimeout(resolve, ms));

  /** One retry after silence: the login ticket is single-use, so the retry mostly learns whether it is spent. */
  const exchange = async (loginTicket: string, isOurs: boolean): Promise<ExchangeOutcome | { outcome: 'lost' }> => {
    let sentBefore = !isOurs;
    let silences = 0;
    for (let tries = 1; ; tries++) {
      const outcome = await upstream.exchange(loginTicket);
      switch (outcome.outcome) {
        case 'throttled':
          if (tries >= THROTTLED_TRIES) return sentBefore ? { outcome: 'lost' } : { outcome: 'refused' };
          await pause(outcome.retryAfter ?? random.between(500, 1000) * tries);
          break;
        case 'unanswered':
          if (++silences > 1) return { outcome: 'lost' };
          sentBefore = true;
          await pause(random.between(100, 300));
          break;
        case 'refused':
          return sentBefore ? { outcome: 'lost' } : outcome;
        default:
          return outcome;
      }
    }
  };

  const settle = async (attempt: Attempt, outcome: ExchangeOutcome | { outcome: 'lost' }): Promise<Obtained> => {
    switch (outcome.outcome) {
      case 'login': {
        const { user } = outcome.login;
        await store.hold(key(attempt), keys.seal('result', JSON.stringify(outcome.login), attempt.id), HELD);
        return { kind: 'held', user: { name: user.name, picture: user.picture } };
      }
      case 'step_required':
        return { kind: 'step_required' };
      case 'lost':
        return LOST;
      default:
        return FAILED;
    }
  };

  const obtain: Results['obtain'] = async (attempt, report, isOurs) => {
    const fields = { attempt: shortId(attempt.id) };
    if (report.tokenSet) {
      log.error('authing.token_set_in_status', {
        ...fields,
        cause:
          'returnFullUserInfo is on at Authing: whoever can compute the id of a code can read its tokens. Switch it off',
      });
    }
    if (report.loginTicket) return settle(attempt, await exchange(report.loginTicket, isOurs));
    if (report.tokenSet) return settle(attempt, await upstream.acceptTokenSet(report.tokenSet));
    // Authing showed the login ticket once, and that answer did not reach us.
    log.warn('login.ticket_lost', fields);
    return LOST;
  };

  return {
    async obtain(attempt, report, isOurs) {
      if (!(await store.once(`exchange:${attempt.id}`, EXCHANGE_LOCK))) return { kind: 'elsewhere' };
      underWay.add(attempt.id);
      try {
        return await obtain(attempt, report, isOurs);
      } finally {
        underWay.delete(attempt.id);
      }
    },
    isUnderWay: (attempt) => underWay.has(attempt.id),
    async read(attempt) {
      const sealed = await store.peek(key(attempt));
      const text = sealed === null ? null : keys.open('result', sealed, attempt.id);
      return text === null ? null : (JSON.parse(text) as VerifiedLogin);
    },
    handedOver: (attempt) => store.shorten(key(attempt), REPLAYED),
    destroy: (attempt) => store.drop(key(attempt)),
  };
}
