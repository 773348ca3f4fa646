import { isFinal, isRecord } from '@wechat-follow-login/protocol';
import { shortId } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import type { AttemptState, Clock, ForwardOutcome, Forwarder, Job, Log, Random, Store } from '../ports.ts';
import type { KeyRing } from '../seal.ts';
import { lookedAtUntil, openAttempt, sealAttempt, shownUntil, type Attempt } from './attempt.ts';
import { createPace, type Pace } from './pace.ts';
import type { Progress } from './progress.ts';
import type { Watch } from './watch.ts';
import { createWorker, type Worker } from './worker.ts';

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

const GRAVES = 'unforwarded';
const MAX_GRAVES = 200;
const GRAVE_TTL = 7 * 24 * 3600_000;
/** Milliseconds a push of no attempt of ours is tried. */
const FOREIGN_TRIED = 120_000;
/** An attempt is failed by us this long before time alone would end it, so that the page learns the reason. */
const BEFORE_THE_END = 2_000;
/** A push that came in the last moment is tried for this long all the same. */
const AT_LEAST = 8_000;
/** Two lanes, so that a flood of other people's scans keeps no login of ours waiting. */
const AT_ONCE = { ours: 16, others: 8 };
/** In each lane. */
const PER_SECOND = 50;
const RETRY = { first: 400, slowest: 4_000 };

interface Parcel {
  parcel: string;
  /** A watchToken, or null. */
  attempt: string | null;
  /** Unix milliseconds. */
  until: number;
}

interface Lane {
  queue: string;
  pace: Pace;
  worker: Worker;
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
  const lanes = {
    ours: createLane('outbox:ours', AT_ONCE.ours),
    others: createLane('outbox:others', AT_ONCE.others),
  };
  let closed = false;

  function createLane(queue: string, atOnce: number): Lane {
    const lane: Lane = {
      queue,
      pace: createPace(clock, PER_SECOND),
      worker: createWorker(queue, atOnce, (job) => handle(lane, job), deps),
    };
    return lane;
  }

  async function handle(lane: Lane, job: Job): Promise<void> {
    const item = open(job.value);
    if (!item) {
      log.error('forward.unreadable', { cause: 'kept under a secret that COMPANION_SECRETS no longer holds' });
      return store.finish(lane.queue, job.id);
    }
    const attempt = item.attempt === null ? null : openAttempt(keys, item.attempt);
    const state = attempt && (await progress.current(attempt));
    if (state && !isStillWanted(state)) {
      if (isFinal(state.status) && state.status !== 'claimed') {
        await giveUp(lane, job, item, attempt, `the attempt is ${state.status}`);
        return;
      }
      return store.finish(lane.queue, job.id);
    }
    if (!(await lane.pace.enter(() => !closed))) return;
    const outcome = await forwarder.forward(item.parcel);
    metrics.count('forwards', outcome.outcome);
    await settle(lane, job, item, attempt, outcome);
  }

  const settle = async (
    lane: Lane,
    job: Job,
    item: Parcel,
    attempt: Attempt | null,
    outcome: ForwardOutcome,
  ): Promise<void> => {
    const fields = { attempt: attempt ? shortId(attempt.id) : null, tries: job.tries };
    // Authing's status is the truth, whatever it answered to this.
    if (attempt) watch.poke(attempt);
    // After a try without an answer, a "no" most likely means that the first one had arrived.
    if (outcome.outcome === 'done' || (outcome.outcome === 'refused' && job.tries > 1)) {
      log.info('forward.done', fields);
      return store.finish(lane.queue, job.id);
    }
    log.warn('forward.failed', { ...fields, cause: outcome.cause });
    if (outcome.outcome === 'refused') {
      if (attempt) await progress.fail(attempt, { code: 'upstream_rejected', retryable: false });
      return giveUp(lane, job, item, attempt, outcome.cause);
    }
    const backOff = Math.min(RETRY.slowest, RETRY.first * 2 ** (job.tries - 1));
    const delay = Math.round(random.between(backOff / 2, backOff));
    if (clock.now() + delay >= item.until) {
      if (attempt) await progress.fail(attempt, { code: 'upstream_unavailable', retryable: true });
      return giveUp(lane, job, item, attempt, outcome.cause);
    }
    await store.postpone(lane.queue, job.id, delay);
    lane.worker.runLater(delay);
  };

  const giveUp = async (lane: Lane, job: Job, item: Parcel, attempt: Attempt | null, cause: string): Promise<void> => {
    const grave: Unforwarded = {
      at: clock.now(),
      cause,
      attempt: attempt ? shortId(attempt.id) : null,
      parcel: item.parcel,
    };
    await store.append(GRAVES, keys.seal('outbox', JSON.stringify(grave)), MAX_GRAVES, GRAVE_TTL);
    await store.finish(lane.queue, job.id);
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
      const { queue } = attempt ? lanes.ours : lanes.others;
      await store.enqueue(queue, { id, value: keys.seal('outbox', JSON.stringify(value)) }, ttl);
    },
    run() {
      lanes.ours.worker.run();
      lanes.others.worker.run();
    },
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
      await Promise.all([lanes.ours.worker.close(), lanes.others.worker.close()]);
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
