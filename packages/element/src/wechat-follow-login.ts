import { type CSSResultGroup, html, LitElement, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import { CodeImage } from './code-view.ts';
import { DEFAULT_AUTO_REFRESH } from './flow-options.ts';
import { icon } from './icons.ts';
import { languageOf } from './language.ts';
import { LightPicture } from './light-picture.ts';
import { LoginController } from './login-controller.ts';
import type { LoginState } from './login-state.ts';
import { type Action, lookOf } from './look.ts';
import { placeOf } from './place.ts';
import { fill, type LoginStrings, stringsOf, textsOf } from './strings.ts';
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
 * @slot footer - The same, below that.
 * @slot heading - In place of the heading.
 * @slot logo - In place of the account's avatar.
 * @slot code-logo - In the middle of the code, over a fortieth of it, so that it stays readable.
 * @slot code - The element's own: here it puts the picture that a phone can press or save.
 * @slot idle - In place of what is said before `start()`.
 * @slot loading - In place of what is said while a code is fetched.
 * @slot ready - In place of what is said beside the code.
 * @slot scanned - In place of what is said after the scan.
 * @slot confirming - In place of what is said while the chat asks.
 * @slot authorized - In place of what is said while the login is fetched.
 * @slot success - In place of what is said in the end.
 * @slot expired - In place of what is said when the last code is over.
 * @slot cancelled - In place of what is said after a cancellation.
 * @slot step-required - In place of what is said when another step is needed.
 * @slot error - In place of what is said when it did not work.
 *
 * @csspart card - The whole.
 * @csspart header - Logo, heading and account name.
 * @csspart logo - The account's avatar.
 * @csspart heading
 * @csspart account - The account's name.
 * @csspart stage - The square with the code, or with what stands in its place.
 * @csspart code - The QR code: always dark on light, else scanners do not read it.
 * @csspart badge - The sign, or the number, that stands where no code does.
 * @csspart status - What is happening, as it is told to a screen reader.
 * @csspart title - Its first line.
 * @csspart hint - The rest of it.
 * @csspart countdown - The time until the code leaves the screen.
 * @csspart button - The button or link that leads on.
 * @csspart save - On a phone: the link that saves the code as a picture.
 * @csspart enlarge - The button that shows the code large.
 * @csspart dialog - The large code.
 *
 * @cssprop [--wechat-login-accent=#07c160] - Ring. Text in it would need a darker green.
 * @cssprop [--wechat-login-accent-strong] - Buttons and icons; at least 4.5:1 against the background.
 * @cssprop [--wechat-login-on-accent] - Text of buttons.
 * @cssprop [--wechat-login-background] - The card.
 * @cssprop [--wechat-login-color] - Text.
 * @cssprop [--wechat-login-muted-color] - Lesser text.
 * @cssprop [--wechat-login-border-color] - Lines.
 * @cssprop [--wechat-login-danger-color] - The sign of an error.
 * @cssprop [--wechat-login-radius=16px] - The card's corners.
 * @cssprop [--wechat-login-code-size=208px] - Width and height of the code.
 * @cssprop [--wechat-login-font] - Font family.
 *
 * @cssstate idle
 * @cssstate loading
 * @cssstate ready
 * @cssstate scanned
 * @cssstate confirming
 * @cssstate authorized
 * @cssstate success
 * @cssstate expired
 * @cssstate cancelled
 * @cssstate step-required
 * @cssstate error
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
    layout: { reflect: true, useDefault: true },
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
  readonly #states = this.attachInternals().states;
  readonly #place = placeOf(navigator.userAgent);
  readonly #picture = new LightPicture(this);
  /** The countdown renders every second, the code is drawn once. */
  #code: CodeImage | null = null;
  #focused: Element | null = null;

  /** Base address of the companion, e.g. `https://login.example.com/wechat-login`. Another one starts anew. */
  endpoint = '';

  /** `auto` follows the person's system. */
  theme: 'auto' | 'light' | 'dark' = 'auto';

  /** `auto`: a card, or in a narrow place, from 160 px on, `compact`: the code and its words alone. */
  layout: 'auto' | 'card' | 'compact' = 'auto';

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

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#closeDialog();
  }

  /** The first picture waits until the request has left, for one task at most: the person waits for the answer to it. */
  protected override async scheduleUpdate(): Promise<void> {
    if (!this.hasUpdated) await Promise.race([this.#login.asked, new Promise((resolve) => setTimeout(resolve))]);
    await super.scheduleUpdate();
  }

  protected override willUpdate(): void {
    this.#focused = this.shadowRoot?.activeElement ?? null;
    const { state } = this;
    if (state.name !== 'ready') this.#code = null;
    else if (state.code.qr !== this.#code?.qr) this.#code = new CodeImage(state.code.qr);
  }

  protected override updated(): void {
    const { name } = this.state;
    try {
      this.#states.clear();
      this.#states.add(name);
    } catch {
      // An engine of before `:state()` takes names with two dashes only.
    }
    this.#picture.show(this.#place && this.#code ? this.#code.picture : '', this.#words()[1].codeLabel);
    // A button that goes away must not take the place of a keyboard user in the page along.
    if (this.#focused && !this.#focused.isConnected) this.renderRoot.querySelector<HTMLElement>('.card')?.focus();
  }

  #words(): [tag: string, strings: LoginStrings] {
    const [tag, defaults] = stringsOf(languageOf(this));
    const strings = { ...defaults };
    // A key that a page's own catalogue lacks is no wish for an empty line.
    for (const [key, text] of Object.entries(this.strings)) strings[key as 'ready'] = text ?? strings[key as 'ready'];
    return [tag, strings];
  }

  #closeDialog(): HTMLDialogElement | null {
    const dialog = this.renderRoot.querySelector('dialog');
    dialog?.close();
    return dialog;
  }

  #enlarge(): void {
    // One that was moved within the page while it was open has lost its place above it, and cannot be opened again.
    this.#closeDialog()?.showModal();
  }

  #act(action: Action): void {
    if (action === 'start') this.start();
    else if (action === 'cancel') this.cancel();
    else this.refresh();
  }

  protected override render(): TemplateResult {
    const { state } = this;
    const [tag, strings] = this.#words();
    const [iconName, tone, action, minor] = lookOf(state);
    const button = action ? this.#renderAction(action, strings, minor) : nothing;
    const number = 'confirmNumber' in state && state.confirmNumber;
    const { name, avatar } = state.account ?? {};
    const [title, hint] = textsOf(state, strings, this.#place);
    return html`
      <div part="card" class="card ${tone}" lang=${tag} role="group" aria-labelledby="heading" tabindex="-1">
        <div part="header" class="header">
          <slot name="logo"
            >${
              avatar?.startsWith('https://')
                ? html`<img
                    part="logo"
                    class="avatar"
                    src=${avatar}
                    alt=""
                    referrerpolicy="no-referrer"
                    @error=${({ target }: Event) => ((target as HTMLElement).hidden = true)}
                  />`
                : nothing
            }</slot
          >
          <div>
            <p part="heading" class="heading" id="heading">
              <slot name="heading">${this.heading || strings.heading}</slot>
            </p>
            <p part="account" class="hint">${name}</p>
          </div>
        </div>
        <div part="stage" class="stage">
          ${
            this.#code
              ? html`<slot name="code">${this.#code.render(strings.codeLabel, 'code')}</slot>
                  <slot name="code-logo"></slot>`
              : html`
                  ${
                    number || (action && !minor)
                      ? nothing
                      : html`<svg class="corners" viewBox="0 0 21 21" aria-hidden="true">
                          <path fill-rule="evenodd" d=${CORNERS}></path>
                        </svg>`
                  }
                  <div class="overlay">
                    <span part="badge" class=${number ? 'number' : 'badge'} aria-hidden="true"
                      >${number || icon(iconName)}</span
                    >
                    ${minor ? nothing : button}
                  </div>
                `
          }
        </div>
        <div part="status" class="status" role="status" aria-atomic="true">
          <slot name=${state.name}>
            <p part="title" class="title">${title}</p>
            <p part="hint" class="hint">${hint}</p>
          </slot>
        </div>
        <div class="foot">
          ${this.#renderSave(strings)} ${this.#renderCountdown(strings)} ${minor ? button : nothing}
          ${this.#renderLarge(strings)}
        </div>
        <slot></slot>
        <slot name="footer"></slot>
      </div>
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

  /** On a phone the picture is saved; WeChat's own browser reads it where it is. */
  #renderSave(strings: LoginStrings): TemplateResult | typeof nothing {
    if (this.#place !== 'Phone' || !this.#code) return nothing;
    return html`
      <a part="save" class="button" href=${this.#code.picture} download="wechat-login.png">
        ${icon('save')} ${strings.save}
      </a>
    `;
  }

  /** For who cannot see, or hold a phone to, a small one. */
  #renderLarge(strings: LoginStrings): TemplateResult | typeof nothing {
    if (this.#place || !this.#code) return nothing;
    return html`
      <button
        part="enlarge"
        class="button minor"
        type="button"
        aria-label=${strings.enlarge}
        title=${strings.enlarge}
        @click=${() => this.#enlarge()}
      >
        ${icon('enlarge')}
      </button>
      <dialog part="dialog" aria-label=${strings.codeLabel} closedby="any">
        ${this.#code.render(strings.codeLabel, 'large-code')}
        <form method="dialog"><button class="button">${strings.close}</button></form>
      </dialog>
    `;
  }
}
