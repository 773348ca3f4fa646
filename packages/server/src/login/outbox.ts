import { isFinal, isRecord } from '@wechat-follow-login/protocol';
import { shortId } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import type { AttemptState, Clock, ForwardOutcome, Forwarder, Job, Log, Random, Store } from '../ports.ts';
import type { KeyRing } from '../seal.ts';
import { lookedAtUntil, openAttempt, sealAttempt, shownUntil, type Attempt } from './attempt.ts';
import { createPace } from './pace.ts';
import type { Progress } from './progress.ts';
import type { Watch } from './watch.ts';

/** A push that never reached Authing. */
export interface Unforwarded {
  /** Unix milliseconds. */
  at: number;
  cause: string;
  /** Of the attempt, shortened; null for a push of none. */
  attempt: string | null;
  /** As it would have been sent. Personal data. */
  parcel: string;
}

/** Pushes on their way to Authing: kept before WeChat is answered, forwarded until the attempt ends. */
export interface Outbox {
  /** Keeps a parcel, one for each attempt, one for each push of no attempt. Rejects when it cannot be kept. */
  keep(item: { attempt: Attempt } | { pushId: string }, parcel: string): Promise<void>;
  /** Sends what is kept; at once, without being waited for. */
  run(): void;
  /** The newest that were given up, newest first. */
  unforwarded(): Promise<Unforwarded[]>;
  close(): Promise<void>;
}

const QUEUE = 'outbox';
const GRAVES = 'unforwarded';
const MAX_GRAVES = 200;
const GRAVE_TTL = 7 * 24 * 3600_000;
/** Milliseconds a push of no attempt of ours is tried. */
const FOREIGN_TRIED = 120_000;
/** An attempt is failed by us this long before time alone would end it, so that the page learns the reason. */
const BEFORE_THE_END = 2_000;
/** A push that came in the last moment is tried for this long all the same. */
const AT_LEAST = 8_000;
const AT_ONCE = 16;
const PER_SECOND = 50;
/** Longer than one try takes; a process that died in it leaves the parcel to the next. */
const LEASE = 20_000;
/** How often parcels are looked for that another process left. */
const SWEEP = 10_000;
/** Clocks disagree by a millisecond: a parcel that is looked for too early waits for the next sweep. */
const MARGIN = 5;
const RETRY = { first: 400, slowest: 4_000 };

interface Parcel {
  parcel: string;
  /** A watchToken, or null. */
  attempt: string | null;
  /** Unix milliseconds. */
  until: number;
}

