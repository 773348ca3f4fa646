import type { Redemption } from '@wechat-follow-login/protocol';
import { CompanionError } from '../errors.ts';
import { json, type Call, type Reply } from '../http.ts';
import { holdsKey } from './bearer.ts';
import { jsonBody } from './body.ts';
import type { Context } from './context.ts';

/** `POST /codes/redeem`: the host's back end hands in a code. Its key is looked at before the body is. */
export async function redeem(call: Call, _id: string, context: Context): Promise<Reply> {
  const { metrics, log, redeemKey, warnings } = context;
  if (redeemKey === null) throw new CompanionError('not_found');
  if (!holdsKey(call, redeemKey)) {
    metrics.count('redemptions', 'wrong_key');
    // Counted always, logged so often: a wrong key must neither flood the log nor, by a lock, shut the right one out.
    // 32 characters are not to be guessed at any pace.
    if (warnings.take('redeem.wrong_key') === 0) log.warn('redeem.wrong_key', { cause: 'not the API_KEY as Bearer' });
    throw new CompanionError('invalid_token', undefined, { headers: { 'www-authenticate': 'Bearer' } });
  }
  const { code } = await jsonBody(call);
  if (typeof code !== 'string') throw new CompanionError('invalid_request', '"code" must be a text');
  const redeemed = await context.login.redeem(code);
  metrics.count('redemptions', redeemed ? 'redeemed' : 'expired');
  if (!redeemed) throw new CompanionError('code_expired');
  const answer: Redemption = redeemed;
  return json(200, answer);
}
