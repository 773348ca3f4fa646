import type { Clock } from './clock.ts';

/** A controller that ends with the first of its parents. Abort it when done, else its listeners stay on them. */
export function childOf(...parents: AbortSignal[]): AbortController {
  const child = new AbortController();
  for (const parent of parents) {
    if (parent.aborted) child.abort(parent.reason);
    else parent.addEventListener('abort', () => child.abort(parent.reason), { signal: child.signal });
  }
  return child;
}

/** Resolves after `ms`; rejects with the signal's reason when it is aborted first, and leaves no timer behind. */
export function sleep(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const giveUp = () => {
      clock.clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = clock.setTimeout(
      () => {
        signal.removeEventListener('abort', giveUp);
        resolve();
      },
      Math.max(0, ms),
    );
    signal.addEventListener('abort', giveUp, { once: true });
  });
}

/**
 * A deadline that can be put off: returns what sets it, ms from now. Aborts `target` with `reason()` unless it is set
 * anew, or `target` aborted otherwise, in time.
 */
export function alarm(clock: Clock, target: AbortController, reason: () => unknown): (ms: number) => void {
  let timer: unknown;
  const clear = () => clock.clearTimeout(timer);
  target.signal.addEventListener('abort', clear, { once: true });
  return (ms) => {
    clear();
    if (!target.signal.aborted) timer = clock.setTimeout(() => target.abort(reason()), ms);
  };
}

/** Resolves when the signal is aborted. */
export function abortOf(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
