import { isRecord } from '@wechat-follow-login/protocol';
import { CompanionError } from '../errors.ts';
import type { Call } from '../http.ts';

const MAX_BODY = 8 * 1024;

/** The JSON object in the body. Throws CompanionError `unsupported_media_type`, `body_too_large` or `invalid_request`. */
export async function jsonBody(call: Call): Promise<Record<string, unknown>> {
  const type = (call.header('content-type') ?? '').split(';')[0]!.trim().toLowerCase();
  // A form or text/plain body can be sent by any page without asking; only this type forces a preflight.
  if (type !== 'application/json') throw new CompanionError('unsupported_media_type');
  const bytes = await call.body(MAX_BODY);
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new CompanionError('invalid_request', 'the body is no JSON');
  }
  if (!isRecord(value)) throw new CompanionError('invalid_request', 'the body is no JSON object');
  return value;
}
