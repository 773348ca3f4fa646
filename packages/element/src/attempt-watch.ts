import {
  type Attempt,
  type ClaimResult,
  isFinal,
  MAX_WAIT_SECONDS,
  RANK,
  type Snapshot,
} from '@wechat-follow-login/protocol';
import type { Clock } from './clock.ts';
import { LoginError } from './errors.ts';
import { HELD_BACK, type LoginApi } from './login-api.ts';
import type { Presence } from './presence.ts';
import type { Random } from './random.ts';
import { childOf, sleep } from './waiting.ts';

/** All in ms. */
const LOOK_EVERY = 3_000;
const LOOK_EVERY_WHEN_AWAY = 10_000;
const LONG_POLL_SECONDS = Math.min(20, MAX_WAIT_SECONDS);
const RETRY_WITHIN = 3_000;
const RETRY_AT_LEAST = 1_000;
const RETRY_AT_MOST = 10_000;
/** The companion looks 15 s longer than the code is shown; after a little more there is no answer to wait for. */
const GRACE = 20_000;
/** How long the companion holds a result that nobody has claimed. */
const HELD_FOR = 180_000;

const { authorized: AUTHORIZED, claimed: FINAL } = RANK;

/** What all attempts of a flow have in common. */
export interface WatchContext {
  api: LoginApi;
  clock: Clock;
  random: Random;
  presence: Presence;
  takeSeat: (signal: AbortSignal) => Promise<boolean>;
  /** Set once a stream was held back: every later one would be too. */
  noStreams: boolean;
}

export interface WatchListener {
  onSnapshot(watch: AttemptWatch, snapshot: Snapshot): void;
  /** The last call of this attempt, unless `onEnd` is. */
  onResult(watch: AttemptWatch, result: ClaimResult): void;
  onEnd(watch: AttemptWatch, why: LoginError): void;
}

/** One attempt from its code to its result or its end: watches by whatever way the network leaves open, and claims. */
export class AttemptWatch {
  readonly attempt: Attempt;
  /** When the code came and when it ends, ms on the flow's clock. */
  readonly since: number;
  readonly until: number;
  /** Rank of the last status seen. */
  seq: number;
  alive = true;
  scanTold = false;

  readonly #verifier: string;
  readonly #context: WatchContext;
  readonly #listener: WatchListener;
  #life = new AbortController();
  #leg = new AbortController();
  #retired = false;
  #crowded = false;
  #claiming = false;
  #setbacks = 0;
  #retryWithin = RETRY_WITHIN;

  constructor(attempt: Attempt, verifier: string, context: WatchContext, listener: WatchListener) {
    this.attempt = attempt;
    this.since = context.clock.now();
    this.until = this.since + attempt.expiresIn * 1000;
    this.seq = attempt.snapshot.seq;
    this.#verifier = verifier;
    this.#context = context;
    this.#listener = listener;
  }

  /** Begins, or goes on after `signal` of the last time was aborted. */
  watch(signal: AbortSignal, again = false): void {
    this.#life = childOf(signal);
    this.#claiming = false;
    if (this.seq >= AUTHORIZED) void this.#claim(this.#life.signal);
    void this.#keepLooking(this.#life.signal, again);
    void this.#giveUpInTheEnd(this.#life.signal);
  }

  /** Its code is no longer on screen, but somebody may be following on account of it. */
  retire(): void {
    this.#retired = true;
    this.#leg.abort();
  }

  async #keepLooking(life: AbortSignal, again: boolean): Promise<void> {
    while (!life.aborted && this.seq < FINAL) {
      // Somebody coming or going ends the leg too: from then on it looks the other way.
      const leg = (this.#leg = childOf(life, this.#context.presence.change));
      try {
        if (again && !this.#context.presence.away && !this.#retired) await this.#try(() => this.#look(leg.signal), leg);
        for (;;) await this.#try(() => this.#turn(leg.signal), leg);
      } catch {
        again = true; // the leg was aborted: woken up, or over
      }
    }
  }

  /** One turn. A setback makes it wait; only an aborted leg makes it throw. */
  async #try(turn: () => Promise<unknown>, leg: AbortController): Promise<void> {
    try {
      await turn();
      this.#setbacks = 0;
    } catch (error) {
      if (leg.signal.aborted) throw error;
      await sleep(this.#context.clock, this.#setback(error as LoginError), leg.signal);
    }
  }

  /** Looks in the way that is left open; a seat is given back in the end. */
  async #turn(leg: AbortSignal): Promise<void> {
    const turn = childOf(leg);
    try {
      await this.#wayOfLooking(turn.signal);
    } finally {
      turn.abort();
    }
  }

