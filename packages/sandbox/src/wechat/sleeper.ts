import type { SandboxClock } from '../clock.ts';

export interface Sleep {
  over: Promise<void>;
  wake(): void;
}

/** Waits that end early when they are woken, one by one or all at once; none leaves a timer behind. */
export interface Sleeper {
  sleep(ms: number): Sleep;
  wakeAll(): void;
}

export function createSleeper(clock: SandboxClock): Sleeper {
  const asleep = new Set<() => void>();
  return {
    sleep: (ms) => {
      let wake = () => {};
      const over = new Promise<void>((resolve) => {
        const handle = clock.setTimeout(() => wake(), ms);
        wake = () => {
          clock.clearTimeout(handle);
          asleep.delete(wake);
          resolve();
        };
      });
      asleep.add(wake);
      return { over, wake };
    },
    wakeAll: () => {
      for (const wake of asleep) wake();
    },
  };
}
