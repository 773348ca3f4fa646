import type { Question } from '../login/confirm.ts';
import type { Verdict } from '../login/inbox.ts';
import type { ChatReply } from './reply.ts';

interface Words {
  ask(site: string): string;
  unknown: string;
  device: (browser: string, system: string) => string;
  time(text: string): string;
  pick: string;
  ifNot: string;
  notMe: string;
  confirmed: string;
  rejected: string;
  taken: string;
  ended: string;
}

const WORDS: Record<'zh' | 'en', Words> = {
  zh: {
    ask: (site) => `${site} 请求用你的微信登录。`,
    unknown: '未知',
    device: (browser, system) => `浏览器：${browser}（${system}）`,
    time: (text) => `时间：${text}（北京时间）`,
    pick: '如果是你本人，请点选或回复网页上显示的数字：',
    ifNot: '如果不是你在登录，请点：',
    notMe: '不是我',
    confirmed: '已确认，正在登录，请回到网页。',
    rejected: '已取消，没有人登录。如果有人让你扫这个码，请不要相信对方。',
    taken: '这个二维码已被他人扫描，请在网页上刷新后重试。',
    ended: '这个二维码已失效，请在网页上获取新的二维码。',
  },
  en: {
    ask: (site) => `${site} asks to sign in with your WeChat.`,
    unknown: 'unknown',
    device: (browser, system) => `Browser: ${browser} (${system})`,
    time: (text) => `Time: ${text} (UTC+8)`,
    pick: 'If this is you, tap or type the number shown on the page:',
    ifNot: 'If it is not you:',
    notMe: 'Not me',
    confirmed: 'Confirmed. Signing in: please go back to the page.',
    rejected: 'Cancelled, nobody was signed in. If somebody sent you this code, do not trust them.',
    taken: 'Somebody else has scanned this code. Please refresh the page for a new one.',
    ended: 'This code is no longer valid. Please get a new one on the page.',
  },
};

/** The account's followers read Chinese unless the page said otherwise. */
function wordsFor(locale: string | null): Words {
  return locale === null || /^zh\b/i.test(locale) ? WORDS.zh : WORDS.en;
}

/** What the chat is told of a verdict; null where the login has nothing to say. */
export function replyTo(verdict: Verdict, texts: { welcome: string | null; login: string | null }): ChatReply | null {
  switch (verdict.kind) {
    case 'login':
      return textReply(verdict.newFollower ? texts.welcome : texts.login);
    case 'ask':
      return textReply(questionText(verdict.question));
    default:
      return textReply(wordsFor(verdict.locale)[verdict.kind]);
  }
}

function textReply(content: string | null): ChatReply | null {
  return content === null ? null : { type: 'text', content };
}

/** Everything in it is ours: a listed origin, names out of a table, digits. */
function questionText({ attempt, numbers, askedAt }: Question): string {
  const words = wordsFor(attempt.locale);
  const { browser = null, system = null } = attempt.browser ?? {};
  return [
    words.ask(attempt.origin),
    words.device(browser ?? words.unknown, system ?? words.unknown),
    words.time(inBeijing(askedAt)),
    '',
    words.pick,
    numbers.map((number) => link(number, number, number)).join('　　'),
    '',
    `${words.ifNot} ${link(words.notMe.replaceAll(' ', ''), '0', words.notMe)}`,
  ].join('\n');
}

/** A tap sends `content`, which holds no space, as an ordinary text message. WeChat delivers the id unreliably: nothing depends on it. */
function link(content: string, id: string, label: string): string {
  return `<a href="weixin://bizmsgmenu?msgmenucontent=${content}&msgmenuid=${id}">${label}</a>`;
}

function inBeijing(at: number): string {
  const text = new Date(at + 8 * 3600_000).toISOString();
  return `${text.slice(0, 10)} ${text.slice(11, 16)}`;
}
