import type { Clock, Store } from '../ports.ts';
import { DueHeap, type Due } from './due-heap.ts';

interface Open {
  value: string;
  expiresAt: number;
  tries: number;
  /** Of its one place in the heap that counts; older places are skipped when they come up. */
  order: number;
}

interface Queue {
  open: Map<string, Open>;
  due: DueHeap<Due & { id: string }>;
  /** Ids of jobs that are done, the oldest first, and until when they are known. */
  done: Map<string, number>;
}

type QueueVerbs = Pick<Store, 'enqueue' | 'lease' | 'postpone' | 'finish'>;

/** The work queues of one process. A lease costs what it brings, however many jobs wait or are done. */
export function createMemoryQueues(clock: Clock, maxDone: number): { verbs: QueueVerbs; clear(): void } {
  const queues = new Map<string, Queue>();
  let order = 0;

  const queueOf = (name: string): Queue => {
    const queue = queues.get(name) ?? { open: new Map(), due: new DueHeap(), done: new Map() };
    queues.set(name, queue);
    return queue;
  };
  const place = (queue: Queue, id: string, job: Open, dueAt: number): void => {
    job.order = ++order;
    queue.due.push({ id, dueAt, order });
  };
  const isKnown = ({ open, done }: Queue, id: string): boolean =>
    Math.max(open.get(id)?.expiresAt ?? 0, done.get(id) ?? 0) > clock.monotonic();
  /** The oldest go first: it is a repeated delivery that they are known for, and that comes soon or never. */
  const trimDone = ({ done }: Queue): void => {
    for (const [id, until] of done) {
      if (done.size <= maxDone && until > clock.monotonic()) return;
      done.delete(id);
    }
  };

  return {
    verbs: {
      async enqueue(name, { id, value }, ttl, max) {
        const queue = queueOf(name);
        if (isKnown(queue, id)) return 'known';
        if (queue.open.size >= max && !queue.open.has(id)) return 'full';
        queue.done.delete(id);
        const job: Open = { value, expiresAt: clock.monotonic() + ttl, tries: 0, order: 0 };
        queue.open.set(id, job);
        place(queue, id, job, clock.monotonic());
        return 'added';
      },
      async lease(name, limit, lease) {
        const queue = queueOf(name);
        const now = clock.monotonic();
        const jobs: Array<{ id: string; value: string; tries: number }> = [];
        while (jobs.length < limit && queue.due.first && queue.due.first.dueAt <= now) {
          const { id, order: placed } = queue.due.pop()!;
          const job = queue.open.get(id);
          if (job?.order !== placed) continue;
          if (job.expiresAt <= now) {
            queue.open.delete(id);
            continue;
          }
          job.tries++;
          place(queue, id, job, now + lease);
          jobs.push({ id, value: job.value, tries: job.tries });
        }
        return jobs;
      },
      async postpone(name, id, delay) {
        const queue = queueOf(name);
        const job = queue.open.get(id);
        if (job) place(queue, id, job, clock.monotonic() + delay);
      },
      async finish(name, id) {
        const queue = queueOf(name);
        const job = queue.open.get(id);
        if (!job) return;
        queue.open.delete(id);
        queue.done.set(id, job.expiresAt);
        trimDone(queue);
      },
    },
    clear: () => queues.clear(),
  };
}
