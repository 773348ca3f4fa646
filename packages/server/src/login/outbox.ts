import { isFinal, isRecord } from '@wechat-follow-login/protocol';
import { CompanionError } from '../errors.ts';
import { shortId } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import type { Clock, ForwardOutcome, Forwarder, Job, Log, Random, Store } from '../ports.ts';
import type { KeyRing } from '../seal.ts';
import { lookedAtUntil, openAttempt, overAt, sealAttempt, shownUntil, type Attempt } from './attempt.ts';
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
  /**
   * Keeps a parcel, one for each round of an attempt, one for each push of no attempt, and knows it for at least `remembered`
   * ms. Rejects when it cannot be kept.
   */
  keep(
    item: { attempt: Attempt; round: number } | { pushId: string },
    parcel: string,
    remembered: number,
  ): Promise<void>;
  /** The round a new scan of this attempt belongs to: the next one once Authing has made nothing of what it was told. */
  round(attempt: Attempt): Promise<number>;
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
/** Jobs not done yet, in each lane. What of other people's scans comes on top is given up, of ours left unanswered. */
const MAX_OPEN = { ours: 50_000, others: 10_000 };
/** So often at most the same code is forwarded anew because its person scans again. */
const ROUNDS = 3;
const RETRY = { first: 400, slowest: 4_000 };

interface Parcel {
  parcel: string;
  /** Sealed, or null. */
  attempt: string | null;
  /** Unix milliseconds. */
  until: number;
}

