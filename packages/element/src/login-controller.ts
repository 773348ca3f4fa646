import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { wallAhead } from './clock.ts';
import type { LoginEventMap } from './events.ts';
import { DEFAULT_AUTO_REFRESH, isCount } from './flow-options.ts';
import { languageOf } from './language.ts';
import { LoginFlow } from './login-flow.ts';
import { hasEnded, initialState, type LoginState } from './login-state.ts';
import { warmUp } from './qr-code.ts';
import { takeSeat } from './seats.ts';

/** A jump of the wall clock, ms, that means the machine was asleep: timers stood still, and the code may be over. */
const SLEPT = 5_000;

/** BCP 47, as the companion reads it. */
const TAG = /^[a-z]{2,8}(-[a-z\d]{1,8}){0,4}$/i;

export interface LoginHost extends ReactiveControllerHost, HTMLElement {
  readonly endpoint: string;
  readonly autoRefresh: number;
  readonly manual: boolean;
}

/** Ties a flow to the life of an element and of its page: connected, visible, online, in the page cache. */
export class LoginController implements ReactiveController {
  readonly #host: LoginHost;
  #flow: LoginFlow | null = null;
  #endpoint: string | null = null;
  /** Stands in while the configuration allows no flow. */
  #state: LoginState = initialState;
  /** Whether a login is to run while the element is in the page; null until the first look at `manual`. */
  #wanted: boolean | null = null;
  /** Taken out of the page for longer than a move within it. */
  #out = false;
  #page = new AbortController();
  #tick: ReturnType<typeof setTimeout> | undefined;
  #wallAhead = 0;
  #tellAsked = (): void => {};
  /** Resolves when the first request has left. */
  readonly asked: Promise<void> = new Promise((resolve) => (this.#tellAsked = resolve));

  constructor(host: LoginHost) {
    this.#host = host;
    host.addController(this);
  }

  get state(): LoginState {
    return this.#flow?.state ?? this.#state;
  }

  /** Milliseconds until the code on screen leaves it. */
  get remaining(): number {
    return this.#flow?.remaining ?? 0;
  }

  start(): void {
    this.#wanted = true;
    if (!this.#host.isConnected) return;
    this.#prepare();
    this.#flow?.start();
  }

  refresh(): void {
    if (this.#flow && this.#host.isConnected) this.#flow.refresh();
    else {
      if (this.#out) this.#endpoint = null; // put back, it makes everything anew
      this.start();
    }
  }

  cancel(): void {
    // Before it has begun, or out of the page: it does not begin when it is put in.
    if (!this.#flow || this.#out) this.#wanted = false;
    this.#flow?.cancel();
  }

  hostConnected(): void {
    this.#page = new AbortController();
    const { signal } = this.#page;
    const follow = () => this.#followVisibility();
    document.addEventListener('visibilitychange', follow, { signal });
    addEventListener('online', follow, { signal });
    addEventListener('pageshow', follow, { signal });
    // An open stream would stay connected for as long as the page lies in the cache.
    addEventListener('pagehide', () => this.#flow?.pause(0), { signal });
    const languages = new MutationObserver(() => this.#host.requestUpdate());
    languages.observe(document.documentElement, { attributeFilter: ['lang'] });
    signal.addEventListener('abort', () => languages.disconnect());
    if (!this.#out) {
      // Before the first update, which waits for the request, and after what is set right after the element was put in.
      return queueMicrotask(() => this.#host.endpoint && !this.#host.manual && this.hostUpdate());
    }
    this.#out = false;
    this.#prepare(); // the endpoint may be another one by now
    this.#followVisibility();
    if (this.#wanted) this.#flow?.start();
  }

  hostDisconnected(): void {
    this.#page.abort();
    // A move within the page is a removal and an insertion: it must not cost a code.
    queueMicrotask(() => {
      if (this.#host.isConnected) return;
      this.#out = true;
      const { state } = this;
      // Put back, it goes on with what was under way; an end stays one.
      if (this.#flow) this.#wanted = state.name !== 'idle' && !hasEnded(state);
      this.#stop();
    });
  }

  hostUpdate(): void {
    if (this.#host.isConnected) this.#prepare();
  }

  /** What takes time is done behind the request, not before it. */
  readonly #fetch: typeof fetch = (...args) => {
    const answer = globalThis.fetch(...args);
    this.#tellAsked();
    warmUp();
    return answer;
  };

  #stop(): void {
    this.#flow?.stop();
    clearTimeout(this.#tick);
  }

  /** Makes the flow for the endpoint as it is now. */
  #prepare(): void {
    const { endpoint, manual } = this.#host;
    // What a page's author mistypes in an attribute should not keep people from signing in.
    const autoRefresh = isCount(this.#host.autoRefresh) ? this.#host.autoRefresh : DEFAULT_AUTO_REFRESH;
    const tag = languageOf(this.#host);
    // Told to the companion, which refuses what is no tag: a page's `lang` may be anything.
    const locale = TAG.test(tag) ? tag : 'en';
    this.#wanted ??= !manual;
    if (this.#flow) Object.assign(this.#flow, { autoRefresh, locale });
    if (endpoint === this.#endpoint) return;
    this.#endpoint = endpoint;
    this.#stop();
    this.#flow = null;
    try {
      this.#flow = new LoginFlow({ endpoint, autoRefresh, locale, takeSeat, fetch: this.#fetch });
    } catch (error) {
      const why = { code: 'invalid_configuration', retryable: false };
      this.#state = Object.freeze({ name: 'error', account: null, ...why });
      this.#tell('login-error', Object.freeze({ ...why, message: (error as TypeError).message }));
      return;
    }
    this.#listen(this.#flow);
    if (document.hidden) this.#flow.pause();
    if (this.#wanted) this.#flow.start();
  }

  #listen(flow: LoginFlow): void {
    flow.on('state', () => {
      this.#host.requestUpdate();
      this.#countDown(flow);
    });
    for (const name of ['status', 'scan', 'success', 'expire', 'step-required', 'error'] as const) {
      flow.on(name, (detail: object | null = null) => this.#tell(`login-${name}`, detail));
    }
  }

  #tell(name: keyof LoginEventMap, detail: object | null): void {
    this.#host.dispatchEvent(new CustomEvent(name, { bubbles: true, composed: true, detail }));
  }

  #followVisibility(): void {
    if (document.hidden) this.#flow?.pause();
    else this.#flow?.resume();
  }

  /** Renders anew each time the seconds change. */
  #countDown(flow: LoginFlow): void {
    clearTimeout(this.#tick);
    if (flow !== this.#flow) return;
    const { remaining } = flow;
    if (flow.state.name !== 'ready') return;
    this.#wallAhead = wallAhead();
    this.#tick = setTimeout(
      () => {
        if (Math.abs(wallAhead() - this.#wallAhead) > SLEPT) this.#followVisibility();
        this.#host.requestUpdate();
        this.#countDown(flow);
      },
      remaining ? (remaining % 1000) + 20 : 1000,
    );
  }
}
