import { isRecord } from '@wechat-follow-login/protocol';
import { foreignText } from '../log.ts';
import type { Answer } from './http.ts';

/** What kind of "no" an answer is (Authing contract, section 6). */
export type ErrorClass =
  | 'needs-step'
  | 'blocked'
  | 'restart'
  | 'no-account'
  | 'throttled'
  | 'missing'
  | 'unauthenticated'
  | 'unavailable'
  | 'config'
  | 'rejected';

/** `explanation` is for the log: status, code and Authing's words, with everything long enough to be a secret blotted out. */
export interface Refusal {
  class: ErrorClass;
  explanation: string;
  /** Authing itself said 404, inside its envelope; a bare 404 can be any gateway's. */
  isEnveloped404: boolean;
  retryAfter: number | null;
}

const STEP = new Set([
  1635, 1636, 1639, 2058, 2061, 2071, 1640, 1641, 1666, 1642, 1645, 1644, 2921, 2930, 1108, 4032, 4033, 2000, 2001,
]);
const BLOCKED = new Set([1643, 2005, 2057, 2120008, 2130010]);
const RESTART = new Set([1699, 2241]);
const NO_ACCOUNT = new Set([2004, 2031]);
const THROTTLED = new Set([1002, 2100, 429]);
const CONFIG = new Set([2002, 2040, 4021, 3720001, 3720002, 3720003, 2011, 2101, 2224, 4212]);

/** The `data` of a success. HTTP 200 means nothing at Authing: success is `statusCode` 200 inside the body. */
export function successData(answer: Answer): unknown {
  return isRecord(answer.json) && answer.json.statusCode === 200 ? (answer.json.data ?? null) : undefined;
}

/** Classifies an answer that is no success. */
export function refusalOf(answer: Answer): Refusal {
  const body = isRecord(answer.json) ? answer.json : {};
  const statusCode = typeof body.statusCode === 'number' ? body.statusCode : null;
  // apiCode occurs as a string and as a number; older answers have it in `code`.
  const apiCode = Number(body.apiCode ?? body.code ?? Number.NaN);
  const words = [
    `HTTP ${answer.httpStatus}`,
    answer.json === undefined ? 'a body that is no JSON' : null,
    statusCode === null ? null : `statusCode ${statusCode}`,
    Number.isNaN(apiCode) ? null : `apiCode ${apiCode}`,
    typeof body.message === 'string' ? `"${foreignText(body.message)}"` : null,
  ];
  return {
    class: classify(answer.httpStatus, statusCode, apiCode, answer.json === undefined),
    explanation: words.filter((word) => word !== null).join(', '),
    isEnveloped404: statusCode === 404,
    retryAfter: answer.retryAfter,
  };
}

function classify(httpStatus: number, statusCode: number | null, apiCode: number, noJson: boolean): ErrorClass {
  if (httpStatus === 429 || statusCode === 429 || THROTTLED.has(apiCode)) return 'throttled';
  if (STEP.has(apiCode) || (statusCode !== null && statusCode >= 300 && statusCode < 400)) return 'needs-step';
  if (BLOCKED.has(apiCode)) return 'blocked';
  if (RESTART.has(apiCode)) return 'restart';
  if (NO_ACCOUNT.has(apiCode)) return 'no-account';
  if (CONFIG.has(apiCode)) return 'config';
  if (httpStatus === 404 || statusCode === 404) return 'missing';
  if (httpStatus === 401 || statusCode === 401) return 'unauthenticated';
  const code = statusCode ?? httpStatus;
  // 601, 602: Authing reached a third party (WeChat) and failed there: a setting, not an outage.
  if (code >= 500 && code < 600) return 'unavailable';
  return noJson && httpStatus < 400 ? 'unavailable' : 'rejected';
}
