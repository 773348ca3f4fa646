import type { ForwardFormat } from '../authing/events.ts';
import type { Suspicion } from '../login/confirm.ts';
import { isEncodingAESKey } from './crypto.ts';
import type { Push } from './push.ts';
import { MAX_TEXT_BYTES, type ChatReply } from './reply.ts';

/** The account's own code: told of every authentic push, once each. None of it holds up a login. */
export interface WechatHooks {
  /** What it answers is shown in the chat, unless the login has something to say. It has 3.5 s. */
  onPush?(push: Push): ChatReply | void | Promise<ChatReply | void>;
  /** Somebody unfollowed: end his sessions and delete his data, as WeChat demands. */
  onUnfollow?(who: { openid: string }): void | Promise<void>;
  /** Somebody who scanned said "not me", or named a number that the page does not show. */
  onSuspicious?(suspicion: Suspicion): void | Promise<void>;
}

/** The companion as the account's server (Mode 2). */
export interface WechatOptions extends WechatHooks {
  appId: string;
  /** The Token of WeChat's server configuration: 3 to 32 letters and digits. */
  token: string;
  /** 43 letters and digits. With it every push must be encrypted and signed, whatever a request says. */
  encodingAESKey?: string;
  /** The one before, for pushes that were on their way when it was changed. */
  previousEncodingAESKey?: string;
  /**
   * Accept plaintext pushes; not together with a key.
   * @deprecated For WeChat's test accounts only: the signature covers no byte of such a push.
   */
  plaintext?: boolean;
  /** Seconds that a push's time may lie off. Default 300. */
  maxSkew?: number;
  /** Authing's `https://core.authing.cn/connections/social/<identifier>/<pool>/events`. */
  eventsUrl: string;
  /** Default `json`. */
  forwardFormat?: ForwardFormat;
  /** Which scans and follows are forwarded: all, or those of our live attempts. Default `scans`, with `confirm` `known`. */
  forward?: 'scans' | 'known';
  /** The owner's own server: gets every delivery unchanged, and its answer is WeChat's. */
  ownerUrl?: string;
  /** Answer to a follow that logs in, to a scan that logs in. */
  welcomeText?: string;
  loginText?: string;
  /** `number`: hold a scan until the person picks the number shown on the page. */
  confirm?: 'number';
}

export const TOKEN_SHAPE = /^[A-Za-z0-9]{3,32}$/;
export const DEFAULT_MAX_SKEW = 300;
export const MAX_SKEW = { from: 1, to: 86_400 };
export const TEXT_FORM = `a text of at most ${MAX_TEXT_BYTES} bytes`;

export function isChatText(text: string): boolean {
  return text.trim() !== '' && Buffer.byteLength(text) <= MAX_TEXT_BYTES;
}

export function isOwnerUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) && isPlainAddress(text);
}

/** Without credentials, which fetch refuses, and without a fragment, which would swallow the query behind it. */
export function isPlainAddress(text: string): boolean {
  const { username, password } = new URL(text);
  return username === '' && password === '' && !text.includes('#');
}

/** Every push goes to the owner: were he Authing, a scan would reach it past the question and past what is known. */
export function isSameAddress(ownerUrl: string, eventsUrl: string): boolean {
  if (!URL.canParse(ownerUrl) || !URL.canParse(eventsUrl)) return false;
  const [owner, events] = [new URL(ownerUrl), new URL(eventsUrl)];
  return owner.host === events.host && trimmed(owner.pathname) === trimmed(events.pathname);
}

const trimmed = (path: string): string => decodeURI(path).replace(/\/+/g, '/').replace(/\/$/, '').toLowerCase();

/** Throws TypeError naming the first option that is not of its form. `isSafeUrl`: https, or http on loopback. */
export function checkWechatOptions(options: WechatOptions, isSafeUrl: (text: string) => boolean): void {
  const mustBe = (name: string, expected: string, holds: boolean): void => {
    if (!holds) throw new TypeError(`"wechat.${name}" must be ${expected}`);
  };
  const { encodingAESKey, previousEncodingAESKey, maxSkew = DEFAULT_MAX_SKEW } = options;
  const key = '43 letters and digits';
  const isKey = (value: unknown): boolean => typeof value === 'string' && isEncodingAESKey(value);
  mustBe('appId', 'a non-empty string', typeof options.appId === 'string' && options.appId !== '');
  mustBe('token', '3 to 32 letters and digits', typeof options.token === 'string' && TOKEN_SHAPE.test(options.token));
  if (options.plaintext === true) {
    mustBe('plaintext', 'left out where there is a key', encodingAESKey === undefined);
    mustBe('previousEncodingAESKey', 'left out with "wechat.plaintext"', previousEncodingAESKey === undefined);
  } else {
    mustBe('encodingAESKey', key, isKey(encodingAESKey));
    mustBe('previousEncodingAESKey', key, previousEncodingAESKey === undefined || isKey(previousEncodingAESKey));
  }
  const isSkew = Number.isFinite(maxSkew) && maxSkew >= MAX_SKEW.from && maxSkew <= MAX_SKEW.to;
  mustBe('maxSkew', `a number of seconds from ${MAX_SKEW.from} to ${MAX_SKEW.to}`, isSkew);
  mustBe(
    'eventsUrl',
    'an https address (http on loopback only) without credentials and fragment',
    isSafeUrl(String(options.eventsUrl)) && isPlainAddress(options.eventsUrl),
  );
  mustBe('forwardFormat', '"json" or "raw"', isOneOf(options.forwardFormat, ['json', 'raw']));
  mustBe('forward', '"scans" or "known"', isOneOf(options.forward, ['scans', 'known']));
  mustBe('confirm', '"number"', isOneOf(options.confirm, ['number']));
  mustBe(
    'forward',
    '"known" or left out with "wechat.confirm": a code that was not made here must not slip past the question',
    options.confirm === undefined || options.forward !== 'scans',
  );
  mustBe(
    'ownerUrl',
    'an http or https address',
    options.ownerUrl === undefined || isOwnerUrl(String(options.ownerUrl)),
  );
  mustBe(
    'ownerUrl',
    'another address than "wechat.eventsUrl"',
    options.ownerUrl === undefined || !isSameAddress(options.ownerUrl, options.eventsUrl),
  );
  for (const name of ['welcomeText', 'loginText'] as const) {
    const text = options[name];
    mustBe(name, TEXT_FORM, text === undefined || (typeof text === 'string' && isChatText(text)));
  }
  for (const name of ['onPush', 'onUnfollow', 'onSuspicious'] as const) {
    mustBe(name, 'a function', isOneOf(typeof options[name], ['undefined', 'function']));
  }
}

function isOneOf(value: string | undefined, allowed: readonly string[]): boolean {
  return value === undefined || allowed.includes(value);
}
