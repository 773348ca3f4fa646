import type { Clock } from '../ports.ts';

const SLOWEST = 1;
const RECOVER_AFTER = 5_000;

/**
 * The status calls a second that all attempts together may use: a token bucket of one second. Authing's quota belongs to
 * the whole user pool, so a page full of codes must not eat what sign-ins elsewhere need.
 */
export interface Pace {
  /** Milliseconds until a call may be made; the place is taken with the asking. */
  take(): number;
  /** Authing asked for fewer calls: nothing for `retryAfter` ms (1 s when null), then half the rate, doubling back. */
  throttled(retryAfter: number | null): void;
}

export function createPace(clock: Clock, perSecond: number): Pace {
  let rate = perSecond;
  let slowedAt = 0;
  /** When the next call fits in; lies in the past by at most one second's worth of unused calls. */
  let next = 0;
  return {
    take() {
      const now = clock.now();
      if (rate < perSecond && now - slowedAt >= RECOVER_AFTER) {
        rate = Math.min(perSecond, rate * 2);
        slowedAt = now;
      }
      next = Math.max(next, now - 1000) + 1000 / rate;
      return Math.max(0, next - now);
    },
    throttled(retryAfter) {
      const now = clock.now();
      rate = Math.max(SLOWEST, rate / 2);
      slowedAt = now;
      next = Math.max(next, now + (retryAfter ?? 1000));
    },
  };
}