  async #wayOfLooking(leg: AbortSignal): Promise<void> {
    const { api, clock, presence, noStreams, takeSeat } = this.#context;
    if (presence.away || this.#retired || this.#crowded || !(await takeSeat(leg))) {
      await sleep(clock, presence.away ? LOOK_EVERY_WHEN_AWAY : LOOK_EVERY, leg);
      return this.#look(leg);
    }
    const asked = clock.now();
    const before = this.seq;
    if (noStreams) {
      await this.#look(leg, { wait: LONG_POLL_SECONDS, after: before });
      // A companion, or a cache, that answers without news and without waiting must not be asked in a circle.
      if (this.seq === before && clock.now() - asked < 1000) await sleep(clock, LOOK_EVERY, leg);
      return;
    }
    await api.stream(this.attempt, leg, {
      onSnapshot: (snapshot) => {
        this.#setbacks = 0;
        this.#take(snapshot);
      },
      onRetry: (ms) => (this.#retryWithin = Math.max(RETRY_AT_LEAST, ms)),
    });
    throw new LoginError('network', 'The stream ended', { retryable: true });
  }

  async #look(leg: AbortSignal, poll?: { wait: number; after: number }): Promise<void> {
    const snapshot = await this.#context.api.look(this.attempt, leg, poll);
    if (snapshot && !leg.aborted) this.#take(snapshot);
  }

  /** Milliseconds until the next turn: at random within `retry`, then doubling, so that a crowd does not come as one. */
  #setback(error: LoginError): number {
    if (error.code === HELD_BACK) {
      this.#context.noStreams = true;
      return 0;
    }
    if (error.code === 'too_many_streams') {
      this.#crowded = true;
      return 0;
    }
    if (error.status >= 400 && error.status < 500 && error.status !== 429) {
      this.#end(error);
    }
    const within = Math.min(RETRY_AT_MOST, this.#retryWithin * 2 ** this.#setbacks++);
    return Math.max(error.retryAfter, this.#context.random() * within);
  }

  #take(snapshot: Snapshot): void {
    if (snapshot.seq <= this.seq || this.#life.signal.aborted) return;
    this.seq = snapshot.seq;
    this.#listener.onSnapshot(this, snapshot);
    const { status, error } = snapshot;
    if (status === 'authorized' || status === 'claimed') {
      void this.#claim(this.#life.signal);
      if (status === 'claimed') this.#leg.abort(); // nothing more to be seen
    } else if (status === 'expired') this.#end(expired());
    else if (status === 'cancelled') this.#end(new LoginError('attempt_cancelled', 'The attempt was cancelled'));
    else if (isFinal(status)) {
      const code = error?.code ?? 'login_failed';
      this.#end(new LoginError(code, `The attempt failed: ${code}`, { retryable: error?.retryable ?? true }));
    }
  }

  /** The same verifier is given the same answer, so a claim whose answer got lost is simply made again. */
  async #claim(life: AbortSignal): Promise<void> {
    if (this.#claiming || life.aborted) return;
    this.#claiming = true;
    const { api, clock, random } = this.#context;
    const giveUpAt = clock.now() + HELD_FOR;
    for (let within = 1000; ; within = Math.min(within * 2, RETRY_AT_MOST)) {
      try {
        const result = await api.claim(this.attempt, this.#verifier, life);
        if (life.aborted) return;
        this.#close();
        return this.#listener.onResult(this, result);
      } catch (cause) {
        if (life.aborted) return;
        const error = cause as LoginError;
        if (!mayClaimAgain(error) || clock.now() >= giveUpAt) return this.#end(error);
        const wait = error.status === 409 ? LOOK_EVERY : within * (0.5 + random() / 2);
        await sleep(clock, Math.max(error.retryAfter, wait), life).catch(() => {});
        if (life.aborted) return;
      }
    }
  }

  /** When no companion says that the attempt is over, the clock does. */
  async #giveUpInTheEnd(life: AbortSignal): Promise<void> {
    const { clock } = this.#context;
    await sleep(clock, this.until + GRACE - clock.now(), life).catch(() => {});
    if (life.aborted || this.#claiming) return;
    this.#end(expired());
  }

  #end(why: LoginError): void {
    if (this.#life.signal.aborted) return;
    this.#close();
    this.#listener.onEnd(this, why);
  }

  #close(): void {
    this.alive = false;
    this.#life.abort();
  }
}

const expired = () => new LoginError('attempt_expired', 'The code is over', { retryable: true });

/**
 * 409 means not yet (`not_authorized`) or that the watch is about to say more (`step_required` has its address there);
 * these three 5xx are the companion's last word on the attempt.
 */
function mayClaimAgain({ code, status }: LoginError): boolean {
  if (/^(exchange_failed|login_failed|upstream_rejected)$/.test(code)) return false;
  return status === 0 || status === 409 || status === 429 || status >= 500;
}
