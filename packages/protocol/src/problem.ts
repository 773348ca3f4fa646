import { isRecord, stringOrNull } from './guard.ts';

/**
 * Every problem code with its HTTP status, English title and whether asking again can help. The one list that the
 * server answers from and the element translates. (`cancelled` and `insecure_context` exist only in the browser.)
 */
export const PROBLEMS = Object.freeze({
  invalid_request: { status: 400, retryable: false, title: 'The request is not of the expected form' },
  invalid_token: { status: 401, retryable: false, title: 'The token is not valid here' },
  origin_not_allowed: { status: 403, retryable: false, title: 'This origin may not use the login' },
  verifier_mismatch: { status: 403, retryable: false, title: 'The verifier is not the one of this attempt' },
  not_found: { status: 404, retryable: false, title: 'There is nothing here' },
  method_not_allowed: { status: 405, retryable: false, title: 'This method is not offered here' },
  not_authorized: { status: 409, retryable: true, title: 'The attempt is not authorized yet' },
  step_required: { status: 409, retryable: false, title: 'Another step is needed to sign in' },
  attempt_expired: { status: 410, retryable: true, title: 'The attempt is over' },
  attempt_cancelled: { status: 410, retryable: true, title: 'The attempt was cancelled' },
  code_expired: { status: 410, retryable: false, title: 'The code is not known, or no longer' },
  exchange_lost: { status: 410, retryable: true, title: 'The result was lost; a new code is needed' },
  body_too_large: { status: 413, retryable: false, title: 'The request body is too large' },
  unsupported_media_type: { status: 415, retryable: false, title: 'The request body must be application/json' },
  rate_limited: { status: 429, retryable: true, title: 'Too many requests' },
  too_many_streams: { status: 429, retryable: true, title: 'Too many open streams' },
  internal_error: { status: 500, retryable: true, title: 'Something went wrong here' },
  exchange_failed: { status: 502, retryable: true, title: 'The login could not be completed' },
  login_failed: { status: 502, retryable: true, title: 'The login was refused' },
  upstream_rejected: { status: 502, retryable: false, title: 'The identity service refused the request' },
  upstream_unavailable: { status: 503, retryable: true, title: 'The identity service cannot be reached' },
} as const);

export type ProblemCode = keyof typeof PROBLEMS;

/** `application/problem+json`, RFC 9457. */
export interface Problem {
  type: 'about:blank';
  title: string;
  status: number;
  code: string;
  retryable: boolean;
  requestId: string;
}

export function isProblemCode(value: unknown): value is ProblemCode {
  return typeof value === 'string' && Object.hasOwn(PROBLEMS, value);
}

/** Reads a problem body; null when it is something else (a proxy's error page, say). */
export function parseProblem(
  value: unknown,
): (Pick<Problem, 'code' | 'retryable'> & { requestId: string | null }) | null {
  if (!isRecord(value) || typeof value.code !== 'string') return null;
  return { code: value.code, retryable: value.retryable === true, requestId: stringOrNull(value.requestId) };
}
