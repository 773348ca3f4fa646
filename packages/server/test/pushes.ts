import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { sealPush, type PushField, type PushMode } from '../../sandbox/src/wechat/push.ts';
import { SANDBOX_DEFAULTS } from '../../sandbox/src/index.ts';

export interface Vector {
  name: string;
  kind: 'url-verify' | 'signature' | 'decrypt';
  expect: string;
  token: string;
  encodingAESKey: string;
  appId: string;
  timestamp: string;
  nonce: string;
  encrypt: string | null;
  msgSignature: string;
  plaintext: string;
  random: string | null;
}
export interface RealPush {
  name: string;
  mode: PushMode;
  token: string;
  encodingAESKey: string | null;
  appId: string | null;
  decrypted: string | null;
  query: Record<string, string>;
  contentType: string;
  body: string;
}

function fixture<T>(name: string): T[] {
  return JSON.parse(readFileSync(new URL(`./fixtures/${name}.json`, import.meta.url), 'utf8')) as T[];
}
export const VECTORS = fixture<Vector>('wechat-crypto-vectors');
export const REAL_PUSHES = fixture<RealPush>('wechat-pushes');

export const OPENID = 'oSBXtest-openid-CANARY-00001';

/** A push as the sandbox, written from WeChat's documents alone, signs and encrypts it. */
export function sealed(
  fields: Record<string, string>,
  { now, mode = 'secure', openid = OPENID, account = {} }: SealOptions,
): { query: URLSearchParams; body: string } {
  const timestamp = Math.floor(now / 1000);
  const bare = new Set(['CreateTime', 'MsgId']);
  const all = { ToUserName: 'gh_5a4db0c00001', FromUserName: openid, CreateTime: String(timestamp), ...fields };
  return sealPush({
    account: { ...SANDBOX_DEFAULTS, ...account },
    mode,
    fields: Object.entries(all).map(([name, value]): PushField => [name, bare.has(name) ? { bare: value } : value]),
    openid,
    timestamp,
    random: (length) => randomBytes(length),
  });
}

export interface SealOptions {
  /** Unix milliseconds. */
  now: number;
  mode?: PushMode;
  openid?: string;
  account?: { wechatToken?: string; wechatAppId?: string; encodingAESKey?: string };
}

export const scanOf = (ticket: string, more: Record<string, string> = {}): Record<string, string> => ({
  MsgType: 'event',
  Event: 'SCAN',
  EventKey: 'login_scene',
  Ticket: ticket,
  ...more,
});

let messageId = 23_900_000_000_000_000n;
export const textSaying = (content: string): Record<string, string> => ({
  MsgType: 'text',
  Content: content,
  MsgId: String(++messageId),
});
