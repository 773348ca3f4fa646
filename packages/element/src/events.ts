import type { ClaimResult, Snapshot } from '@wechat-follow-login/protocol';

/** What the element tells: CustomEvents that bubble and cross shadow roots, each with a frozen `detail`. */
export interface LoginEventMap {
  /** Each new snapshot of the attempt that is shown. */
  'login-status': CustomEvent<Snapshot>;
  /** `newFollower`: true, followed just now; false, followed before; null, not known. */
  'login-scan': CustomEvent<{ newFollower: boolean | null }>;
  /** Once, whatever the network does. */
  'login-success': CustomEvent<ClaimResult>;
  /** The last automatic code is over: a click is needed. */
  'login-expire': CustomEvent<null>;
  'login-step-required': CustomEvent<{ url: string | null }>;
  /** `message` is for developers. A cancelled login has the code `cancelled`. */
  'login-error': CustomEvent<{ code: string; retryable: boolean; message: string }>;
}

declare global {
  interface HTMLElementEventMap extends LoginEventMap {}
}
