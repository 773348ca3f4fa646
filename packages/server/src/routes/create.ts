import { isBase64url32, type Attempt } from '@wechat-follow-login/protocol';
import { CompanionError } from '../errors.ts';
import { json, type Call, type Reply } from '../http.ts';
import { peerKey } from '../limits.ts';
import { toSnapshot } from '../login/attempt.ts';
import { jsonBody } from './body.ts';
import type { Context } from './context.ts';

const LOCALE = /^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,4}$/;

/** `POST /attempts` */
export async function create(call: Call, context: Context): Promise<Reply> {
  const origin = call.header('origin');
  if (origin === null) throw new CompanionError('origin_not_allowed');
  if (call.address !== null) admit(context.createLimits.perPeer.take(peerKey(call.address)), context);
  const body = await jsonBody(call);
  if (!isBase64url32(body.challenge)) {
    throw new CompanionError('invalid_request', '"challenge" must be 43 characters of base64url');
  }
  const locale = body.locale ?? null;
  if (locale !== null && !(typeof locale === 'string' && LOCALE.test(locale))) {
    throw new CompanionError('invalid_request', '"locale" must be a language tag such as zh-CN');
  }
  // Last: what costs nothing upstream must not use up what all share.
  admit(context.createLimits.all.take(''), context);
  const { attempt, watchToken, qr, state } = await context.login.begin({
    challenge: body.challenge,
    locale,
    origin,
    userAgent: call.header('user-agent'),
  });
  const answer: Attempt = {
    id: attempt.id,
    watchToken,
    expiresIn: attempt.ttl,
    qr,
    confirmNumber: attempt.confirmNumber,
    account: context.account,
    snapshot: toSnapshot(attempt, state, context.clock.now()),
  };
  return json(201, answer);
}

/** Every attempt costs one of the account's daily QR codes. `wait` in seconds, 0 to go ahead. */
function admit(wait: number, { log }: Context): void {
  if (wait === 0) return;
  log.debug('create.rate_limited', { retryAfter: wait });
  throw new CompanionError('rate_limited', undefined, { retryAfter: wait });
}
