import type { Clock } from '../src/ports.ts';

interface Timer {
  at: number;
  run: () => void;
}

/** A clock that stands still until it is moved. `advance` runs what falls due, in order, with promises settled between. */
export class FakeClock implements Clock {
  #now: number;
  #started: number;
  readonly #timers = new Set<Timer>();

  constructor(now: number = Date.UTC(2026, 10, 22)) {
    this.#now = now;
    this.#started = now;
  }
  readonly monotonic = (): number => this.#now - this.#started;
  /** Sets the wall clock alone, as an administrator or NTP does. */
  stepWall(ms: number): void {
    this.#now += ms;
    this.#started += ms;
    for (const timer of this.#timers) timer.at += ms;
  }
  /** Bound, since a clock's functions are handed on one by one. */
  readonly now = (): number => this.#now;
  setTimeout(run: () => void, ms: number): Timer {
    const timer = { at: this.#now + Math.max(0, ms), run };
    this.#timers.add(timer);
    return timer;
  }
  clearTimeout(timer: unknown): void {
    this.#timers.delete(timer as Timer);
  }
  /** How many timers wait. */
  get pending(): number {
    return this.#timers.size;
  }
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    await settle();
    for (;;) {
      const next = [...this.#timers].filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.#timers.delete(next);
      this.#now = Math.max(this.#now, next.at);
      next.run();
      await settle();
    }
    this.#now = end;
    await settle();
  }
}

/**
 * Web crypto works on other threads and takes real time, so turns of the event loop alone would not do: its operations are
 * counted, and settled means that none is under way.
 */
let cryptoUnderWay = 0;
const subtle = Object.getPrototypeOf(globalThis.crypto.subtle) as Record<
  string,
  (...args: unknown[]) => Promise<unknown>
>;
for (const name of ['importKey', 'sign', 'verify', 'digest', 'generateKey', 'exportKey', 'encrypt', 'decrypt']) {
  const original = subtle[name]!;
  subtle[name] = function counted(...args) {
    cryptoUnderWay++;
    return original.apply(this, args).finally(() => cryptoUnderWay--);
  };
}

/** Lets everything that is ready to go on go on, until nothing is. */
export async function settle(): Promise<void> {
  for (let quiet = 0; quiet < 8;) {
    await new Promise<void>((resolve) => setImmediate(resolve));
    quiet = cryptoUnderWay === 0 ? quiet + 1 : 0;
  }
}
