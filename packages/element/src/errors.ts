import type { ProblemCode } from '@wechat-follow-login/protocol';

/** What can go wrong before a companion could say so. */
export type BrowserErrorCode =
  'bad_response' | 'cancelled' | 'insecure_context' | 'invalid_configuration' | 'network' | 'timeout';

export type LoginErrorCode = ProblemCode | BrowserErrorCode;

/** The one error of this package. `message` is for developers and holds no secret; people are told by strings.ts. */
export class LoginError extends Error {
  override name = 'LoginError';
  /** One of {@link LoginErrorCode}; a newer companion may say more. */
  readonly code: LoginErrorCode | (string & {});
  /** Whether the same again can help. */
  readonly retryable: boolean;
  /** Milliseconds the companion asked to wait, 0 if it did not. */
  readonly retryAfter: number;
  /** HTTP status of the answer, 0 where there was none. */
  readonly status: number;

  constructor(
    code: LoginErrorCode | (string & {}),
    message: string,
    more: { retryable?: boolean; retryAfter?: number; status?: number; cause?: unknown } = {},
  ) {
    super(message, { cause: more.cause });
    this.code = code;
    this.retryable = more.retryable ?? false;
    this.retryAfter = more.retryAfter ?? 0;
    this.status = more.status ?? 0;
  }
}
