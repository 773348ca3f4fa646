import { isFinal, type Status } from '@wechat-follow-login/protocol';
import { shortId } from '../log.ts';
import { UpstreamFault, type AttemptState, type Clock, type Log, type Random, type Upstream } from '../ports.ts';
import { lookedAtUntil, type Attempt } from './attempt.ts';
import type { Pace } from './pace.ts';
import type { Progress } from './progress.ts';

/** Looking at Authing: at most one look at a time per attempt, however many listen, and none when nobody does. */
export interface Watch {
  /** The state, after a new look if the last one is older than 2 s; waits at most 1 s for it. */
  fresh(attempt: Attempt): Promise<AttemptState>;
  /** Looks again and again until the answered function is called. */
  listen(attempt: Attempt): () => void;
  /** Stops everything. */
  close(): void;
}

const FRESH = 2_000;
const WAIT_FOR_LOOK = 1_000;
/** Milliseconds between looks; after a scan the login is a matter of moments. */
const INTERVAL = { pending: 2_000, scanned: 1_000 };
const SLOWEST = 10_000;
/** How often a held result is checked for still being there, so that an unclaimed one ends as `expired`. */
const WHILE_HELD = 5_000;
/** How long it is remembered when an attempt was last looked at, so that many short calls do not make many looks. */
const FORGET_AFTER = 10_000;

interface Watched {
  attempt: Attempt;
  listeners: number;
  lookedAt: number;
  failures: number;
  look: Promise<void> | null;
  next: unknown;
  forget: unknown;
}

export function createWatch(deps: {
  upstream: Upstream;
  progress: Progress;
  pace: Pace;
  clock: Clock;
  random: Random;
  log: Log;
}): Watch {
  const { upstream, progress, pace, clock, random, log } = deps;
  const all = new Map<string, Watched>();
  let closed = false;

  const watched = (attempt: Attempt): Watched => {
    let entry = all.get(attempt.id);
    if (!entry) {
      entry = {
        attempt,
        listeners: 0,
        lookedAt: attempt.createdAt, // nothing can have happened to a code before it was shown
        failures: 0,
        look: null,
        next: null,
        forget: null,
      };
      all.set(attempt.id, entry);
    }
    clock.clearTimeout(entry.forget);
    entry.forget = null;
    return entry;
  };

  const forgetLater = (entry: Watched): void => {
    clock.clearTimeout(entry.forget);
    entry.forget = null;
    if (entry.listeners > 0 || closed) return;
    clock.clearTimeout(entry.next);
    entry.next = null;
    entry.forget = clock.setTimeout(() => {
      if (entry.look) forgetLater(entry);
      else all.delete(entry.attempt.id);
    }, FORGET_AFTER);
  };

  /** One look, shared by all who ask meanwhile. Never rejects. */
  const look = (entry: Watched): Promise<void> => {
    entry.look ??= (async () => {
      try {
        const delay = pace.take();
        if (delay > 0) await new Promise<void>((resolve) => clock.setTimeout(resolve, delay));
        const report = await upstream.lookAt(entry.attempt.qrcodeId);
        entry.failures = 0;
        await progress.report(entry.attempt, report);
      } catch (error) {
        entry.failures++;
        noteFailure(entry, error);
      } finally {
        entry.lookedAt = clock.now();
        entry.look = null;
      }
    })();
    return entry.look;
  };

  const noteFailure = (entry: Watched, error: unknown): void => {
    const fault = error instanceof UpstreamFault ? error : null;
    if (fault?.throttled) pace.throttled(fault.retryAfter);
    log.warn('authing.status_failed', {
      attempt: shortId(entry.attempt.id),
      failures: entry.failures,
      cause: fault ? fault.message : error instanceof Error ? error.name : 'unknown',
    });
  };

  const scheduleTick = (entry: Watched, ms: number): void => {
    clock.clearTimeout(entry.next);
    entry.next = entry.listeners === 0 || closed ? null : clock.setTimeout(() => void tick(entry), ms);
  };

  const delayBefore = (entry: Watched, status: Status): number => {
    if (status === 'authorized') return WHILE_HELD;
    const usual = status === 'scanned' ? INTERVAL.scanned : INTERVAL.pending;
    const now = clock.now();
    const backOff = Math.min(SLOWEST, usual * 2 ** entry.failures);
    const wait = entry.failures > 0 ? random.between(backOff / 2, backOff) : usual;
    const untilNextLook = Math.max(0, entry.lookedAt + wait - now);
    // The end is a tick of its own: that is when the code expires without anybody saying so.
    const untilEnd = lookedAtUntil(entry.attempt) - now;
    return untilEnd > 0 ? Math.min(untilNextLook, untilEnd) : Math.max(untilNextLook, usual);
  };

  const tick = async (entry: Watched): Promise<void> => {
    try {
      let state = await progress.current(entry.attempt);
      if (needsLook(state)) {
        await look(entry);
        state = await progress.current(entry.attempt);
      }
      if (!isFinal(state.status)) scheduleTick(entry, delayBefore(entry, state.status));
    } catch (error) {
      noteFailure(entry, error);
      scheduleTick(entry, SLOWEST); // the store cannot be read: go on, slowly
    }
  };

  const needsLook = (state: AttemptState): boolean => !isFinal(state.status) && state.status !== 'authorized';

  return {
    async fresh(attempt) {
      const state = await progress.current(attempt);
      if (!needsLook(state) || closed) return state;
      const entry = watched(attempt);
      try {
        if (clock.now() - entry.lookedAt <= FRESH) return state;
        await within(clock, WAIT_FOR_LOOK, look(entry));
        return await progress.current(attempt);
      } finally {
        forgetLater(entry);
      }
    },
    listen(attempt) {
      const entry = watched(attempt);
      entry.listeners++;
      if (entry.listeners === 1) scheduleTick(entry, delayBefore(entry, 'pending'));
      let released = false;
      return () => {
        if (released) return;
        released = true;
        entry.listeners--;
        forgetLater(entry);
      };
    },
    close() {
      closed = true;
      for (const entry of all.values()) {
        clock.clearTimeout(entry.next);
        clock.clearTimeout(entry.forget);
      }
      all.clear();
    },
  };
}

/** Waits for `work` and at most `ms`; the work goes on. */
async function within(clock: Clock, ms: number, work: Promise<void>): Promise<void> {
  let timer: unknown;
  const limit = new Promise<void>((resolve) => {
    timer = clock.setTimeout(resolve, ms);
  });
  await Promise.race([work, limit]);
  clock.clearTimeout(timer);
}
