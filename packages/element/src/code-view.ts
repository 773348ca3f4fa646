import type { Qr } from '@wechat-follow-login/protocol';
import { html, type TemplateResult } from 'lit';
import { drawQrCode, paintQrCode, type QrDrawing } from './qr-code.ts';

/** A code as it is shown: drawn where its text is known. */
export class CodeImage {
  readonly qr: Qr;
  readonly #drawing: QrDrawing | null;
  #picture: string | undefined;

  constructor(qr: Qr) {
    this.qr = qr;
    this.#drawing = 'text' in qr ? drawQrCode(qr.text) : null;
  }

  /** `data:` address of a picture; painted when it is first asked for, which on a desktop it never is. */
  get picture(): string {
    return (this.#picture ??= 'image' in this.qr ? this.qr.image : paintQrCode(this.#drawing!));
  }

  /** As part `name` of the element. Black on white whatever the theme: inverted codes do not scan. */
  render(label: string, name: string): TemplateResult {
    if (!this.#drawing) return html`<img part=${name} class="code" src=${this.picture} alt=${label} />`;
    const { size, path } = this.#drawing;
    return html`
      <svg
        part=${name}
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
}
