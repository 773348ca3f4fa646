import type { Clock } from '../../src/clock.ts';

interface Timer {
  at: number;
  run: () => void;
}

/** Digests are made on another thread: what waits for one must be waited for, however busy the machine is. */
let digesting = 0;
const digest = crypto.subtle.digest.bind(crypto.subtle);
crypto.subtle.digest = async (...args) => {
  digesting++;
  try {
    return await digest(...args);
  } finally {
    digesting--;
  }
};

/** Lets everything run that is not waiting for the clock. */
export async function settle(): Promise<void> {
  for (let quiet = 0; quiet < 12; quiet = digesting ? 0 : quiet + 1) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Time that goes on when it is told to. */
export class FakeClock implements Clock {
  #now = 1000;
  #timers = new Map<number, Timer>();
  #next = 1;

  now(): number {
    return this.#now;
  }

  setTimeout(run: () => void, ms: number): unknown {
    this.#timers.set(this.#next, { at: this.#now + ms, run });
    return this.#next++;
  }

  clearTimeout(handle: unknown): void {
    this.#timers.delete(handle as number);
  }

  get pending(): number {
    return this.#timers.size;
  }

  wait(ms: number): Promise<void> {
    return new Promise((resolve) => this.setTimeout(resolve, ms));
  }

  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    await settle();
    for (;;) {
      const due = [...this.#timers].filter(([, { at }]) => at <= end).sort(([, a], [, b]) => a.at - b.at)[0];
      if (!due) break;
      const [handle, { at, run }] = due;
      this.#now = Math.max(this.#now, at);
      this.#timers.delete(handle);
      run();
      await settle();
    }
    this.#now = end;
  }
}
