import type { Clock } from '../ports.ts';

/**
 * The status calls a second that all attempts together may use: a token bucket of one second with a queue before it.
 * Authing's quota belongs to the whole user pool, so a page full of codes must not eat what sign-ins elsewhere need.
 */
export interface Pace {
  /**
   * Resolves when it is this caller's turn: true, or false when `isWanted` says that nobody needs the call any more. First
   * come, first served; a place is given when it is free and never promised, so that a slow moment leaves no debts behind.
   */
  enter(isWanted: () => boolean): Promise<boolean>;
  /**
   * Authing asked for fewer calls (of one that began at `askedAt`, monotonic): none for `retryAfter` ms (1 s when null), then
   * half the rate, doubling back. Answers to calls from before the last slowing say nothing new and are ignored.
   */
  throttled(retryAfter: number | null, askedAt: number): void;
}

/** The rate never falls below this part of the budget: one bad burst must not starve every login for minutes. */
const FLOOR = 1 / 16;
const DOUBLE_EVERY = 2_000;

export function createPace(clock: Clock, perSecond: number): Pace {
  const floor = Math.max(1, perSecond * FLOOR);
  const queue: Array<{ isWanted: () => boolean; go: (turn: boolean) => void }> = [];
  let rate = perSecond;
  let places = perSecond;
  let countedAt = clock.monotonic();
  let slowedAt = Number.NEGATIVE_INFINITY;
  let doubledAt = 0;
  let closedUntil = 0;
  let timer: unknown = null;

  const refill = (now: number): void => {
    while (rate < perSecond && now - doubledAt >= DOUBLE_EVERY) {
      rate = Math.min(perSecond, rate * 2);
      doubledAt += DOUBLE_EVERY;
    }
    const from = Math.max(countedAt, closedUntil);
    if (now > from) places = Math.min(rate, places + ((now - from) / 1000) * rate);
    countedAt = now;
  };

  const drain = (): void => {
    clock.clearTimeout(timer);
    timer = null;
    const now = clock.monotonic();
    refill(now);
    while (queue.length > 0) {
      const isWanted = queue[0]!.isWanted();
      if (isWanted && (now < closedUntil || places < 1)) break;
      if (isWanted) places -= 1;
      queue.shift()!.go(isWanted);
    }
    if (queue.length === 0) return;
    const untilPlace = ((1 - places) / rate) * 1000;
    timer = clock.setTimeout(drain, Math.max(1, Math.ceil(Math.max(closedUntil - now, 0) + Math.max(untilPlace, 0))));
  };

  return {
    enter(isWanted) {
      return new Promise((go) => {
        queue.push({ isWanted, go });
        drain();
      });
    },
    throttled(retryAfter, askedAt) {
      if (askedAt < slowedAt) return;
      const now = clock.monotonic();
      refill(now);
      rate = Math.max(floor, rate / 2);
      places = 0;
      slowedAt = now;
      closedUntil = now + (retryAfter ?? 1000);
      doubledAt = closedUntil;
    },
  };
}
