import { eventsPath } from './authing/events.ts';
import type { SendPush } from './wechat/one-try.ts';
import { PUSH_HEADERS } from './wechat/push.ts';
import { trickle } from './wechat/trickle.ts';
import type { UrlCheck } from './wechat/verify-url.ts';
import { verifyUrl } from './wechat/verify-url.ts';
import type { World } from './world.ts';

/** The one URL of an account's server configuration, and who answers there. */
export interface ServerUrl {
  /** Authing's own endpoint in this sandbox (Mode 1, or O36). */
  isAuthing(): boolean;
  push: SendPush;
  verify(): Promise<UrlCheck>;
}

export interface ServerUrlOptions {
  /** Origin of Authing's endpoint. */
  base: string;
  fetch: typeof globalThis.fetch;
  /** Answers for Authing. */
  sandbox(request: Request): Promise<Response>;
}

const { 'Content-Type': _, ...VERIFY_HEADERS } = PUSH_HEADERS;

export function createServerUrl(world: World, { base, fetch, sandbox }: ServerUrlOptions): ServerUrl {
  /** O36: a component's events go to Authing whatever URL the account has. */
  const isAuthing = () => world.pushUrl === null || world.switches.get('O36') === 'yes';

  const call = (query: URLSearchParams, init: RequestInit): Promise<Response> => {
    const target = new URL(isAuthing() ? eventsPath(world) : (world.pushUrl ?? ''), base);
    for (const [name, value] of query) target.searchParams.append(name, value);
    return isAuthing() ? sandbox(new Request(target, init)) : fetch(target, { ...init, redirect: 'manual' });
  };

  return {
    isAuthing,
    push: ({ query, body, trickleMs }, headers, signal) => {
      if (trickleMs === undefined) return call(query, { method: 'POST', headers, body, signal });
      const slowly = {
        method: 'POST',
        headers: { ...headers, 'Content-Length': String(Buffer.byteLength(body)) },
        body: trickle(world.clock, body, trickleMs),
        signal,
        duplex: 'half', // asked for where the body is a stream
      };
      return call(query, slowly);
    },
    verify: () => verifyUrl(world, (query, signal) => call(query, { method: 'GET', headers: VERIFY_HEADERS, signal })),
  };
}
