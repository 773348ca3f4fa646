import type { Clock } from './clock.ts';
import { abortOf, childOf, sleep } from './waiting.ts';

/**
 * Whether anybody is looking. Away begins a while after the page was hidden, so that a glance at another tab costs
 * nothing; every change wakes those who wait.
 */
export class Presence {
  readonly #clock: Clock;
  #awayAt = Infinity;
  #timer = new AbortController();
  #next = new AbortController();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get away(): boolean {
    return this.#clock.now() >= this.#awayAt;
  }

  /** Aborted at the next change. */
  get change(): AbortSignal {
    return this.#next.signal;
  }

  /** `signal` ends the timer, not the absence. */
  leave(graceMs: number, signal: AbortSignal): void {
    this.#awayAt = Math.min(this.#awayAt, this.#clock.now() + graceMs);
    if (this.away) this.#changed();
    else this.keepTime(signal);
  }

  /** The timer that notices the end of the grace; to be called again for each run, as it ends with its signal. */
  keepTime(signal: AbortSignal): void {
    this.#timer.abort();
    if (this.away || this.#awayAt === Infinity) return;
    this.#timer = childOf(signal);
    sleep(this.#clock, this.#awayAt - this.#clock.now(), this.#timer.signal).then(
      () => this.#changed(),
      () => {},
    );
  }

  comeBack(): void {
    this.#timer.abort();
    this.#awayAt = Infinity;
    this.#changed();
  }

  /** Resolves when somebody is looking, at once if so now. */
  async here(): Promise<void> {
    while (this.away) await abortOf(this.#next.signal);
  }

  #changed(): void {
    const change = this.#next;
    this.#next = new AbortController();
    change.abort();
  }
}