export function createOutbox(deps: {
  store: Store;
  forwarder: Forwarder;
  progress: Progress;
  watch: Pick<Watch, 'poke'>;
  keys: KeyRing;
  clock: Clock;
  random: Random;
  log: Log;
  metrics: Metrics;
}): Outbox {
  const { store, forwarder, progress, watch, keys, clock, random, log, metrics } = deps;
  const pace = createPace(clock, PER_SECOND);
  const atWork = new Set<Promise<void>>();
  const timers = new Set<unknown>();
  let closed = false;
  let leasing: Promise<void> | null = null;
  let again = false;

  const later = (ms: number, run: () => void): void => {
    if (closed) return;
    const timer = clock.setTimeout(() => {
      timers.delete(timer);
      run();
    }, ms);
    timers.add(timer);
  };

  const lease = async (): Promise<void> => {
    do {
      again = false;
      const jobs = closed ? [] : await store.lease(QUEUE, AT_ONCE - atWork.size, LEASE);
      for (const job of jobs) {
        const work = handle(job)
          .catch((error: unknown) => {
            // The store failed in between: the lease runs out and the parcel is found again.
            log.error('forward.interrupted', { cause: error instanceof Error ? error.name : 'unknown' });
          })
          .finally(() => {
            atWork.delete(work);
            run();
          });
        atWork.add(work);
      }
    } while (again);
  };

  const run = (): void => {
    again = true;
    if (leasing || closed || atWork.size >= AT_ONCE) return;
    leasing = lease()
      .catch((error: unknown) => {
        log.error('store.unavailable', { cause: error instanceof Error ? error.name : 'unknown' });
      })
      .finally(() => {
        leasing = null;
        if (again) run();
      });
  };

  const sweep = (): void => {
    run();
    later(SWEEP, sweep);
  };
  sweep();

  const handle = async (job: Job): Promise<void> => {
    const item = open(job.value);
    if (!item) {
      log.error('forward.unreadable', { cause: 'kept under a secret that COMPANION_SECRETS no longer holds' });
      return store.finish(QUEUE, job.id);
    }
    const attempt = item.attempt === null ? null : openAttempt(keys, item.attempt);
    const state = attempt && (await progress.current(attempt));
    if (state && !isStillWanted(state)) {
      if (isFinal(state.status) && state.status !== 'claimed') {
        await giveUp(job, item, attempt, `the attempt is ${state.status}`);
        return;
      }
      return store.finish(QUEUE, job.id);
    }
    if (!(await pace.enter(() => !closed))) return;
    const outcome = await forwarder.forward(item.parcel);
    metrics.count('forwards', outcome.outcome);
    await settle(job, item, attempt, outcome);
  };

  const settle = async (job: Job, item: Parcel, attempt: Attempt | null, outcome: ForwardOutcome): Promise<void> => {
    const fields = { attempt: attempt ? shortId(attempt.id) : null, tries: job.tries };
    // Authing's status is the truth, whatever it answered to this.
    if (attempt) watch.poke(attempt);
    // After a try without an answer, a "no" most likely means that the first one had arrived.
    if (outcome.outcome === 'done' || (outcome.outcome === 'refused' && job.tries > 1)) {
      log.info('forward.done', fields);
      return store.finish(QUEUE, job.id);
    }
    log.warn('forward.failed', { ...fields, cause: outcome.cause });
    if (outcome.outcome === 'refused') {
      if (attempt) await progress.fail(attempt, { code: 'upstream_rejected', retryable: false });
      return giveUp(job, item, attempt, outcome.cause);
    }
    const backOff = Math.min(RETRY.slowest, RETRY.first * 2 ** (job.tries - 1));
    const delay = Math.round(random.between(backOff / 2, backOff));
    if (clock.now() + delay >= item.until) {
      if (attempt) await progress.fail(attempt, { code: 'upstream_unavailable', retryable: true });
      return giveUp(job, item, attempt, outcome.cause);
    }
    await store.postpone(QUEUE, job.id, delay);
    later(delay + MARGIN, run);
  };

  const giveUp = async (job: Job, item: Parcel, attempt: Attempt | null, cause: string): Promise<void> => {
    const grave: Unforwarded = {
      at: clock.now(),
      cause,
      attempt: attempt ? shortId(attempt.id) : null,
      parcel: item.parcel,
    };
    await store.append(GRAVES, keys.seal('outbox', JSON.stringify(grave)), MAX_GRAVES, GRAVE_TTL);
    await store.finish(QUEUE, job.id);
    log.error('forward.given_up', { attempt: grave.attempt, tries: job.tries, cause });
  };

  const open = (sealed: string): Parcel | null => {
    const text = keys.open('outbox', sealed);
    return text === null ? null : (JSON.parse(text) as Parcel);
  };

  return {
    async keep(item, parcel) {
      const attempt = 'attempt' in item ? item.attempt : null;
      const until = attempt ? triedUntil(attempt, clock.now()) : clock.now() + FOREIGN_TRIED;
      const value: Parcel = { parcel, attempt: attempt && sealAttempt(keys, attempt), until };
      const id = 'attempt' in item ? `attempt:${item.attempt.id}` : `push:${item.pushId}`;
      // Remembered for long after its last try: a delivery that comes again must find it done.
      const ttl = Math.max(until - clock.now(), 0) + KNOWN_LONGER;
      await store.enqueue(QUEUE, { id, value: keys.seal('outbox', JSON.stringify(value)) }, ttl);
    },
    run,
    async unforwarded() {
      const sealed = await store.listed(GRAVES);
      return sealed.flatMap((entry) => {
        const text = keys.open('outbox', entry);
        const value: unknown = text === null ? null : JSON.parse(text);
        return isRecord(value) ? [value as unknown as Unforwarded] : [];
      });
    },
    async close() {
      closed = true;
      for (const timer of timers) clock.clearTimeout(timer);
      timers.clear();
      await leasing;
      await Promise.all(atWork);
    },
  };
}

const KNOWN_LONGER = 3600_000;

/** Unix milliseconds. Authing's own code runs out about when ours leaves the screen. */
function triedUntil(attempt: Attempt, now: number): number {
  const end = Math.max(shownUntil(attempt) - BEFORE_THE_END, now + AT_LEAST);
  return Math.min(end, lookedAtUntil(attempt) - BEFORE_THE_END);
}

function isStillWanted(state: AttemptState): boolean {
  return !isFinal(state.status) && state.status !== 'authorized';
}
