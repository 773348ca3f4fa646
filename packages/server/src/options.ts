import { DEFAULT_BASE_PATH, type ClaimResult } from '@wechat-follow-login/protocol';
import { publicClientRisk, type AuthingOptions } from './authing/options.ts';
import type { Fetch } from './authing/http.ts';
import { isLoopback } from './loopback.ts';
import type { Clock, Log, Random, Store } from './ports.ts';
import { MIN_SECRET_BYTES } from './seal.ts';
import { checkWechatOptions, type WechatOptions } from './wechat/options.ts';

/** What {@link createCompanion} takes. The command line fills it from the environment. */
export interface CompanionOptions {
  /** Origins of the pages that may log in, e.g. `https://shop.example`. */
  allowedOrigins: readonly string[];
  authing: AuthingOptions;
  /**
   * Keys of at least 32 bytes; the first seals, all open. Without them a random one is made: a restart then ends every
   * login that is under way, and several processes cannot work together.
   */
  secrets?: readonly Uint8Array[];
  /** Where the endpoints lie. Default `/wechat-login`. */
  basePath?: string;
  /** Seconds a code is shown. Default 120. */
  attemptTtl?: number;
  /** What the element shows of the official account. */
  account?: { name?: string; avatar?: string };
  /**
   * What the browser is given. `tokens` (the default): the tokens. `code`: a code of one minute that your back end redeems
   * for them, with `apiKey`. `cookie`: a sealed cookie that your back end opens with `readLogin`; page and companion are one
   * origin then.
   */
  delivery?: ClaimResult['delivery'];
  /** Bearer of `POST /codes/redeem`, at least 32 characters. Required with delivery `code`. */
  apiKey?: string;
  /** Hand out refresh tokens too: to the browser, or with delivery `code` to who redeems it. Default false. */
  deliverRefreshToken?: boolean;
  /** Status calls a second that all attempts together may use. Default 200. */
  pollBudget?: number;
  /** Where another step (MFA, binding, profile) can be done. */
  hostedLoginUrl?: string;
  /** Bearer that opens `GET /metrics` beyond loopback; at least 32 characters. */
  metricsToken?: string;
  /** Mode 2: the companion is the account's server, and WeChat's pushes go to `<basePath>/wechat/push`. */
  wechat?: WechatOptions;
  /** Default: memory of this process. */
  store?: Store;
  /** Default: none. */
  log?: Log;
  /** Default: the global fetch. Asked for Authing only. */
  fetch?: Fetch;
  clock?: Clock;
  random?: Random;
}

/** Whether `value` is a page's origin and nothing more, as a browser writes it. */
export function isOrigin(value: string): boolean {
  return /^https?:/.test(value) && URL.canParse(value) && new URL(value).origin === value;
}

/** https, or http on loopback. */
export function isSafeOrigin(value: string): boolean {
  if (!isOrigin(value)) return false;
  const url = new URL(value);
  return url.protocol === 'https:' || isLoopback(url.hostname);
}

/** Whether an address may be shown or linked to: https, or http on loopback. */
export function isWebAddress(value: string): boolean {
  return URL.canParse(value) && isSafeOrigin(new URL(value).origin);
}

/** Lower case and without a port: what is compared is a URL's `hostname`. */
export function isHostName(value: string): boolean {
  return /^[a-z0-9.-]+$|^\[[0-9a-f:.]+\]$/.test(value);
}

/** Segments without `.` and `..`, which HTTP clients resolve away. */
export const BASE_PATH_SHAPE = /^(\/(?!\.{1,2}(\/|$))[A-Za-z0-9._~-]+)+$/;
export const DELIVERIES = ['tokens', 'code', 'cookie'] as const satisfies ReadonlyArray<ClaimResult['delivery']>;
/** Of METRICS_TOKEN and API_KEY. */
export const KEY_FORM = 'at least 32 characters without spaces';
export function isKey(value: string): boolean {
  return /^[\x21-\x7e]{32,}$/.test(value);
}

export const TTL_RANGE = { from: 1, to: 1_800 };

