import type { ClaimResult, Snapshot } from '@wechat-follow-login/protocol';
import { createNanoEvents, type Unsubscribe } from 'nanoevents';
import { AttemptWatch, type WatchContext, type WatchListener } from './attempt-watch.ts';
import { systemClock } from './clock.ts';
import { deepFreeze } from './deep-freeze.ts';
import type { LoginError } from './errors.ts';
import { DEFAULT_AUTO_REFRESH, type LoginFlowOptions, requireCount, requireEndpoint } from './flow-options.ts';
import { createLoginApi } from './login-api.ts';
import { hasEnded, initialState, type LoginInput, type LoginState, reduce } from './login-state.ts';
import { mint } from './mint.ts';
import { Presence } from './presence.ts';
import { systemRandom } from './random.ts';
import { childOf, sleep } from './waiting.ts';

/** What {@link LoginFlow} tells, each with one frozen argument. */
export interface LoginFlowEvents {
  state: (state: LoginState) => void;
  /** Each new snapshot of the attempt that is shown. */
  status: (snapshot: Snapshot) => void;
  scan: (detail: { newFollower: boolean | null }) => void;
  /** Once, whatever the network does. */
  success: (result: ClaimResult) => void;
  /** The last automatic code is over: a click is needed. */
  expire: () => void;
  'step-required': (detail: { url: string | null }) => void;
  error: (detail: { code: string; retryable: boolean; message: string }) => void;
}

/** A code goes this long before its end, ms, so that nobody scans one that ends while they follow. */
const REPLACED_BEFORE_END = 20_000;
const AWAY_AFTER = 30_000;
/** Codes without a click after lost results: each took a scan, so more of them is not bad luck. */
const LOST_AT_MOST = 3;
/** Codes that are still looked after when a click asked for another one. */
const KEPT_ON_REFRESH = 2;

