/**
 * The code as a PNG among the element's own children, in the slot `code`: under a long press WeChat and the album know
 * only an `<img>`, on iOS only one outside of any shadow tree.
 */
export class LightPicture {
  readonly #host: HTMLElement;
  #image: HTMLImageElement | null = null;

  constructor(host: HTMLElement) {
    this.#host = host;
  }

  /** An empty `picture` takes it away. */
  show(picture: string, label: string): void {
    if (!picture) {
      this.#image?.remove();
      this.#image = null;
      return;
    }
    // A copy of the element, or one out of a page's snapshot, brings the picture of another code along.
    this.#image ??= this.#host.querySelector<HTMLImageElement>('img[slot=code]') ?? document.createElement('img');
    this.#image.alt = label;
    // A picture that is set anew flickers, and a long press on it ends.
    if (this.#image.src !== picture) this.#image.src = picture;
    this.#image.slot = 'code';
    if (this.#image.parentNode !== this.#host) this.#host.append(this.#image);
  }
}
