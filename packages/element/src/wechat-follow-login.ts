import { type CSSResultGroup, html, LitElement, nothing, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import { DEFAULT_AUTO_REFRESH } from './flow-options.ts';
import { icon } from './icons.ts';
import { LoginController } from './login-controller.ts';
import type { LoginState } from './login-state.ts';
import { type Action, type Look, lookOf } from './look.ts';
import { drawQrCode, type QrDrawing } from './qr-code.ts';
import { fill, languageOf, type LoginStrings } from './strings.ts';
import { styles } from './styles.ts';

/** The three corners of any code, for where there is none: it says what will stand here. */
const VEIL =
  'M0 0h7v7H0zM1 1v5h5V1zM2 2h3v3H2zM14 0h7v7h-7zM15 1v5h5V1zM16 2h3v3h-3zM0 14h7v7H0zM1 15v5h5v-5zM2 16h3v3H2z' +
  'M9 0h2v3H9zM9 5h3v3H9zM0 9h3v2H0zM5 9h2v3H5zM9 10h4v2H9zM15 9h2v2h-2zM19 9h2v4h-2zM9 14h2v4H9zM13 14h3v2h-3zM18 15h3v2h-3zM13 18h2v3h-2zM17 19h4v2h-4z';

/**
 * @summary Sign in by scanning a WeChat Official Account's QR code and following the account.
 *
 * @tag wechat-follow-login
 *
 * @slot - Shown below the card's own content, e.g. terms or another way to sign in.
 *
 * @csspart card - The whole.
 * @csspart header - Avatar, heading and account name.
 * @csspart heading
 * @csspart stage - The square with the code, or with what stands in its place.
 * @csspart code - The QR code: always dark on light, else scanners do not read it.
 * @csspart status - What is happening, as it is told to a screen reader.
 * @csspart countdown - The time until the code leaves the screen.
 * @csspart button - The button or link that leads on.
 *
 * @cssprop [--wechat-login-accent=#07c160] - Ring and badge. Text on it would need a darker green.
 * @cssprop [--wechat-login-accent-strong] - Buttons and icons; at least 4.5:1 against the background.
 * @cssprop [--wechat-login-on-accent] - Text of buttons.
 * @cssprop [--wechat-login-background] - The card.
 * @cssprop [--wechat-login-color] - Text.
 * @cssprop [--wechat-login-muted-color] - Lesser text.
 * @cssprop [--wechat-login-border-color] - Lines.
 * @cssprop [--wechat-login-radius=16px] - The card's corners.
 * @cssprop [--wechat-login-code-size=208px] - Width and height of the code.
 * @cssprop [--wechat-login-font] - Font family.
 *
 * @fires {CustomEvent<Snapshot>} login-status - Each new snapshot of the attempt that is shown.
 * @fires {CustomEvent<{newFollower: boolean | null}>} login-scan - The code was scanned.
 * @fires {CustomEvent<ClaimResult>} login-success - Once, with the result: tokens or a code, and the user.
 * @fires {CustomEvent<null>} login-expire - The last automatic code is over: a click is needed.
 * @fires {CustomEvent<{url: string | null}>} login-step-required - Signing in goes on elsewhere.
 * @fires {CustomEvent<{code: string, retryable: boolean, message: string}>} login-error - It did not work.
 */
export class WechatFollowLogin extends LitElement {
  static override styles: CSSResultGroup = styles;

  /** `lang` is HTML's own: read where it stands, and watched for changes. */
  static override get observedAttributes(): string[] {
    return [...super.observedAttributes, 'lang'];
  }

  readonly #login = new LoginController(this);
  /** The code drawn last: the countdown renders every second, the code is drawn once. */
  #drawn: { text: string; drawing: QrDrawing } | null = null;
  #focused: Element | null = null;

  /** Base address of the companion, e.g. `https://login.example.com/wechat-login`. Another one starts anew. */
  @property() endpoint = '';

  /** `auto` follows the person's system. */
  @property({ reflect: true, useDefault: true }) theme: 'auto' | 'light' | 'dark' = 'auto';

  /** How many new codes come by themselves before it takes a click. */
  @property({ attribute: 'auto-refresh', type: Number }) autoRefresh = DEFAULT_AUTO_REFRESH;

  /** Waits for `start()`. */
  @property({ type: Boolean }) manual = false;

  /** Stands above the code in place of the default. */
  @property() heading = '';

  /** Overrides single texts, whatever the language. */
  @property({ attribute: false }) strings: Partial<LoginStrings> = {};

  /** What is happening; `state.name` is one of eleven. */
  get state(): LoginState {
    return this.#login.state;
  }

  /** BCP 47 tag of the nearest `lang`, across shadow roots, else the browser's. */
  get language(): string {
    for (let at: Node | null = this; at; at = at.parentNode ?? (at as ShadowRoot).host ?? null) {
      const tag = at instanceof Element && at.getAttribute('lang');
      if (tag) return tag;
    }
    return navigator.language;
  }

  /** Begins a login; does nothing while one is under way. */
  start(): void {
    this.#login.start();
  }

  /** A fresh code, in whatever state. */
  refresh(): void {
    this.#login.refresh();
  }

  /** Gives up and tells the companion. */
  cancel(): void {
    this.#login.cancel();
  }

  override attributeChangedCallback(name: string, old: string | null, value: string | null): void {
    super.attributeChangedCallback(name, old, value);
    if (name === 'lang') this.requestUpdate();
  }

  protected override willUpdate(): void {
    this.#focused = this.shadowRoot?.activeElement ?? null;
    const { state } = this;
    if (state.name !== 'ready' || !('text' in state.code.qr)) return;
    const { text } = state.code.qr;
    if (text !== this.#drawn?.text) this.#drawn = { text, drawing: drawQrCode(text) };
  }

  protected override updated(): void {
    // A button that goes away must not take the place of a keyboard user in the page along.
    if (this.#focused && !this.#focused.isConnected) this.renderRoot.querySelector<HTMLElement>('.card')?.focus();
  }

  #act(action: Action): void {
    if (action === 'start') this.start();
    else if (action === 'cancel') this.cancel();
    else this.refresh();
  }

  protected override render(): TemplateResult {
    const { state } = this;
    const { tag, strings: defaults } = languageOf(this.language);
    const strings = { ...defaults, ...this.strings };
    const look = lookOf(state, strings);
    return html`
      <div
        part="card"
        class="card ${look.tone} ${state.name}"
        lang=${tag}
        role="group"
        aria-labelledby="heading"
        tabindex="-1"
      >
        ${this.#renderHeader(strings)}
        <div part="stage" class="stage">${this.#renderStage(look, strings)}</div>
        <div part="status" class="status" role="status" aria-atomic="true">${this.#renderStatus(look, strings)}</div>
        <div class="foot">
          ${this.#renderCountdown(strings)} ${look.minor && look.action ? this.#renderAction(look, strings) : nothing}
        </div>
        <slot></slot>
      </div>
    `;
  }

  #renderHeader(strings: LoginStrings): TemplateResult {
    const { name = null, avatar = null } = this.state.account ?? {};
    return html`
      <header part="header">
        ${
          avatar?.startsWith('https://')
            ? html`<img
                class="avatar"
                src=${avatar}
                alt=""
                referrerpolicy="no-referrer"
                @error=${({ target }: Event) => ((target as HTMLElement).hidden = true)}
              />`
            : nothing
        }
        <div>
          <p part="heading" class="heading" id="heading">${this.heading || strings.heading}</p>
          ${name ? html`<p class="account">${name}</p>` : nothing}
        </div>
      </header>
    `;
  }

  #renderStage(look: Look, strings: LoginStrings): TemplateResult {
    const { state } = this;
    if (state.name === 'ready') return this.#renderCode(state.code.qr, strings);
    const number = state.name === 'confirming' && state.confirmNumber;
    return html`
      <svg class="veil" viewBox="0 0 21 21" aria-hidden="true">
        <path fill="currentColor" fill-rule="evenodd" d=${VEIL}></path>
      </svg>
      <div class="overlay">
        ${number ? html`<span class="number">${number}</span>` : html`<span class="badge">${icon(look.icon)}</span>`}
        ${look.action && !look.minor ? this.#renderAction(look, strings) : nothing}
      </div>
    `;
  }

  #renderCode(qr: { text: string } | { image: string }, { codeLabel }: LoginStrings): TemplateResult {
    if ('image' in qr) return html`<img part="code" class="code" src=${qr.image} alt=${codeLabel} />`;
    const { size, path } = this.#drawn!.drawing;
    return html`
      <svg
        part="code"
        class="code"
        viewBox="0 0 ${size} ${size}"
        role="img"
        aria-label=${codeLabel}
        shape-rendering="crispEdges"
      >
        <rect width=${size} height=${size} fill="#fff"></rect>
        <path d=${path} fill="#000"></path>
      </svg>
    `;
  }

  #renderStatus(look: Look, strings: LoginStrings): TemplateResult {
    const { state } = this;
    const values = {
      account: state.account?.name ?? strings.anAccount,
      name: 'user' in state ? (state.user?.name ?? '') : '',
      number: 'confirmNumber' in state ? (state.confirmNumber ?? '') : '',
    };
    return html`
      <p class="title">${fill(look.title, values)}</p>
      ${look.hint ? html`<p class="hint">${fill(look.hint, values)}</p>` : nothing}
    `;
  }

  #renderCountdown(strings: LoginStrings): TemplateResult | typeof nothing {
    const { state } = this;
    if (state.name !== 'ready') return nothing;
    const { since, until, renews } = state.code;
    const { remaining } = this.#login;
    const seconds = Math.ceil(remaining / 1000);
    const time = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
    return html`
      <svg class="ring" viewBox="0 0 20 20" aria-hidden="true" fill="none" stroke-width="3">
        <circle class="track" cx="10" cy="10" r="8"></circle>
        <circle
          class="left"
          cx="10"
          cy="10"
          r="8"
          pathLength="100"
          stroke-dasharray="100"
          stroke-dashoffset=${Math.round(100 - (100 * remaining) / (until - since))}
        ></circle>
      </svg>
      <span part="countdown" role="timer">${fill(renews ? strings.renewsIn : strings.expiresIn, { time })}</span>
    `;
  }

  #renderAction({ action, minor }: Look, strings: LoginStrings): TemplateResult {
    const { state } = this;
    const classes = minor ? 'button minor' : 'button';
    if (action === 'continue' && state.name === 'step-required') {
      return html`<a part="button" class=${classes} href=${state.url ?? ''}>${strings.continue}</a>`;
    }
    return html`
      <button part="button" class=${classes} type="button" @click=${() => this.#act(action!)}>
        ${action === 'refresh' ? icon('refresh') : nothing} ${strings[action!]}
      </button>
    `;
  }
}
