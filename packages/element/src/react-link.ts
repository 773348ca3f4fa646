import type { LoginEventMap } from './events.ts';
import type { LoginHandlers, LoginProperties, WechatFollowLoginProps } from './react-props.ts';
import { register } from './register.ts';
import type { WechatFollowLogin as LoginElement } from './wechat-follow-login.ts';

/** Has a line for every event, or it does not compile. */
const HANDLERS = {
  'login-status': 'onLoginStatus',
  'login-scan': 'onLoginScan',
  'login-success': 'onLoginSuccess',
  'login-expire': 'onLoginExpire',
  'login-step-required': 'onLoginStepRequired',
  'login-error': 'onLoginError',
} as const satisfies Record<keyof LoginEventMap, keyof LoginHandlers>;

const PROPERTIES = Object.keys({
  endpoint: true,
  theme: true,
  layout: true,
  autoRefresh: true,
  manual: true,
  heading: true,
  strings: true,
} satisfies Record<keyof LoginProperties, true>);

const OURS = new Set<string>([...PROPERTIES, ...Object.values(HANDLERS), 'className']);
OURS.delete('endpoint'); // always there, and a string: the one that both Reacts can be trusted with

/**
 * One mounted element and the props of the last commit. React 18 and 19 disagree on what a prop of a custom element is
 * (attribute or property, `false` or `"false"`, what undefined leaves behind), so the element's own ones are set here.
 */
export class ElementLink {
  element: LoginElement | null = null;
  #props: WechatFollowLoginProps;
  /** What the element had before its first prop: a prop that is left out later goes back to it. */
  #defaults: Record<string, unknown> = {};

  constructor(props: WechatFollowLoginProps) {
    this.#props = props;
  }

  /** What React itself puts on the tag, and on a server into the HTML. */
  attributesOf(props: WechatFollowLoginProps): Record<string, unknown> {
    const others = Object.entries(props).filter(([name]) => !OURS.has(name));
    // `manual`: a tag that was registered before React hydrates would else begin, and might be over, before anybody
    // listens. `class`: React 18 would write an attribute named classname.
    return { ...Object.fromEntries(others), class: props.className, manual: true };
  }

  /** For a ref: React calls it when the element is in the page, and before Lit's first update. */
  readonly attach = (element: LoginElement | null): void => {
    // StrictMode and hidden trees take a ref away and give it back: it is the same login all the time.
    if (!element || element === this.element) return;
    this.element = element;
    // Never removed: they end with the element, and a hidden one must not succeed unheard.
    for (const [event, handler] of Object.entries(HANDLERS)) {
      element.addEventListener(event, (told) => (this.#props[handler] as ((told: Event) => void) | undefined)?.(told));
    }
    register();
    // Not before: one that is not manual begins when it is registered, and what the props say comes after that.
    element.removeAttribute('manual');
    this.#defaults = Object.fromEntries(PROPERTIES.map((name) => [name, valueOf(element, name)]));
    this.#defaults['manual'] = false;
    this.#apply(element);
    // Registered before React came, it has made up its mind already.
    if (element.hasUpdated && !element.manual) element.start();
  };

  update(props: WechatFollowLoginProps): void {
    this.#props = props;
    if (this.element) this.#apply(this.element);
  }

  #apply(element: LoginElement): void {
    for (const name of PROPERTIES) {
      Object.assign(element, { [name]: valueOf(this.#props, name) ?? this.#defaults[name] });
    }
    // React 19 sets the property of an attribute that is gone to undefined, and HTML makes a word of that.
    if (this.#props.lang === undefined) element.removeAttribute('lang');
  }
}

function valueOf(of: object, name: string): unknown {
  return (of as Record<string, unknown>)[name];
}
