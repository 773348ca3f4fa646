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

/** Why a value is no reply, or null when it is one. A text without content makes WeChat show its failure notice. */
export function replyProblem(value: unknown): string | null {
  if (!isRecord(value)) return 'an object with "type"';
  const isText = (text: unknown): text is string => typeof text === 'string' && text.trim() !== '';
  switch (value.type) {
    case 'text':
      return isText(value.content) ? null : '"content", a text that is not empty';
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
