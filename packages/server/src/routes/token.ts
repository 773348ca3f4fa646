import { CompanionError } from '../errors.ts';
import type { Call } from '../http.ts';
import { shortId } from '../log.ts';
import { openAttempt, overAt, type Attempt } from '../login/attempt.ts';
import type { Context } from './context.ts';

const BEARER = /^Bearer +([A-Za-z0-9_-]{1,4096})$/i;

/**
 * The attempt that the call's Bearer token names. Throws CompanionError `invalid_token` for whatever is not ours or of
 * another attempt than the path's, `origin_not_allowed` for another page's, `attempt_expired` past its end.
 */
export function attemptOf(call: Call, id: string, { keys, clock, tickets, log }: Context): Attempt {
  const token = BEARER.exec(call.header('authorization') ?? '')?.[1];
  const attempt = token === undefined ? null : openAttempt(keys, token);
  if (attempt === null || attempt.id !== id) {
    throw new CompanionError('invalid_token', undefined, { headers: { 'www-authenticate': 'Bearer' } });
  }
  const origin = call.header('origin');
  if (origin !== null && origin !== attempt.origin) throw new CompanionError('origin_not_allowed');
  if (clock.now() >= overAt(attempt)) throw new CompanionError('attempt_expired');
  // Not waited for: whether the store serves is for those to find out who need it.
  tickets?.register(attempt).catch(() => log.warn('tickets.not_registered', { attempt: shortId(attempt.id) }));
  return attempt;
}
