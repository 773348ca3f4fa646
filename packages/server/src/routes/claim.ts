import { CompanionError } from '../errors.ts';
import { json, type Call, type Reply } from '../http.ts';
import { loginCookie } from '../login-cookie.ts';
import { jsonBody } from './body.ts';
import type { Context } from './context.ts';
import { isFromOwnOrigin } from './own-origin.ts';
import { attemptOf } from './token.ts';

/** `POST /attempts/{id}/claim` */
export async function claim(call: Call, id: string, context: Context): Promise<Reply> {
  if (context.delivery === 'cookie' && !isFromOwnOrigin(call)) refuse(call, context);
  const attempt = attemptOf(call, id, context);
  const { verifier } = await jsonBody(call);
  const { at, result } = await context.login.claim(attempt, verifier);
  const headers: Record<string, string> =
    result.delivery === 'cookie' ? { 'set-cookie': loginCookie(context.keys, result.user.sub, at) } : {};
  return json(200, result, headers);
}

function refuse(call: Call, { log, warnings }: Context): never {
  if (warnings.take('claim.other_origin') === 0) {
    log.warn('claim.other_origin', {
      origin: call.header('origin'),
      cause: 'DELIVERY=cookie: page and companion must be one origin. Serve the companion below the path of the page',
    });
  }
  throw new CompanionError('origin_not_allowed');
}