/** The whole login without a user interface: codes, watching, claiming, exactly one success. */
export class LoginFlow {
  readonly #context: WatchContext;
  #locale: string | undefined;
  readonly #emitter = createNanoEvents<LoginFlowEvents>();
  #autoRefresh: number;
  #state: LoginState = initialState;
  /** One run lasts from `start()` to its end; a late answer of an older one finds its signal aborted. */
  #run: AbortController | null = null;
  #watches: AttemptWatch[] = [];
  /** The newest code, and the attempt that the state tells of: it may be an older one that was scanned. */
  #current: AttemptWatch | null = null;
  #shown: AttemptWatch | null = null;
  readonly #listener: WatchListener = {
    onSnapshot: (watch, snapshot) => this.#onSnapshot(watch, snapshot),
    onResult: (watch, result) => this.#onResult(watch, result),
    onEnd: (watch, why) => this.#onEnd(watch, why),
  };
  #onScreen = new AbortController();
  #renewals = 0;
  #losses = 0;
  #minting = false;
  #mintError: LoginError | null = null;

  /** Throws TypeError for an option that is not of its form. */
  constructor(options: LoginFlowOptions) {
    const { clock = systemClock, random = systemRandom, fetch = (...args) => globalThis.fetch(...args) } = options;
    this.#locale = options.locale;
    this.#autoRefresh = requireCount(options.autoRefresh ?? DEFAULT_AUTO_REFRESH);
    this.#context = {
      api: createLoginApi(requireEndpoint(options.endpoint), fetch, clock),
      clock,
      random,
      presence: new Presence(clock),
      takeSeat: options.takeSeat ?? (async () => true),
      noStreams: false,
    };
  }

  get state(): LoginState {
    return this.#state;
  }

  /** Counts from the next `start()` or `refresh()` on. */
  set autoRefresh(count: number) {
    this.#autoRefresh = requireCount(count);
  }

  /** Counts from the next code on. */
  set locale(tag: string) {
    this.#locale = tag;
  }

  /** Milliseconds until the code on screen leaves it; 0 when there is none. */
  get remaining(): number {
    const { code } = this.#state as { code?: { until: number } };
    return code ? Math.max(0, code.until - this.#context.clock.now()) : 0;
  }

  /** Returns the un-subscriber. */
  on<E extends keyof LoginFlowEvents>(event: E, listener: LoginFlowEvents[E]): Unsubscribe {
    const guarded = (...args: unknown[]) => {
      try {
        (listener as (...args: unknown[]) => void)(...args);
      } catch (error) {
        // Reported like any error of the page, but it must not keep the login from going on.
        queueMicrotask(() => {
          throw error;
        });
      }
    };
    return this.#emitter.on(event, guarded as LoginFlowEvents[E]);
  }

  /** Does nothing while a login is under way; goes on with it after `stop()`. */
  start(): void {
    if (this.#run && /^(loading|ready|scanned|confirming|authorized)$/.test(this.#state.name)) return;
    if (!this.#run && this.#watches.length) this.#goOn();
    else this.refresh();
  }

  /** A fresh code, in whatever state. One that nobody scanned yet is still looked after until its end. */
  refresh(): void {
    const kept = this.#watches.filter(({ alive, seq }) => alive && seq === 0).slice(-KEPT_ON_REFRESH);
    this.#conclude(kept);
    const signal = this.#beginRun();
    this.#watches = kept;
    for (const watch of kept) {
      watch.retire();
      watch.watch(signal);
    }
    this.#renewals = this.#autoRefresh;
    this.#losses = 0;
    this.#dispatch({ type: 'begin' });
    void this.#renew(signal);
  }

  /** Gives up and tells the companion. */
  cancel(): void {
    if (this.#state.name === 'idle' || hasEnded(this.#state)) return;
    this.#conclude();
    this.#cancelled();
  }

  /** Stops everything here and tells nobody: `start()` goes on where it was, if the code lives that long. */
  stop(): void {
    this.#run?.abort();
    this.#run = null;
  }

  /** Nobody is looking. After `graceMs` the stream is let go and a slow look takes its place. */
  pause(graceMs: number = AWAY_AFTER): void {
    this.#context.presence.leave(graceMs, this.#run?.signal ?? AbortSignal.abort());
  }

  /** Somebody is looking, or the network is back: looks at once, then watches as before. */
  resume(): void {
    this.#context.presence.comeBack();
  }

  #beginRun(): AbortSignal {
    this.#run = new AbortController();
    this.#minting = false;
    this.#mintError = null;
    this.#context.presence.keepTime(this.#run.signal);
    return this.#run.signal;
  }

  #goOn(): void {
    const signal = this.#beginRun();
    for (const watch of [...this.#watches]) watch.watch(signal, true);
    const current = this.#current;
    if (!current) {
      if (!this.#shown) this.#freshCode();
    } else if (this.#shown !== current || current.seq > 0) this.#keepTimeOf(current);
    else if (this.#context.clock.now() < current.until) this.#show(current);
    else this.#over();
  }

  /** Ends the run. The attempts that are not `spared` are of no more use: the companion is told. */
  #conclude(spared: AttemptWatch[] = []): void {
    this.stop();
    for (const watch of this.#watches) {
      if (watch.alive && !spared.includes(watch)) this.#context.api.remove(watch.attempt);
    }
    this.#watches = [];
    this.#current = this.#shown = null;
  }

  /** Gets a code and puts it on screen. */
  async #renew(signal: AbortSignal): Promise<void> {
    this.#minting = true;
    this.#mintError = null;
    const minted = await mint(this.#context, this.#locale, signal, (error) => {
      this.#mintError = error;
      if (!this.#shown) this.#fail(error); // as long as there is a code to scan, nobody needs to know
    });
    if (signal.aborted) return;
    this.#minting = false;
    if (!minted) return;
    this.#mintError = null;
    this.#adopt(new AttemptWatch(minted.attempt, minted.verifier, this.#context, this.#listener), signal);
  }

  #adopt(watch: AttemptWatch, signal: AbortSignal): void {
    // Scanned while its successor was on the way: two codes on one screen help nobody.
    if (this.#shown && this.#shown.seq > 0) return this.#context.api.remove(watch.attempt);
    this.#current?.retire();
    this.#watches.push(watch);
    this.#current = watch;
    watch.watch(signal);
    this.#show(watch);
    if (!signal.aborted) this.#emit('status', watch.attempt.snapshot);
  }

  #show(watch: AttemptWatch): void {
    const { qr, confirmNumber, account } = watch.attempt;
    const renews = this.#renewals > 0;
    const until = renews ? replacedAt(watch) : watch.until;
    this.#shown = watch;
    this.#keepTimeOf(watch);
    this.#dispatch({ type: 'code', code: { qr, confirmNumber, account, since: watch.since, until, renews } });
  }

  /** Replaces the code before its end, or takes it from the screen at its end, while nobody has scanned it. */
  #keepTimeOf(watch: AttemptWatch): void {
    const run = this.#run!.signal;
    const { clock, presence } = this.#context;
    this.#onScreen.abort();
    this.#onScreen = childOf(run);
    const { signal } = this.#onScreen;
    const isPending = () => !signal.aborted && this.#shown === watch && watch.seq === 0;

    const replace = async () => {
      await sleep(clock, replacedAt(watch) - clock.now(), signal);
      await presence.here(); // a new code that nobody sees would be wasted
      if (!isPending() || this.#minting || clock.now() >= watch.until) return;
      this.#renewals--;
      void this.#renew(run);
    };
    const end = async () => {
      await sleep(clock, watch.until - clock.now(), signal);
      if (!isPending()) return;
      watch.retire();
      this.#current = this.#shown = null;
      this.#over();
    };
    if (this.#renewals > 0) replace().catch(() => {});
    end().catch(() => {});
  }

  /** The code on screen is over and nobody had scanned it. */
  #over(): void {
    if (this.#mintError) this.#fail(this.#mintError);
    else if (this.#minting || this.#renewals-- > 0) this.#freshCode();
    else {
      this.#dispatch({ type: 'expired' });
      this.#emit('expire');
    }
  }

  #freshCode(): void {
    const { signal } = this.#run!;
    this.#dispatch({ type: 'waiting' });
    if (this.#minting) return;
    this.#minting = true;
    void this.#context.presence.here().then(() => {
      if (!signal.aborted) void this.#renew(signal);
    });
  }

  #onSnapshot(watch: AttemptWatch, snapshot: Snapshot): void {
    const { status, seq, newFollower } = snapshot;
    const getsOn = !/^(expired|cancelled|failed)$/.test(status);
    if (watch !== this.#shown) {
      // Of several codes the one that got further is shown: a replaced one, say, that was scanned in time.
      if (!getsOn || seq <= (this.#shown?.seq ?? 0)) return;
      this.#shown = watch;
    }
    const run = this.#run;
    this.#dispatch({ type: 'snapshot', snapshot, code: watch.attempt });
    if (this.#run === run) this.#emit('status', snapshot);
    if (this.#run !== run) return; // a listener has ended it
    if (getsOn && status !== 'step_required' && !watch.scanTold) {
      watch.scanTold = true;
      this.#emit('scan', { newFollower });
    }
  }

  #onResult(watch: AttemptWatch, result: ClaimResult): void {
    const { name, picture } = result.user;
    this.#conclude([watch]);
    this.#dispatch({ type: 'success', user: { name, picture } });
    this.#emit('success', result);
  }

  #onEnd(watch: AttemptWatch, why: LoginError): void {
    this.#watches = this.#watches.filter((other) => other !== watch);
    if (this.#current === watch) this.#current = null;
    if (this.#shown !== watch) return; // a replaced code: its end is no news to anybody
    this.#shown = null;
    const lost = why.code === 'exchange_lost' && this.#losses++ < LOST_AT_MOST;
    if (why.code === 'attempt_expired' || lost) {
      if (this.#current) this.#show(this.#current);
      else if (lost) this.#freshCode();
      else this.#over();
      return;
    }
    this.#conclude();
    if (why.code === 'attempt_cancelled') this.#cancelled();
    else if (this.#state.name === 'step-required') this.#emit('step-required', { url: this.#state.url });
    else this.#fail(why);
  }

  #cancelled(): void {
    this.#dispatch({ type: 'cancelled' });
    this.#emit('error', { code: 'cancelled', retryable: true, message: 'The login was cancelled' });
  }

  #fail(error: LoginError): void {
    const { code, retryable, message } = error;
    if (this.#dispatch({ type: 'failed', error })) this.#emit('error', { code, retryable, message });
  }

  #dispatch(input: LoginInput): boolean {
    const state = deepFreeze(reduce(this.#state, input));
    if (state === this.#state) return false;
    this.#state = state;
    this.#emit('state', state);
    return true;
  }

  #emit<E extends keyof LoginFlowEvents>(event: E, ...args: Parameters<LoginFlowEvents[E]>): void {
    args.forEach(deepFreeze);
    this.#emitter.emit(event, ...args);
  }
}

/** Of a code that ends soon after it came, too little would be left on screen: then it has at least a few seconds. */
function replacedAt({ since, until }: AttemptWatch): number {
  const life = until - since;
  return until - Math.min(REPLACED_BEFORE_END, Math.max(life - 5000, life / 2));
}