interface Lane {
  max: number;
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
    ours: createLane('outbox:ours', AT_ONCE.ours, MAX_OPEN.ours),
    others: createLane('outbox:others', AT_ONCE.others, MAX_OPEN.others),
  };
  let closed = false;

  function createLane(queue: string, atOnce: number, max: number): Lane {
    const lane: Lane = {
      max,
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
    const attempt = item.attempt === null ? null : openAttempt(keys, item.attempt, 'attempt');
    if (attempt && (await isNotWanted(lane, job, item, attempt))) return;
    if (!(await lane.pace.enter(() => !closed))) return;
    // Once more: it may have been cancelled while it waited for its turn, and after a "no" nothing may be forwarded.
    if (attempt && (await isNotWanted(lane, job, item, attempt))) return;
    const outcome = await forwarder.forward(item.parcel);
    metrics.count('forwards', outcome.outcome);
    await settle(lane, job, item, attempt, outcome);
  }

  /** Ends the job of an attempt that is over. */
  const isNotWanted = async (lane: Lane, job: Job, item: Parcel, attempt: Attempt): Promise<boolean> => {
    const { status } = await progress.current(attempt);
    if (!isFinal(status) && status !== 'authorized') return false;
    if (isFinal(status) && status !== 'claimed' && status !== 'cancelled') {
      await giveUp(lane, job, item, attempt, `the attempt is ${status}`);
      return true;
    }
    log.info('forward.dropped', { attempt: shortId(attempt.id), status });
    await store.finish(lane.queue, job.id);
    return true;
  };

  const settle = async (
    lane: Lane,
    job: Job,
    item: Parcel,
    attempt: Attempt | null,
    outcome: ForwardOutcome,
  ): Promise<void> => {
    const fields = { attempt: attempt ? shortId(attempt.id) : null, tries: job.tries };
    // After a try without an answer, a "no" most likely means that the first one had arrived.
    if (outcome.outcome === 'done' || (outcome.outcome === 'refused' && job.tries > 1)) {
      log.info('forward.done', fields);
      await store.finish(lane.queue, job.id);
      if (attempt) later(afterDone(attempt, Number(job.id.split(':').at(-1))));
      return;
    }
    log.warn('forward.failed', { ...fields, cause: outcome.cause });
    if (outcome.outcome === 'refused') {
      if (!attempt) return giveUp(lane, job, item, attempt, outcome.cause);
      await store.finish(lane.queue, job.id);
      return later(afterRefusal(lane, job, item, attempt, outcome));
    }
    // It may have arrived all the same. Once is enough: Authing is in trouble, and the page looks too.
    if (attempt && job.tries === 1) void watch.poke(attempt);
    const backOff = Math.min(RETRY.slowest, RETRY.first * 2 ** (job.tries - 1));
    const delay = Math.round(random.between(backOff / 2, backOff));
    if (clock.now() + delay >= item.until) {
      if (attempt) await progress.fail(attempt, { code: 'upstream_unavailable', retryable: true });
      return giveUp(lane, job, item, attempt, outcome.cause);
    }
    await store.postpone(lane.queue, job.id, delay);
    lane.worker.runLater(delay);
  };

  /** What nobody waits for. */
  const later = (work: Promise<void>): void => {
    work.catch((error: unknown) => {
      log.error('store.unavailable', { cause: error instanceof Error ? error.name : 'unknown' });
    });
  };

  /** Authing has it and makes nothing of it: then who scans again is not told to wait for this one. */
  const afterDone = async (attempt: Attempt, round: number): Promise<void> => {
    if ((await watch.poke(attempt)) === 'seen' || closed) return;
    await store.hold(roundKey(attempt), String(round + 1), ttlOf(attempt));
  };

  /** Authing's status is the truth, whatever it answered: what its "no" looks like when the person is logged in is not known. */
  const afterRefusal = async (
    lane: Lane,
    job: Job,
    item: Parcel,
    attempt: Attempt,
    { cause, needsStep }: ForwardOutcome & { outcome: 'refused' },
  ): Promise<void> => {
    const poked = await watch.poke(attempt);
    if (poked === 'seen') return;
    if (poked === 'nothing') {
      if (needsStep) await progress.report(attempt, { status: 'step_required' });
      else await progress.fail(attempt, { code: 'upstream_rejected', retryable: false });
    }
    await giveUp(lane, job, item, attempt, cause);
  };

  const giveUp = async (lane: Lane, job: Job, item: Parcel, attempt: Attempt | null, cause: string): Promise<void> => {
    await bury(item.parcel, attempt, cause, job.tries);
    await store.finish(lane.queue, job.id);
  };

  const bury = async (parcel: string, of: Attempt | null, cause: string, tries: number): Promise<void> => {
    const attempt = of ? shortId(of.id) : null;
    const grave: Unforwarded = { at: clock.now(), cause, attempt, parcel };
    await store.append(GRAVES, keys.seal('outbox', JSON.stringify(grave)), MAX_GRAVES, GRAVE_TTL);
    log.error('forward.given_up', { attempt, tries, cause });
  };

  const roundKey = (attempt: Attempt): string => `rounds:${attempt.id}`;
  const ttlOf = (attempt: Attempt): number => Math.max(overAt(attempt) - clock.now(), 1);

  const open = (sealed: string): Parcel | null => {
    const text = keys.open('outbox', sealed);
    return text === null ? null : (JSON.parse(text) as Parcel);
  };

  return {
    async keep(item, parcel, remembered) {
      const attempt = 'attempt' in item ? item.attempt : null;
      const until = attempt ? triedUntil(attempt, clock.now()) : clock.now() + FOREIGN_TRIED;
      const value: Parcel = { parcel, attempt: attempt && sealAttempt(keys, attempt, 'attempt'), until };
      const id = 'attempt' in item ? `attempt:${item.attempt.id}:${item.round}` : `push:${item.pushId}`;
      // Remembered for long after its last try: a delivery that comes again must find it done.
      const ttl = Math.max(until - clock.now(), 0) + Math.max(KNOWN_LONGER, remembered);
      const { queue, max } = attempt ? lanes.ours : lanes.others;
      const answer = await store.enqueue(queue, { id, value: keys.seal('outbox', JSON.stringify(value)) }, ttl, max);
      if (answer !== 'full') return;
      const cause = `${max} pushes wait already`;
      if (attempt) throw new CompanionError('upstream_unavailable', cause);
      // Unanswered, it would come twice more and show its person that the account is broken.
      await bury(parcel, null, cause, 0);
    },
    async round(attempt) {
      return Math.min(Number((await store.peek(roundKey(attempt))) ?? 0), ROUNDS - 1);
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
