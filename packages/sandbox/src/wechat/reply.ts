import type { Article } from './people.ts';
import type { PushAccount, PushMode } from './push.ts';
import { CryptoRefusal, decrypt, signatureFits } from './crypto.ts';
import { readElements, readXml } from './xml.ts';

/** What WeChat makes of the answer to a push: nothing, a line in the chat, or the failure notice. */
export type PassiveReply =
  | { kind: 'nothing' }
  | { kind: 'line'; text: string; articles?: readonly Article[] }
  | { kind: 'unusable'; why: string };

export interface ReplyContext {
  account: PushAccount;
  originalId: string;
  openid: string;
  mode: PushMode;
}

const unusable = (why: string): PassiveReply => ({ kind: 'unusable', why });

/** Unix seconds have ten digits until 2286; thirteen are the milliseconds clients reject. */
const isSeconds = (text: string | undefined) => text !== undefined && /^\d{8,10}$/.test(text);

function readMessage(fields: Map<string, string>, { originalId, openid }: ReplyContext): PassiveReply {
  if (fields.get('ToUserName') !== openid) return unusable('ToUserName is not the openid of the push');
  if (fields.get('FromUserName') !== originalId) return unusable('FromUserName is not the account');
  if (!isSeconds(fields.get('CreateTime'))) return unusable('CreateTime is not in seconds');
  switch (fields.get('MsgType')) {
    case undefined:
      return unusable('MsgType is missing');
    case 'text':
      return readText(fields);
    case 'image':
      return readMedia(fields, 'Image', 'image');
    case 'news':
      return readNews(fields);
    default:
      return { kind: 'line', text: `[${fields.get('MsgType')}]` };
  }
}

const readText = (fields: Map<string, string>): PassiveReply => {
  const text = fields.get('Content');
  return text ? { kind: 'line', text } : unusable('Content is empty');
};

/** A block such as `<Image><MediaId>…</MediaId></Image>`, left as source text by the reader of the whole. */
const blockOf = (fields: Map<string, string>, name: string) => new Map(readElements(fields.get(name) ?? ''));

const readMedia = (fields: Map<string, string>, block: string, kind: string): PassiveReply =>
  blockOf(fields, block).get('MediaId') ? { kind: 'line', text: `[${kind}]` } : unusable(`${block} holds no MediaId`);

function readNews(fields: Map<string, string>): PassiveReply {
  const items = readElements(fields.get('Articles') ?? '') ?? [];
  const articles = items.map(([, item]) => {
    const values = new Map(readElements(item));
    const value = (name: string) => values.get(name) ?? '';
    return { title: value('Title'), description: value('Description'), picture: value('PicUrl'), url: value('Url') };
  });
  if (articles.length === 0) return unusable('Articles holds no item');
  if (fields.get('ArticleCount') !== String(articles.length))
    return unusable('ArticleCount is not the number of items');
  return { kind: 'line', text: '[news]', articles };
}

function openReply(fields: Map<string, string>, { account }: ReplyContext): Map<string, string> | string {
  const encrypted = fields.get('Encrypt') ?? '';
  const timestamp = fields.get('TimeStamp') ?? '';
  const nonce = fields.get('Nonce') ?? '';
  if (!isSeconds(timestamp)) return 'TimeStamp is not in seconds';
  const parts = { token: account.wechatToken, timestamp, nonce, encrypt: encrypted };
  if (!signatureFits(parts, fields.get('MsgSignature') ?? '')) return 'MsgSignature does not fit';
  try {
    const input = { encodingAESKey: account.encodingAESKey, appId: account.wechatAppId, encrypt: encrypted };
    return readXml(decrypt(input).plaintext) ?? 'the decrypted reply is not XML';
  } catch (error) {
    if (error instanceof CryptoRefusal) return `the reply does not decrypt: ${error.reason}`;
    throw error;
  }
}

/** Reads the body of a 2xx answer. */
export function readReply(body: string, context: ReplyContext): PassiveReply {
  if (body === '' || body === 'success') return { kind: 'nothing' };
  const fields = readXml(body);
  if (!fields) return unusable('neither empty, "success" nor XML');
  const encrypted = fields.has('Encrypt');
  if (!encrypted && context.mode === 'secure') return unusable('not encrypted though the mode is secure');
  if (encrypted && context.mode === 'plaintext') return unusable('encrypted though the mode is plaintext');
  if (!encrypted) return readMessage(fields, context);
  const opened = openReply(fields, context);
  return typeof opened === 'string' ? unusable(opened) : readMessage(opened, context);
}
