/** Time as the flow sees it. Monotonic: a wall clock that is set while a code is shown must not end or stretch it. */
export interface Clock {
  /** Milliseconds from any fixed start, never going back. */
  now(): number;
  setTimeout(run: () => void, ms: number): unknown;
  clearTimeout(handle: unknown): void;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  setTimeout: (run, ms) => globalThis.setTimeout(run, ms),
  clearTimeout: (handle) => globalThis.clearTimeout(handle as number),
};

/** How far the wall clock is ahead of the monotonic one, ms: it jumps when the machine has slept, or its clock was set. */
export const wallAhead = (): number => Date.now() - performance.now();
