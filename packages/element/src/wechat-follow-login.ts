import type { Qr } from '@wechat-follow-login/protocol';
import { type CSSResultGroup, html, LitElement, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import { DEFAULT_AUTO_REFRESH } from './flow-options.ts';
import { icon } from './icons.ts';
import { languageOf } from './language.ts';
import { LoginController } from './login-controller.ts';
import type { LoginState } from './login-state.ts';
import { type Action, lookOf } from './look.ts';
import { drawQrCode, type QrDrawing } from './qr-code.ts';
import { errorText, fill, type LoginStrings, stringsOf } from './strings.ts';
import { styles } from './styles.ts';

/** The three corners of any code, for where there is none: it says what will stand here. */
const CORNERS =
  'M0 0h7v7h-7zm1 1v5h5v-5zm1 1h3v3h-3zM14 0h7v7h-7zm1 1v5h5v-5zm1 1h3v3h-3zM0 14h7v7h-7zm1 1v5h5v-5zm1 1h3v3h-3z';

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

  // Not by decorators: their helpers would be a fiftieth of the whole drop-in.
  static override properties: PropertyDeclarations = {
    endpoint: {},
    theme: { reflect: true, useDefault: true },
    autoRefresh: { type: Number, attribute: 'auto-refresh' },
    manual: { type: Boolean },
    heading: {},
    strings: { attribute: false },
  };

  /** `lang` is HTML's own: read where it stands, and watched for changes. */
  static override get observedAttributes(): string[] {
    return [...super.observedAttributes, 'lang'];
  }

  readonly #login = new LoginController(this);
  /** The code drawn last: the countdown renders every second, the code is drawn once. */
  #drawn: { text: string; drawing: QrDrawing } | null = null;
  #focused: Element | null = null;

  /** Base address of the companion, e.g. `https://login.example.com/wechat-login`. Another one starts anew. */
  endpoint = '';

  /** `auto` follows the person's system. */
  theme: 'auto' | 'light' | 'dark' = 'auto';

  /** How many new codes come by themselves before it takes a click. */
  autoRefresh = DEFAULT_AUTO_REFRESH;

  /** Waits for `start()`. */
  manual = false;

  /** Stands above the code in place of the default. */
  heading = '';

  /** Overrides single texts, whatever the language. */
  strings: Partial<LoginStrings> = {};

  /** What is happening; `state.name` is one of eleven. */
  get state(): LoginState {
    return this.#login.state;
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
    const [tag, defaults] = stringsOf(languageOf(this));
    const strings = { ...defaults, ...this.strings };
    const [iconName, tone, action, minor] = lookOf(state);
    const button = action ? this.#renderAction(action, strings, minor) : nothing;
    const number = 'confirmNumber' in state && state.confirmNumber;
    const { name = null, avatar = null } = state.account ?? {};
    return html`
      <div part="card" class="card ${tone}" lang=${tag} role="group" aria-labelledby="heading" tabindex="-1">
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
            <p class="hint">${name}</p>
          </div>
        </header>
        <div part="stage" class="stage">
          ${
            state.name === 'ready'
              ? this.#renderCode(state.code.qr, strings.codeLabel)
              : html`
                  ${
                    number
                      ? nothing
                      : html`<svg class="corners" viewBox="0 0 21 21" aria-hidden="true">
                          <path fill-rule="evenodd" d=${CORNERS}></path>
                        </svg>`
                  }
                  <div class="overlay">
                    <span class=${number ? 'number' : 'badge'} aria-hidden="true">${number || icon(iconName)}</span>
                    ${minor ? nothing : button}
                  </div>
                `
          }
        </div>
        <div part="status" class="status" role="status" aria-atomic="true">${this.#renderStatus(strings)}</div>
        <div class="foot">${this.#renderCountdown(strings)} ${minor ? button : nothing}</div>
        <slot></slot>
      </div>
    `;
  }

  #renderCode(qr: Qr, label: string): TemplateResult {
    if ('image' in qr) return html`<img part="code" class="code" src=${qr.image} alt=${label} />`;
    const { size, path } = this.#drawn!.drawing;
    return html`
      <svg
        part="code"
        class="code"
        viewBox="0 0 ${size} ${size}"
        role="img"
        aria-label=${label}
        shape-rendering="crispEdges"
      >
        <path fill="#fff" d="M0 0h${size}v${size}H0z"></path>
        <path d=${path}></path>
      </svg>
    `;
  }

  #renderStatus(strings: LoginStrings): TemplateResult {
    const { state } = this;
    const name = 'user' in state ? state.user?.name : null;
    const values = {
      account: state.account?.name ?? strings.anAccount,
      name: name ?? '',
      number: ('confirmNumber' in state && state.confirmNumber) || '',
    };
    const title = state.name === 'error' ? errorText(strings, state.code, state.retryable) : strings[state.name];
    const hint = (state.name !== 'success' || name) && strings[`${state.name}Hint` as 'readyHint'];
    return html`
      <p class="title">${fill(title, values)}</p>
      <p class="hint">${hint ? fill(hint, values) : nothing}</p>
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
      <div part="countdown" class="countdown" role="timer">
        <svg class="ring" viewBox="-10 -10 20 20" aria-hidden="true">
          <circle r="8"></circle>
          <circle class="left" r="8" pathLength="1" stroke-dasharray="${remaining / (until - since)} 1"></circle>
        </svg>
        ${fill(renews ? strings.renewsIn : strings.expiresIn, { time })}
      </div>
    `;
  }

  #renderAction(action: Action, strings: LoginStrings, minor = false): TemplateResult {
    const { state } = this;
    const classes = minor ? 'button minor' : 'button';
    if (action === 'continue' && state.name === 'step-required') {
      return html`<a part="button" class=${classes} href=${state.url!}>${strings.continue}</a>`;
    }
    return html`
      <button part="button" class=${classes} type="button" @click=${() => this.#act(action)}>
        ${action === 'refresh' ? icon('refresh') : nothing} ${strings[action]}
      </button>
    `;
  }
}
