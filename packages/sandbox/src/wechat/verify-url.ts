import { seconds } from '../clock.ts';
import { DIGITS, randomText } from '../random-text.ts';
import type { World } from '../world.ts';
import { sign } from './crypto.ts';

/** What saving the server configuration says: WeChat asks the URL to prove that it knows the Token (wechat.md §2). */
export type UrlCheck = { ok: true } | { ok: false; reason: string };

const ANSWER_WITHIN_MS = 5000;

/** Sends a GET with this query to where pushes go. */
export type AskUrl = (query: URLSearchParams, signal: AbortSignal) => Promise<Response>;

function judge(status: number, answer: string, echo: string): UrlCheck {
  if (status >= 300 && status <= 399) {
    return { ok: false, reason: `the URL redirects (HTTP ${status}): WeChat does not follow, give the final address` };
  }
  if (status !== 200) {
    const hint = status === 401 || status === 403 ? ': is its Token the account’s?' : '';
    return { ok: false, reason: `HTTP ${status} instead of 200${hint}` };
  }
  if (answer === echo) return { ok: true };
  if (answer.includes(echo)) {
    return {
      ok: false,
      reason: 'the answer holds echostr and more: it must be echostr and nothing else, no quotes or newline',
    };
  }
  return { ok: false, reason: `the answer is not echostr but ${JSON.stringify(answer.slice(0, 40))}` };
}

/** The same in all three modes: echostr in the clear, signed with `signature`. */
export async function verifyUrl({ account, clock, random }: World, ask: AskUrl): Promise<UrlCheck> {
  const timestamp = String(seconds(clock));
  const nonce = randomText(random, 10, DIGITS).replace(/^0/, '1');
  // 19 digits: more than a number can hold.
  const echo = `9${randomText(random, 18, DIGITS)}`;
  const query = new URLSearchParams({
    signature: sign(account.wechatToken, timestamp, nonce),
    echostr: echo,
    timestamp,
    nonce,
  });
  const abort = new AbortController();
  const deadline = clock.setTimeout(() => abort.abort(), ANSWER_WITHIN_MS);
  const givenUp = new Promise<'timeout'>((resolve) => {
    abort.signal.addEventListener('abort', () => resolve('timeout'), { once: true });
  });
  const answer = ask(query, abort.signal)
    .then(async (response) => judge(response.status, await response.text(), echo))
    .catch((): UrlCheck => ({ ok: false, reason: 'the URL cannot be reached' }));
  const outcome = await Promise.race([answer, givenUp]);
  clock.clearTimeout(deadline);
  return outcome === 'timeout' ? { ok: false, reason: `no answer within ${ANSWER_WITHIN_MS / 1000} s` } : outcome;
}
