import { isFinal, type Status } from '@wechat-follow-login/protocol';
import { pause, withDeadline } from '../deadline.ts';
import { shortId } from '../log.ts';
import type { Metrics } from '../metrics.ts';
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
  /**
   * Authing was told of a scan: looks now, and again shortly until there is something to see. Answers what came of it, after
   * some six seconds at the latest if Authing answers; never rejects.
   */
  poke(attempt: Attempt): Promise<Poked>;
  /** Stops everything; waits at most 10 s for looks that are under way. */
  close(): Promise<void>;
}

/** `unknown`: Authing did not answer, or somebody else looks now. */
export type Poked = 'seen' | 'nothing' | 'unknown';

const FRESH = 2_000;
const WAIT_FOR_LOOK = 1_000;
/** Milliseconds between looks; after a scan the login is a matter of moments. */
const INTERVAL = { pending: 2_000, scanned: 1_000, told: 10_000 };
/** Milliseconds before each look after a poke: Authing takes a moment to digest what was forwarded. */
const POKED = [0, 100, 200, 400, 800, 1_500, 3_000];
const SLOWEST = 10_000;
/** How often an attempt past its end (its result held, or an exchange under way) is asked whether it is over now. */
const PAST_THE_END = 5_000;
const FINISH_LOOKS = 10_000;
/** How long it is remembered when an attempt was last looked at, so that many short calls do not make many looks. */
const FORGET_AFTER = 10_000;

interface Watched {
  attempt: Attempt;
  listeners: number;
  /** Plain looks that are waiting for a report right now. */
  waiting: number;
  pokes: number;
  /** Authing was told of a scan: the login is a matter of moments, whatever the status says. */
  isForwarded: boolean;
  /** Monotonic. */
  lookedAt: number;
  failures: number;
  look: Promise<void> | null;
  next: unknown;
  end: unknown;
  forget: unknown;
}

