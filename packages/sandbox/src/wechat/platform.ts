import { DIGITS, HEX, LETTERS_AND_DIGITS, randomText } from '../random-text.ts';
import { seconds } from '../clock.ts';
import type { World } from '../world.ts';
import { encodeTicket } from './ticket.ts';

/** A parametric QR code as WeChat keeps it. */
export interface WechatCode {
  ticket: string;
  /** `http://weixin.qq.com/q/02…`, the content of the picture. */
  url: string;
  scene: string;
  /** Unix seconds. */
  created: number;
  /** 0 = permanent. */
  expireSeconds: number;
}

export interface AccessToken {
  token: string;
  /** Unix seconds. */
  expiresAt: number;
}

const TOKEN_SECONDS = 7200;
/** A superseded token works on for five minutes; the stable one is replaced in its last five. */
const OVERLAP_SECONDS = 300;

const CODE_LETTERS = `${LETTERS_AND_DIGITS}-_`;
/** How the 22 characters of a permanent code end; a temporary one never does. */
const PERMANENT_END = /10000[gMw][037].$/;

export interface WechatPlatform {
  createCode(scene: string, expireSeconds: number): WechatCode;
  codeByTicket(ticket: string): WechatCode | undefined;
  codeByUrl(url: string): WechatCode | undefined;
  hasExpired(code: WechatCode): boolean;
  /** `/cgi-bin/token`: always a new one; the one before works five minutes longer. */
  newToken(): AccessToken;
  /** `/cgi-bin/stable_token`: the same one until its last five minutes. */
  stableToken(forceRefresh: boolean): AccessToken;
  tokenIsValid(token: string): boolean;
  reset(): void;
}

export function createWechatPlatform({ clock, random }: World): WechatPlatform {
  const byUrl = new Map<string, WechatCode>();
  const byTicket = new Map<string, WechatCode>();
  const tokens = new Map<string, number>();
  let latest: AccessToken | null = null;
  let stable: AccessToken | null = null;

  const codeText = (permanent: boolean): string => {
    if (permanent) {
      return `02${randomText(random, 12, CODE_LETTERS)}10000${randomText(random, 1, 'gMw')}${randomText(random, 1, '037')}${randomText(random, 1, CODE_LETTERS)}`;
    }
    const text = `02${randomText(random, 20, CODE_LETTERS)}`;
    return PERMANENT_END.test(text) ? codeText(false) : text;
  };

  const mint = (): AccessToken => {
    const made = {
      token: `${randomText(random, 3, DIGITS)}_${randomText(random, 132, CODE_LETTERS)}`,
      expiresAt: seconds(clock) + TOKEN_SECONDS,
    };
    tokens.set(made.token, made.expiresAt);
    return made;
  };
  const retire = (old: AccessToken | null) => {
    if (old) tokens.set(old.token, Math.min(old.expiresAt, seconds(clock) + OVERLAP_SECONDS));
  };

  return {
    createCode: (scene, expireSeconds) => {
      const url = `http://weixin.qq.com/q/${codeText(expireSeconds === 0)}`;
      const created = seconds(clock);
      const code = { url, scene, created, expireSeconds, ticket: encodeTicket({ url, created, expireSeconds }) };
      byUrl.set(url, code);
      byTicket.set(code.ticket, code);
      return code;
    },
    codeByTicket: (ticket) => byTicket.get(ticket),
    codeByUrl: (url) => byUrl.get(url.trim().replace(/^https:/, 'http:')),
    hasExpired: (code) => code.expireSeconds !== 0 && seconds(clock) >= code.created + code.expireSeconds,
    newToken: () => {
      retire(latest);
      latest = mint();
      return latest;
    },
    stableToken: (forceRefresh) => {
      if (!stable || forceRefresh || stable.expiresAt - seconds(clock) <= OVERLAP_SECONDS) {
        if (forceRefresh) retire(stable);
        stable = mint();
      }
      return stable;
    },
    tokenIsValid: (token) => (tokens.get(token) ?? 0) > seconds(clock),
    reset: () => {
      byUrl.clear();
      byTicket.clear();
      tokens.clear();
      latest = null;
      stable = null;
    },
  };
}

/** `6465d38b-1a0ebdd5-32fd1cd0`, as WeChat names a failed request. */
export const requestId = ({ random }: World): string => [0, 1, 2].map(() => randomText(random, 8, HEX)).join('-');
