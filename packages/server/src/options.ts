import { DEFAULT_BASE_PATH } from '@wechat-follow-login/protocol';
import { publicClientRisk, type AuthingOptions } from './authing/options.ts';
import type { Fetch } from './authing/http.ts';
import type { Clock, Log, Random, Store } from './ports.ts';
import { MIN_SECRET_BYTES } from './seal.ts';

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
  /** Hand refresh tokens to the browser too. Default false. */
  deliverRefreshToken?: boolean;
  /** Status calls a second that all attempts together may use. Default 200. */
  pollBudget?: number;
  /** Where another step (MFA, binding, profile) can be done. */
  hostedLoginUrl?: string;
  /** Default: memory of this process. */
  store?: Store;
  /** Default: none. */
  log?: Log;
  /** Default: the global fetch. Asked for Authing only. */
  fetch?: Fetch;
  clock?: Clock;
  random?: Random;
}

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** Whether `value` is an origin and nothing more, as a browser writes it. */
export function isOrigin(value: string): boolean {
  return URL.canParse(value) && new URL(value).origin === value;
}

/** https, or http on loopback. */
export function isSafeOrigin(value: string): boolean {
  if (!isOrigin(value)) return false;
  const url = new URL(value);
  return url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK.has(url.hostname));
}

export const BASE_PATH_SHAPE = /^(\/[A-Za-z0-9._~-]+)+$/;

/** Throws TypeError naming the first option that is not of its form. */
export function checkOptions(options: CompanionOptions): void {
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
  mustBe('attemptTtl', 'a number of seconds from 30 to 600', isWithin(attemptTtl, 30, 600));
  mustBe('pollBudget', 'a number of calls a second from 1 to 10000', isWithin(pollBudget, 1, 10_000));
  mustBe('authing', 'an object', typeof authing === 'object' && authing !== null);
  mustBe(
    'authing.appHost',
    'an https origin such as "https://app.authing.cn" (http on loopback only)',
    isSafeOrigin(String(authing.appHost)),
  );
  mustBe('authing.appId', 'a non-empty string', isText(authing.appId));
  const { clientAuth = 'post' } = authing;
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

function isWithin(value: number, from: number, to: number): boolean {
  return Number.isFinite(value) && value >= from && value <= to;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
