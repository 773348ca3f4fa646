import { isRecord } from '@wechat-follow-login/protocol';
import { systemClock } from './clock.ts';
import type { Clock } from './ports.ts';
import { createKeyRing, type KeyRing } from './seal.ts';
import { parseSecrets } from './secrets.ts';

/** `__Host-`: a browser takes it from this very host over https only, so that no subdomain can plant one. */
const NAME = '__Host-wechat-login';
const ATTRIBUTES = 'Path=/; Secure; HttpOnly; SameSite=Lax';
/** Seconds in which the host's back end is to start its own session. */
const LIFETIME = 300;

/** Who signed in, as the host's back end reads it from the cookie. */
export interface CookieLogin {
  /** Authing's user id. */
  sub: string;
  /** Unix seconds. */
  exp: number;
}

/** Value of `Set-Cookie`. `from` in unix milliseconds: a claim that is repeated makes the login no younger. */
export function loginCookie(keys: KeyRing, sub: string, from: number): string {
  const login: CookieLogin = { sub, exp: Math.floor(from / 1000) + LIFETIME };
  return `${NAME}=${keys.seal('login-cookie', JSON.stringify(login))}; ${ATTRIBUTES}; Max-Age=${LIFETIME}`;
}

/**
 * Value of the `Set-Cookie` with which your back end drops the cookie once its own session has begun. Otherwise whoever logs
 * out within five minutes is logged in again by it.
 */
export function clearLogin(): string {
  return `${NAME}=; ${ATTRIBUTES}; Max-Age=0`;
}

/** A web Request, or node's IncomingMessage and what is like it. */
export interface CookieCarrier {
  headers: { get(name: string): string | null } | { cookie?: string | undefined };
}

/**
 * The login in the request's cookie; null when there is none, it is not ours, or it is over. `secrets` are the companion's: the
 * text of COMPANION_SECRETS, or keys. Throws TypeError when they are not of their form.
 */
export function readLogin(
  request: CookieCarrier,
  options: { secrets: string | readonly Uint8Array[]; clock?: Pick<Clock, 'now'> },
): CookieLogin | null {
  const { secrets, clock = systemClock } = options;
  const keys = createKeyRing(typeof secrets === 'string' ? parseSecrets(secrets) : secrets);
  const values = valuesOf(cookiesOf(request));
  // Two of this name never come from us alone; which of them to believe is not for us to guess.
  if (values.length !== 1) return null;
  const text = keys.open('login-cookie', values[0]!);
  if (text === null) return null;
  const login: unknown = JSON.parse(text);
  if (!isLogin(login) || login.exp * 1000 <= clock.now()) return null;
  return { sub: login.sub, exp: login.exp };
}

function cookiesOf({ headers }: CookieCarrier): string {
  const text =
    'get' in headers && typeof headers.get === 'function'
      ? headers.get('cookie')
      : 'cookie' in headers && headers.cookie;
  return typeof text === 'string' ? text : '';
}

/**
 * The name is compared as it is: `__host-…` is another cookie, for which browsers promise less. Blanks are cut off one by
 * one: a pattern for them looks again from each of them, and anybody may send a header full of blanks.
 */
function valuesOf(cookies: string): string[] {
  const start = `${NAME}=`;
  return cookies
    .split(';')
    .map(withoutBlanks)
    .filter((pair) => pair.startsWith(start))
    .map((pair) => pair.slice(start.length));
}

function withoutBlanks(text: string): string {
  let [from, to] = [0, text.length];
  while (isBlank(text[from])) from++;
  while (to > from && isBlank(text[to - 1])) to--;
  return text.slice(from, to);
}

const isBlank = (character: string | undefined): boolean => character === ' ' || character === '\t';

function isLogin(value: unknown): value is CookieLogin {
  return isRecord(value) && typeof value.sub === 'string' && value.sub !== '' && typeof value.exp === 'number';
}
