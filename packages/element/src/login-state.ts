import type { Account, Qr, Snapshot, SnapshotUser } from '@wechat-follow-login/protocol';
import type { LoginError } from './errors.ts';

/** A code that can be scanned. Times in ms on the flow's clock. */
export interface Code {
  qr: Qr;
  /** Two digits to be found again in the chat, or null. */
  confirmNumber: string | null;
  account: Account | null;
  /** When it came on screen. */
  since: number;
  /** When it leaves the screen: replaced if `renews`, else over. */
  until: number;
  /** Whether a new one comes by itself. */
  renews: boolean;
}

/** What every state knows: the account, once a companion has told it. */
interface Common {
  account: Account | null;
}

export type LoginState = Common &
  (
    | { name: 'idle' | 'loading' | 'expired' | 'cancelled' }
    | { name: 'ready'; code: Code }
    | { name: 'scanned'; newFollower: boolean | null }
    | { name: 'confirming'; confirmNumber: string | null }
    | { name: 'authorized' | 'success'; user: SnapshotUser | null }
    | { name: 'step-required'; url: string | null }
    | { name: 'error'; code: string; retryable: boolean }
  );

export type LoginInput =
  /** The only way out of an end. */
  | { type: 'begin' }
  /** Nothing to show just now, a new code is on its way. */
  | { type: 'waiting' }
  | { type: 'code'; code: Code }
  | { type: 'snapshot'; snapshot: Snapshot; code: Pick<Code, 'account' | 'confirmNumber'> }
  | { type: 'success'; user: SnapshotUser }
  | { type: 'expired' | 'cancelled' }
  | { type: 'failed'; error: LoginError };

export const initialState: LoginState = Object.freeze({ name: 'idle', account: null });

/** Ends absorb: whatever comes late, only `begin` leads out of them. */
export function hasEnded(state: LoginState): boolean {
  return /^(success|cancelled|step-required)$/.test(state.name);
}

/** Returns `state` itself where the input changes nothing. */
export function reduce(state: LoginState, input: LoginInput): LoginState {
  const { account } = state;
  if (input.type === 'begin') return { name: 'loading', account };
  if (hasEnded(state)) return state;
  switch (input.type) {
    case 'waiting':
      return state.name === 'loading' ? state : { name: 'loading', account };
    case 'code':
      return { name: 'ready', account: input.code.account, code: input.code };
    case 'snapshot':
      return ofSnapshot(state, input.snapshot, input.code);
    case 'success':
      return { name: 'success', account, user: input.user };
    case 'failed':
      if (state.name === 'error' && state.code === input.error.code) return state;
      return { name: 'error', account, code: input.error.code, retryable: input.error.retryable };
    default:
      return { name: input.type, account };
  }
}

function ofSnapshot(
  state: LoginState,
  { status, newFollower, user, error }: Snapshot,
  { account, confirmNumber }: Pick<Code, 'account' | 'confirmNumber'>,
): LoginState {
  switch (status) {
    case 'scanned':
      return { name: 'scanned', account, newFollower };
    case 'confirming':
      return { name: 'confirming', account, confirmNumber };
    case 'authorized':
    case 'claimed': // by us, with the answer lost on the way: the same verifier gets it again
      if (state.name === 'authorized') return state;
      return { name: 'authorized', account, user };
    case 'step_required':
      return { name: 'step-required', account, url: webAddress(error?.url) };
    default:
      return state;
  }
}

/** It becomes the target of a link, so `javascript:` and the like are not an address. */
function webAddress(url: string | null | undefined): string | null {
  return url && /^https?:\/\//i.test(url) ? url : null;
}
