import type { SandboxClock } from './clock.ts';
import type { SandboxLog } from './log.ts';
import type { RandomBytes } from './random-text.ts';
import type { Switches } from './switches.ts';
import type { People } from './wechat/people.ts';
import type { PushMode } from './wechat/push.ts';

/** The demo account and application as one sandbox plays them: SANDBOX_DEFAULTS unless options say otherwise. */
export interface Account {
  appId: string;
  appSecret: string;
  userPoolId: string;
  connectionId: string;
  identifier: string;
  wechatAppId: string;
  wechatAppSecret: string;
  wechatToken: string;
  encodingAESKey: string;
  originalId: string;
  accountName: string;
  wechatExpireSeconds: number;
  quotaPerSecond: number;
  markFailAfter: number;
}

/** What all rooms of the sandbox share. */
export interface World {
  account: Account;
  /** How WeChat sends its pushes. */
  mode: PushMode;
  /** Where it sends them: null is Mode 1, Authing's own events endpoint. */
  pushUrl: string | null;
  clock: SandboxClock;
  random: RandomBytes;
  switches: Switches;
  log: SandboxLog;
  people: People;
  /** Origins an application may be asked from; empty: not restricted. */
  allowedOrigins: readonly string[];
}

export interface Call {
  request: Request;
  url: URL;
  /** Origin the clouds call their own: option `baseUrl`, else the request's. */
  base: string;
  /** What the groups of the route's pattern caught, percent-decoded. */
  params: readonly string[];
}

export interface Route {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'ANY';
  path: string | RegExp;
  handle(call: Call): Response | Promise<Response>;
}

export function findRoute(routes: readonly Route[], method: string, pathname: string): [Route, string[]] | null {
  for (const route of routes) {
    if (route.method !== 'ANY' && route.method !== method) continue;
    if (typeof route.path === 'string') {
      if (route.path === pathname) return [route, []];
      continue;
    }
    const match = route.path.exec(pathname);
    if (match) return [route, match.slice(1).map(decodeURIComponentOrRaw)];
  }
  return null;
}

function decodeURIComponentOrRaw(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
