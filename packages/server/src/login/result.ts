import type { SnapshotError, SnapshotUser } from '@wechat-follow-login/protocol';
import { pause } from '../deadline.ts';
import { shortId } from '../log.ts';
import type { Clock, ExchangeOutcome, Log, Random, Store, Upstream, UpstreamStatus, VerifiedLogin } from '../ports.ts';
import type { KeyRing } from '../seal.ts';
import { HELD, type Attempt } from './attempt.ts';

/** How turning AUTHORIZED into tokens ended. */
export type Obtained =
  | { kind: 'held'; user: SnapshotUser }
  | { kind: 'step_required' }
  | { kind: 'failed'; error: SnapshotError }
  /** Another process is at it; its outcome comes through the store. */
  | { kind: 'elsewhere' };

/** Exchange, verify, seal, hold. */
export interface Results {
  /** `isOurs`: this store has known the attempt from its beginning, so nobody else can have sent the login ticket. */
  obtain(attempt: Attempt, report: UpstreamStatus & { status: 'authorized' }, isOurs: boolean): Promise<Obtained>;
  /** The held login, or null when there is none, or no longer. */
  read(attempt: Attempt): Promise<VerifiedLogin | null>;
  /** Lets the result live `ttl` milliseconds at most. */
  shorten(attempt: Attempt, ttl: number): Promise<void>;
  destroy(attempt: Attempt): Promise<void>;
}

/** While Authing throttles, a login ticket is still good: it is handed in again until then. */
const THROTTLED_UNTIL = 60_000;
/** Longer than an exchange can take, throttling, retry and key fetches included. */
const EXCHANGE_LOCK = 120_000;

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

  /** One retry after silence: the login ticket is single-use, so the retry mostly learns whether it is spent. */
  const exchange = async (loginTicket: string, isOurs: boolean): Promise<ExchangeOutcome | { outcome: 'lost' }> => {
    const startedAt = clock.monotonic();
    let sentBefore = !isOurs;
    let silences = 0;
    for (let pauses = 1; ; pauses++) {
      const outcome = await upstream.exchange(loginTicket);
      switch (outcome.outcome) {
        case 'throttled':
          // Unspent as it may be, nobody waits for it any longer: a fresh code is the way on.
          if (clock.monotonic() - startedAt > THROTTLED_UNTIL) return { outcome: 'lost' };
          await pause(clock, Math.max(outcome.retryAfter ?? 0, random.between(500, 1000) * Math.min(pauses, 8)));
          break;
        case 'unanswered':
          if (++silences > 1) return { outcome: 'lost' };
          sentBefore = true;
          await pause(clock, random.between(100, 300));
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

  return {
    async obtain(attempt, report, isOurs) {
      if (!(await store.once(`exchange:${attempt.id}`, EXCHANGE_LOCK))) return { kind: 'elsewhere' };
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
    },
    async read(attempt) {
      const sealed = await store.peek(key(attempt));
      const text = sealed === null ? null : keys.open('result', sealed, attempt.id);
      return text === null ? null : (JSON.parse(text) as VerifiedLogin);
    },
    shorten: (attempt, ttl) => store.shorten(key(attempt), ttl),
    destroy: (attempt) => store.drop(key(attempt)),
  };
}