/** Throws TypeError naming the first option that is not of its form. */
export function checkOptions(options: CompanionOptions): void {
  mustBe('options', 'an object', isObject(options));
  const {
    allowedOrigins,
    authing,
    secrets,
    basePath = DEFAULT_BASE_PATH,
    attemptTtl = 120,
    pollBudget = 200,
  } = options;
  mustBe('allowedOrigins', 'an array of origins such as "https://shop.example"', isOriginList(allowedOrigins));
  mustBe(
    'secrets',
    `an array of keys of at least ${MIN_SECRET_BYTES} bytes`,
    secrets === undefined || areSecrets(secrets),
  );
  mustBe('basePath', 'a path such as "/wechat-login", without a slash at its end', BASE_PATH_SHAPE.test(basePath));
  mustBe(
    'attemptTtl',
    `a number of seconds from ${TTL_RANGE.from} to ${TTL_RANGE.to}`,
    isWithin(attemptTtl, TTL_RANGE.from, TTL_RANGE.to),
  );
  mustBe('pollBudget', 'a number of calls a second from 1 to 10000', isWithin(pollBudget, 1, 10_000));
  const { hostedLoginUrl, account, deliverRefreshToken = false } = options;
  mustBe('hostedLoginUrl', 'an https address', hostedLoginUrl === undefined || isWebAddress(String(hostedLoginUrl)));
  mustBe(
    'account',
    'an object with the texts "name" and "avatar" (an https address)',
    account === undefined || isAccount(account),
  );
  const { metricsToken } = options;
  mustBe('metricsToken', KEY_FORM, metricsToken === undefined || isKey(metricsToken));
  const { delivery = 'tokens', apiKey } = options;
  mustBe('delivery', '"tokens", "code" or "cookie"', DELIVERIES.includes(delivery));
  mustBe(
    'apiKey',
    `${KEY_FORM}, and given with delivery "code"`,
    apiKey === undefined ? delivery !== 'code' : typeof apiKey === 'string' && isKey(apiKey),
  );
  mustBe('deliverRefreshToken', 'true or false', typeof deliverRefreshToken === 'boolean');
  mustBe('authing', 'an object', isObject(authing));
  mustBe(
    'authing.appHost',
    'an https origin such as "https://app.authing.cn" (http on loopback only)',
    isSafeOrigin(String(authing.appHost)),
  );
  mustBe('authing.appId', 'a non-empty string', isText(authing.appId));
  const { clientAuth = 'post', connectionId, qrHosts = [] } = authing;
  mustBe('authing.connectionId', 'a non-empty string', connectionId === undefined || isText(connectionId));
  mustBe(
    'authing.qrHosts',
    'an array of host names in lower case, without ports',
    Array.isArray(qrHosts) && qrHosts.every((host) => isHostName(String(host))),
  );
  mustBe('authing.clientAuth', '"post", "basic" or "none"', ['post', 'basic', 'none'].includes(clientAuth));
  if (clientAuth === 'none') {
    mustBe(
      'authing.allowPublicClient',
      `"${publicClientRisk}" when authing.clientAuth is "none"`,
      authing.allowPublicClient === publicClientRisk,
    );
  } else {
    mustBe('authing.appSecret', 'a non-empty string', isText(authing.appSecret));
  }
  if (options.wechat !== undefined) {
    mustBe('wechat', 'an object', typeof options.wechat === 'object' && options.wechat !== null);
    checkWechatOptions(options.wechat, isWebAddress);
  }
}

function mustBe(name: string, expected: string, holds: boolean): void {
  if (!holds) throw new TypeError(`"${name}" must be ${expected}`);
}

function isOriginList(value: readonly string[]): boolean {
  return (
    Array.isArray(value) && value.length > 0 && value.every((origin) => origin === 'null' || isOrigin(String(origin)))
  );
}

function areSecrets(value: readonly Uint8Array[]): boolean {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((key) => key instanceof Uint8Array && key.length >= MIN_SECRET_BYTES)
  );
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

function isAccount(value: NonNullable<CompanionOptions['account']>): boolean {
  const { name, avatar } = value;
  return (name === undefined || isText(name)) && (avatar === undefined || (isText(avatar) && isWebAddress(avatar)));
}

function isWithin(value: number, from: number, to: number): boolean {
  return Number.isFinite(value) && value >= from && value <= to;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
