import type { Clock, Job, Log, Store } from '../ports.ts';

/** Works off a queue of the store, a bounded number of jobs at a time. */
export interface Worker {
  /** Looks for due jobs at once, without being waited for. */
  run(): void;
  /** Looks again in `ms`. */
  runLater(ms: number): void;
  /** Takes no more jobs; waits for those under way. */
  close(): Promise<void>;
}

/** Longer than one job takes; a process that died in it leaves the job to the next. */
const LEASE = 20_000;
/** How often jobs are looked for that another process left. */
const SWEEP = 10_000;
/** Clocks disagree by a millisecond: a job that is looked for too early waits for the next sweep. */
const MARGIN = 5;

export function createWorker(
  queue: string,
  atOnce: number,
  handle: (job: Job) => Promise<void>,
  { store, clock, log }: { store: Store; clock: Clock; log: Log },
): Worker {
  const atWork = new Set<Promise<void>>();
  const timers = new Set<unknown>();
  let closed = false;
  let leasing: Promise<void> | null = null;
  let again = false;

  const later = (ms: number, then: () => void): void => {
    if (closed) return;
    const timer = clock.setTimeout(() => {
      timers.delete(timer);
      then();
    }, ms);
    timers.add(timer);
  };

  const start = (job: Job): void => {
    const work = handle(job)
      .catch((error: unknown) => {
        // The store failed in between: the lease runs out and the job is found again.
        log.error('job.interrupted', { queue, cause: error instanceof Error ? error.name : 'unknown' });
      })
      .finally(() => {
        atWork.delete(work);
        run();
      });
    atWork.add(work);
  };

  const lease = async (): Promise<void> => {
    do {
      again = false;
      if (closed || atWork.size >= atOnce) return;
      for (const job of await store.lease(queue, atOnce - atWork.size, LEASE)) start(job);
    } while (again);
  };

  const run = (): void => {
    again = true;
    if (leasing || closed || atWork.size >= atOnce) return;
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

  return {
    run,
    runLater: (ms) => later(ms + MARGIN, run),
    async close() {
      closed = true;
      for (const timer of timers) clock.clearTimeout(timer);
      timers.clear();
      await leasing;
      await Promise.all(atWork);
    },
  };
}
