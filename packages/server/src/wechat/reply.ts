import { isRecord } from '@wechat-follow-login/protocol';
import { encrypt } from './crypto.ts';
import type { Push } from './push.ts';
import { sign } from './signature.ts';
import { cdata } from './xml.ts';

/** What is shown in the chat as the answer to a push. */
export type ChatReply =
  | { type: 'text'; content: string }
  | { type: 'image'; mediaId: string }
  | { type: 'news'; articles: ReadonlyArray<{ title: string; description: string; pictureUrl: string; url: string }> };

/** WeChat shows one article since 2018; older clients took eight. */
const MAX_ARTICLES = 8;
/** WeChat's limit for a text, bytes. */
export const MAX_TEXT_BYTES = 2048;

/**
 * A hook's answer as a reply that WeChat takes, with the known fields alone: a host's object may hold anything beside them.
 * Throws TypeError that says what was expected. A text without content would make WeChat show its failure notice.
 */
export function toReply(value: unknown): ChatReply {
  const problem = replyProblem(value);
  if (problem !== null) throw new TypeError(`a reply must be ${problem}`);
  const reply = value as ChatReply;
  switch (reply.type) {
    case 'text':
      return { type: 'text', content: reply.content };
    case 'image':
      return { type: 'image', mediaId: reply.mediaId };
    case 'news':
      return {
        type: 'news',
        articles: reply.articles.map(({ title, description, pictureUrl, url }) => ({
          title,
          description,
          pictureUrl,
          url,
        })),
      };
  }
}

function replyProblem(value: unknown): string | null {
  if (!isRecord(value)) return 'an object with "type"';
  const isText = (text: unknown): text is string => typeof text === 'string' && visible(text) !== '';
  switch (value.type) {
    case 'text':
      return isText(value.content) && Buffer.byteLength(value.content) <= MAX_TEXT_BYTES
        ? null
        : `"content", a text that is not empty and has at most ${MAX_TEXT_BYTES} bytes`;
    case 'image':
      return isText(value.mediaId) ? null : '"mediaId"';
    case 'news': {
      const { articles } = value;
      const isArticle = (article: unknown): boolean =>
        isRecord(article) && [article.title, article.description, article.pictureUrl, article.url].every(isString);
      const isList = Array.isArray(articles) && articles.length > 0 && articles.length <= MAX_ARTICLES;
      return isList && articles.every(isArticle)
        ? null
        : `"articles", 1 to ${MAX_ARTICLES} of {title, description, pictureUrl, url}`;
    }
    default:
      return '"type" text, image or news';
  }
}

/** What is left once the characters are gone that XML cannot hold. */
function visible(text: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what is to be removed
  return text.replace(/[\u0000-\u001f\u007f]/g, '').trim();
}

const isString = (value: unknown): value is string => typeof value === 'string';

/** The reply as WeChat's XML, unencrypted. `now` in unix seconds: clients refuse milliseconds. */
export function renderReply(to: Pick<Push, 'openid' | 'account'>, reply: ChatReply, now: number): string {
  const head =
    field('ToUserName', to.openid) +
    field('FromUserName', to.account) +
    `<CreateTime>${now}</CreateTime>` +
    field('MsgType', reply.type);
  return `<xml>${head}${bodyOf(reply)}</xml>`;
}

function bodyOf(reply: ChatReply): string {
  switch (reply.type) {
    case 'text':
      return field('Content', reply.content);
    case 'image':
      return `<Image>${field('MediaId', reply.mediaId)}</Image>`;
    case 'news': {
      const items = reply.articles.map(
        ({ title, description, pictureUrl, url }) =>
          `<item>${field('Title', title)}${field('Description', description)}${field('PicUrl', pictureUrl)}${field('Url', url)}</item>`,
      );
      return `<ArticleCount>${items.length}</ArticleCount><Articles>${items.join('')}</Articles>`;
    }
  }
}

// eslint-disable-next-line no-control-regex -- XML has no place for them, WeChat would refuse the whole reply
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g;

function field(name: string, text: string): string {
  return `<${name}>${cdata(text.replace(CONTROL, ''))}</${name}>`;
}

/** What an encrypted reply is made with: the key that opened the push, and the push's own nonce. */
export interface ReplySeal {
  key: Buffer;
  appId: string;
  token: string;
  nonce: string;
}

/** `random` is 16 bytes, `now` unix seconds. */
export function encryptReply(xml: string, seal: ReplySeal, now: number, random: Uint8Array): string {
  const encrypted = encrypt(seal.key, seal.appId, xml, random);
  const signature = sign(seal.token, String(now), seal.nonce, encrypted);
  return (
    `<xml>${field('Encrypt', encrypted)}${field('MsgSignature', signature)}` +
    `<TimeStamp>${now}</TimeStamp>${field('Nonce', seal.nonce)}</xml>`
  );
}
