import { LETTERS_AND_DIGITS, randomText } from '../random-text.ts';
import type { World } from '../world.ts';
import { requestId } from './platform.ts';

/** Address the sandbox claims to have been called from, where WeChat names one (TEST-NET-3). */
const CLIENT_IP = '203.0.113.8';

/** Messages as WeChat words them (wechat.md §9.2), without their tail. */
const MESSAGES: Record<number, string> = {
  [-1]: 'system error',
  40001:
    'invalid credential, access_token is invalid or not latest, could get access_token by getStableAccessToken, more details at https://mmbizurl.cn/s/JtxxFh33r',
  40003: 'invalid openid',
  40013: 'invalid appid',
  40014: 'invalid access_token',
  40052: 'invalid action name',
  40053: 'invalid action info, please check document',
  40066: 'invalid url',
  40125: 'invalid appsecret',
  40164: `invalid ip ${CLIENT_IP} ipv6 ::ffff:${CLIENT_IP}, not in whitelist`,
  40243: 'AppSecret frozen',
  41001: 'access_token missing',
  41002: 'appid missing',
  41004: 'appsecret missing',
  42001: 'access_token expired',
  43002: 'require POST method',
  44002: 'empty post data',
  45009: 'reach max api daily quota limit',
  45011: 'api minute-quota reach limit must slower retry next minute',
  47001: 'data format error',
  48001: 'api unauthorized',
  48004: 'api forbidden for irregularities',
  50002: 'user limited',
  61004: `access clientip is not registered requestIP: ${CLIENT_IP}`,
};

/**
 * errmsg with one of the four volatile tails, chosen at random: whoever parses more than the code and the ip fails here
 * and not in production.
 */
export function errorMessage(world: World, code: number): string {
  const message = MESSAGES[code] ?? 'unknown error';
  const short = () => randomText(world.random, 6, LETTERS_AND_DIGITS);
  const tails = [
    () => ` rid: ${requestId(world)}`,
    () => `, rid: ${requestId(world)}`,
    () => ` hint: [${short()}0644e575]`,
    () => `, hints: [ req_id: ${short()}0644e575 ]`,
  ];
  return message + (tails[(world.random(1)[0] ?? 0) % tails.length]?.() ?? '');
}
