// What the drop-in takes for `lit`: Lit's own rendering (lit-html), and of its element and style sheets what this one
// element uses. The rest, a tenth of the whole file, is for what it has not: inherited properties, converters, decorators,
// directives in the base class, engines without constructable style sheets (there Lit writes a `<style>` into the page,
// which a strict Content Security Policy refuses). npm users get Lit itself. Both pass the same tests.
// oxlint-disable-next-line lit/no-legacy-imports -- this is where `lit` leads to
import { html, nothing, render } from 'lit-html';

export { html, nothing };

/** Texts alone: every value here is another one of these. */
export const css = (texts, ...values) => texts.reduce((all, text, i) => all + values[i - 1] + text);

const toValue = { Number: (text) => (text === null ? text : Number(text)), Boolean: (text) => text !== null };
const attributeOf = (name, { attribute = name.toLowerCase() }) => attribute;

export class LitElement extends HTMLElement {
  static get observedAttributes() {
    return Object.entries(this.properties)
      .map(([name, options]) => {
        Object.defineProperty(this.prototype, name, {
          configurable: true,
          get() {
            return this.#values[name];
          },
          set(value) {
            this.#set(name, options, value);
          },
        });
        return attributeOf(name, options);
      })
      .filter(Boolean);
  }

  static #sheet;

  #values = {};
  #defaults = {};
  /** What was set before the tag was known, and would hide the accessors. */
  #early = Object.keys(this.constructor.properties)
    .filter((name) => Object.hasOwn(this, name))
    .map((name) => [name, this[name], delete this[name]]);
  #controllers = [];
  #queued = false;
  #wasConnected = false;
  hasUpdated = false;
  renderRoot = this.attachShadow({ mode: 'open' });
  updateComplete = Promise.resolve();

  addController(controller) {
    this.#controllers.push(controller);
  }

  constructor() {
    super();
    if (!LitElement.#sheet) (LitElement.#sheet = new CSSStyleSheet()).replaceSync(this.constructor.styles);
    this.renderRoot.adoptedStyleSheets = [LitElement.#sheet];
  }

  connectedCallback() {
    this.#wasConnected = true;
    for (const [name, value] of this.#early.splice(0)) this[name] = value;
    for (const controller of this.#controllers) controller.hostConnected();
    this.requestUpdate();
  }

  disconnectedCallback() {
    for (const controller of this.#controllers) controller.hostDisconnected();
  }

  attributeChangedCallback(attribute, old, text) {
    for (const [name, options] of Object.entries(this.constructor.properties)) {
      if (attributeOf(name, options) !== attribute || old === text) continue;
      const value =
        options.useDefault && text === null ? this.#defaults[name] : (toValue[options.type?.name]?.(text) ?? text);
      this.#set(name, {}, value);
    }
  }

  #set(name, options, value) {
    const isFirst = !(name in this.#values);
    if (Object.is(this.#values[name], value) && !isFirst) return;
    this.#values[name] = value;
    if (isFirst) this.#defaults[name] = value;
    else if (options.reflect) this.setAttribute(attributeOf(name, options), value);
    this.requestUpdate();
  }

  requestUpdate() {
    if (this.#queued || !this.#wasConnected) return;
    this.#queued = true;
    const update = () => this.scheduleUpdate();
    // After one that threw the next comes all the same.
    this.updateComplete = this.updateComplete.then(update, update);
  }

  scheduleUpdate() {
    this.#queued = false;
    this.hasUpdated = true;
    this.willUpdate();
    for (const controller of this.#controllers) controller.hostUpdate();
    render(this.render(), this.renderRoot, { host: this });
    this.updated();
  }
}
