import type { Clock } from './ports.ts';

/**
 * What `work` answers, or what `late` answers or throws when `ms` have passed before. The work goes on: stopping it is
 * `late`'s affair, and its rejection afterwards is heard here, so that it ends no process.
 */
export async function withDeadline<T, L>(clock: Clock, ms: number, work: Promise<T>, late: () => L): Promise<T | L> {
  let timer: unknown;
  const deadline = new Promise<L>((resolve, reject) => {
    timer = clock.setTimeout(() => {
      try {
        resolve(late());
      } catch (error) {
        reject(error as Error);
      }
    }, ms);
  });
  try {
    return await Promise.race([work, deadline]);
  } finally {
    clock.clearTimeout(timer);
  }
}

export function pause(clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => clock.setTimeout(resolve, ms));
}
