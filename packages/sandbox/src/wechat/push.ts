import { encrypt, sign } from './crypto.ts';
import type { RandomBytes } from '../random-text.ts';
import { DIGITS, HEX, randomText } from '../random-text.ts';
import { cdata } from './xml.ts';

/** 明文, 兼容 and 安全: how an account has WeChat send its pushes. */
export type PushMode = 'plaintext' | 'compatible' | 'secure';
export const PUSH_MODES: readonly PushMode[] = ['plaintext', 'compatible', 'secure'];

/** Numbers and 64-bit ids stand bare; everything else is CDATA, or holds further fields. */
export type PushField = readonly [name: string, value: string | { bare: string } | { inside: readonly PushField[] }];

export interface PushHead {
  originalId: string;
  openid: string;
  /** Unix seconds. */
  createTime: number;
}

const head = ({ originalId, openid, createTime }: PushHead, type: string): PushField[] => [
  ['ToUserName', originalId],
  ['FromUserName', openid],
  ['CreateTime', { bare: String(createTime) }],
  ['MsgType', type],
];

const event = (push: PushHead, name: string, key: string, ticket?: string): PushField[] => [
  ...head(push, 'event'),
  ['Event', name],
  ['EventKey', key],
  ...(ticket === undefined ? [] : [['Ticket', ticket] as const]),
];

/** A follow. With a scene it came from a parametric code, and the key gets its one `qrscene_`. */
export const subscribeEvent = (push: PushHead, scan?: { scene: string; ticket: string }): PushField[] =>
  event(push, 'subscribe', scan ? `qrscene_${scan.scene}` : '', scan?.ticket);

export const scanEvent = (push: PushHead, scan: { scene: string; ticket: string }): PushField[] =>
  event(push, 'SCAN', scan.scene, scan.ticket);

export const unsubscribeEvent = (push: PushHead): PushField[] => event(push, 'unsubscribe', '');

/** `messageId` is a string: it is 64 bits wide. */
export const textMessage = (push: PushHead, content: string, messageId: string, menuId?: string): PushField[] => [
  ...head(push, 'text'),
  ['Content', content],
  ['MsgId', { bare: messageId }],
  ...(menuId === undefined ? [] : [['bizmsgmenuid', { bare: menuId }] as const]),
];

function element([name, value]: PushField): string {
  if (typeof value === 'string') return `<${name}>${cdata(value)}</${name}>`;
  return `<${name}>${'bare' in value ? value.bare : glued(value.inside)}</${name}>`;
}

const glued = (fields: readonly PushField[]) => fields.map((field) => `${element(field)}\n`).join('');

/** First element glued to `<xml>`, LF between elements, none at the end. */
export const renderPlaintext = (fields: readonly PushField[]): string => `<xml>${glued(fields)}</xml>`;

const renderIndented = (fields: readonly PushField[]) =>
  `<xml>\n${fields.map((field) => `    ${element(field)}\n`).join('')}</xml>\n`;

/** What goes over the wire around an already encrypted message. */
export function renderEnvelope(mode: 'compatible' | 'secure', fields: readonly PushField[], encrypted: string): string {
  const clear = mode === 'compatible' ? fields : fields.filter(([name]) => name === 'ToUserName');
  return renderIndented([...clear, ['Encrypt', encrypted]]);
}

export interface PushAccount {
  wechatAppId: string;
  wechatToken: string;
  encodingAESKey: string;
}

export interface WirePush {
  /** In WeChat's order. */
  query: URLSearchParams;
  body: string;
  /** The body takes this long to arrive, piece by piece; milliseconds. */
  trickleMs?: number;
}

export interface SealInput {
  account: PushAccount;
  mode: PushMode;
  fields: readonly PushField[];
  openid: string;
  /** Unix seconds. */
  timestamp: number;
  random: RandomBytes;
  /** What a tamperer makes of the ciphertext before it is signed. */
  alter?: (encrypted: string) => string;
}

const same = (text: string) => text;

/** Signs a message anew, and encrypts it unless the mode is plaintext. */
export function sealPush({ account, mode, fields, openid, timestamp, random, alter = same }: SealInput): WirePush {
  const nonce = randomText(random, 9, DIGITS).replace(/^0/, '1');
  const query = new URLSearchParams({
    signature: sign(account.wechatToken, String(timestamp), nonce),
    timestamp: String(timestamp),
    nonce,
    openid,
  });
  const plaintext = renderPlaintext(fields);
  if (mode === 'plaintext') return { query, body: plaintext };
  const encrypted = alter(
    encrypt({
      encodingAESKey: account.encodingAESKey,
      appId: account.wechatAppId,
      plaintext,
      random: Buffer.from(randomText(random, 16, HEX)),
    }),
  );
  query.set('encrypt_type', 'aes');
  query.set('msg_signature', sign(account.wechatToken, String(timestamp), nonce, encrypted));
  return { query, body: renderEnvelope(mode, fields, encrypted) };
}

/** As WeChat sends them; Content-Length comes from the transport. */
export const PUSH_HEADERS = Object.freeze({
  'User-Agent': 'Mozilla/4.0',
  Accept: '*/*',
  'Content-Type': 'text/xml',
  Pragma: 'no-cache',
  Connection: 'close',
});
