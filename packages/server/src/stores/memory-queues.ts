import { CompanionError } from '../errors.ts';
import type { Clock, Store } from '../ports.ts';

interface Entry {
  /** Null once the job is done: only its id is still known. */
  value: string | null;
  dueAt: number;
  expiresAt: number;
  tries: number;
}

type QueueVerbs = Pick<Store, 'enqueue' | 'lease' | 'postpone' | 'finish'>;

/** The work queues of one process. What has expired vanishes when its queue is used. */
export function createMemoryQueues(clock: Clock, maxJobs: number): { verbs: QueueVerbs; clear(): void } {
  const queues = new Map<string, Map<string, Entry>>();

  const queueOf = (name: string): Map<string, Entry> => {
    const queue = queues.get(name) ?? new Map<string, Entry>();
    queues.set(name, queue);
    return queue;
  };
  const sweep = (queue: Map<string, Entry>): void => {
    for (const [id, entry] of queue) if (entry.expiresAt <= clock.monotonic()) queue.delete(id);
  };

  return {
    verbs: {
      async enqueue(name, { id, value }, ttl) {
        const queue = queueOf(name);
        const known = queue.get(id);
        if (known && known.expiresAt > clock.monotonic()) return false;
        if (queue.size >= maxJobs) sweep(queue);
        if (queue.size >= maxJobs) {
          throw new CompanionError('upstream_unavailable', `the memory queue is full (${maxJobs} jobs)`, {
            retryAfter: 10,
          });
        }
        queue.set(id, { value, dueAt: clock.monotonic(), expiresAt: clock.monotonic() + ttl, tries: 0 });
        return true;
      },
      async lease(name, limit, lease) {
        const queue = queueOf(name);
        sweep(queue);
        const now = clock.monotonic();
        const due = [...queue].filter(([, entry]) => entry.value !== null && entry.dueAt <= now);
        due.sort(([, a], [, b]) => a.dueAt - b.dueAt);
        return due.slice(0, limit).map(([id, entry]) => {
          entry.dueAt = now + lease;
          entry.tries++;
          return { id, value: entry.value ?? '', tries: entry.tries };
        });
      },
      async postpone(name, id, delay) {
        const entry = queueOf(name).get(id);
        if (entry) entry.dueAt = clock.monotonic() + delay;
      },
      async finish(name, id) {
        const entry = queueOf(name).get(id);
        if (entry) entry.value = null;
      },
    },
    clear: () => queues.clear(),
  };
}