export function createWatch(deps: {
  upstream: Upstream;
  progress: Progress;
  pace: Pace;
  /** WeChat's pushes tell of scans: then looking is for those that get lost. */
  isTold: boolean;
  clock: Clock;
  random: Random;
  log: Log;
  metrics: Metrics;
}): Watch {
  const { upstream, progress, pace, isTold, clock, random, log, metrics } = deps;
  const all = new Map<string, Watched>();
  let closed = false;

  const watched = (attempt: Attempt): Watched => {
    let entry = all.get(attempt.id);
    if (!entry) {
      entry = {
        attempt,
        listeners: 0,
        waiting: 0,
        pokes: 0,
        isForwarded: false,
        // Nothing can have happened to a code before it was shown.
        lookedAt: clock.monotonic() - Math.max(0, clock.now() - attempt.createdAt),
        failures: 0,
        look: null,
        next: null,
        end: null,
        forget: null,
      };
      all.set(attempt.id, entry);
    }
    clock.clearTimeout(entry.forget);
    entry.forget = null;
    return entry;
  };

  const stop = (entry: Watched): void => {
    for (const timer of [entry.next, entry.end, entry.forget]) clock.clearTimeout(timer);
    entry.next = entry.end = entry.forget = null;
  };

  const forgetLater = (entry: Watched): void => {
    if (entry.listeners > 0 || closed) return;
    stop(entry);
    entry.forget = clock.setTimeout(() => {
      if (entry.look) forgetLater(entry);
      else all.delete(entry.attempt.id);
    }, FORGET_AFTER);
  };

  /** One look, shared by all who ask meanwhile. Never rejects. */
  const look = (entry: Watched): Promise<void> => {
    const isWanted = (): boolean => !closed && (entry.listeners > 0 || entry.waiting > 0);
    entry.look ??= (async () => {
      let askedAt = clock.monotonic();
      try {
        if (!(await pace.enter(isWanted))) return;
        askedAt = clock.monotonic();
        await progress.whileUnderWay(entry.attempt, async () => {
          // It may have been cancelled, or have ended, while it waited for its turn.
          if (!needsLook(await progress.current(entry.attempt))) return;
          await progress.report(entry.attempt, await upstream.lookAt(entry.attempt.qrcodeId));
        });
        entry.failures = 0;
        metrics.count('looks', 'answered');
      } catch (error) {
        entry.failures++;
        metrics.count('looks', error instanceof UpstreamFault && error.throttled ? 'throttled' : 'failed');
        noteFailure(entry, error, askedAt);
      } finally {
        entry.lookedAt = clock.monotonic();
        entry.look = null;
      }
    })();
    return entry.look;
  };

  const noteFailure = (entry: Watched, error: unknown, askedAt: number): void => {
    const fault = error instanceof UpstreamFault ? error : null;
    if (fault?.throttled) pace.throttled(fault.retryAfter, askedAt);
    log.warn('authing.status_failed', {
      attempt: shortId(entry.attempt.id),
      failures: entry.failures,
      cause: fault ? fault.message : error instanceof Error ? error.name : 'unknown',
    });
  };

  const isWatched = (entry: Watched): boolean => entry.listeners > 0 && !closed;

  const scheduleLook = (entry: Watched, status: Status): void => {
    clock.clearTimeout(entry.next);
    entry.next = isWatched(entry) ? clock.setTimeout(() => void lookAgain(entry), delayBefore(entry, status)) : null;
  };

  const delayBefore = (entry: Watched, status: Status): number => {
    // A code whose ticket is not known can be matched with no push.
    const idle = isTold && entry.attempt.ticket !== null ? INTERVAL.told : INTERVAL.pending;
    const usual = status === 'scanned' || entry.isForwarded ? INTERVAL.scanned : idle;
    const backOff = Math.min(SLOWEST, usual * 2 ** entry.failures);
    const wait = entry.failures > 0 ? random.between(backOff / 2, backOff) : usual;
    return Math.max(0, entry.lookedAt + wait - clock.monotonic());
  };

  const lookAgain = async (entry: Watched): Promise<void> => {
    await look(entry);
    const state = await progress.current(entry.attempt).catch(() => null);
    if (!state) entry.failures++; // the store cannot be read: go on, slowly
    if (!state || needsLook(state)) scheduleLook(entry, state?.status ?? 'pending');
  };

  /** Nobody says when a code or a held result has run out: asking for the state then is what ends it. */
  const scheduleEnd = (entry: Watched, ms: number): void => {
    clock.clearTimeout(entry.end);
    entry.end = isWatched(entry) ? clock.setTimeout(() => void checkEnd(entry), Math.max(0, ms)) : null;
  };

  const checkEnd = async (entry: Watched): Promise<void> => {
    const state = await progress.current(entry.attempt).catch(() => null);
    if (!state || !isFinal(state.status)) scheduleEnd(entry, PAST_THE_END);
  };

  const lookUntilSeen = async (entry: Watched): Promise<Poked> => {
    const mine = ++entry.pokes;
    entry.isForwarded = true;
    entry.waiting++;
    try {
      for (const delay of POKED) {
        await pause(clock, delay);
        if (closed || mine !== entry.pokes) return 'unknown';
        await entry.look; // one that is under way may have been answered before the push was digested
        await look(entry);
        if (!needsLook(await progress.current(entry.attempt))) return 'seen';
      }
      scheduleLook(entry, 'scanned');
      return entry.failures > 0 ? 'unknown' : 'nothing';
    } catch (error) {
      noteFailure(entry, error, clock.monotonic());
      return 'unknown';
    } finally {
      entry.waiting--;
      forgetLater(entry);
    }
  };

  const needsLook = (state: AttemptState): boolean => !isFinal(state.status) && state.status !== 'authorized';

  return {
    async fresh(attempt) {
      const state = await progress.current(attempt);
      if (!needsLook(state) || closed) return state;
      const entry = watched(attempt);
      entry.waiting++;
      try {
        if (clock.monotonic() - entry.lookedAt <= FRESH) return state;
        await withDeadline(clock, WAIT_FOR_LOOK, look(entry), nothing);
        return await progress.current(attempt);
      } finally {
        entry.waiting--;
        forgetLater(entry);
      }
    },
    listen(attempt) {
      const entry = watched(attempt);
      entry.listeners++;
      if (entry.listeners === 1) {
        scheduleLook(entry, 'pending');
        scheduleEnd(entry, lookedAtUntil(attempt) - clock.now());
      }
      let released = false;
      return () => {
        if (released) return;
        released = true;
        entry.listeners--;
        forgetLater(entry);
      };
    },
    poke(attempt) {
      return closed ? Promise.resolve('unknown') : lookUntilSeen(watched(attempt));
    },
    async close() {
      closed = true;
      const looks = [...all.values()].map((entry) => entry.look);
      for (const entry of all.values()) stop(entry);
      all.clear();
      // A login ticket that was handed in is spent: its answer must not be thrown away.
      await withDeadline(clock, FINISH_LOOKS, Promise.all(looks), nothing);
    },
  };
}

const nothing = (): void => {};
