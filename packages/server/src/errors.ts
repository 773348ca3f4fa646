import { PROBLEMS, type ProblemCode } from '@wechat-follow-login/protocol';

/** No answer may be given: the connection is to be closed without a word, so that the caller asks again. */
export class NoAnswer extends Error {
  override name = 'NoAnswer';
}

/**
 * The one error that becomes a problem on the wire. `message` and `cause` are for the log; the browser sees the code
 * alone. `retryAfter` in seconds; `status` overrides the code's usual HTTP status.
 */
export class CompanionError extends Error {
  override name = 'CompanionError';
  readonly code: ProblemCode;
  readonly status: number;
  readonly retryAfter: number | null;
  readonly headers: Readonly<Record<string, string>>;
  constructor(
    code: ProblemCode,
    message: string = PROBLEMS[code].title,
    options: { cause?: unknown; retryAfter?: number; status?: number; headers?: Record<string, string> } = {},
  ) {
    super(message, { cause: options.cause });
    this.code = code;
    this.status = options.status ?? PROBLEMS[code].status;
    this.retryAfter = options.retryAfter ?? null;
    this.headers = options.headers ?? {};
  }
}
