import { isBase64url32, isFinal, isRecord, RANK, type Snapshot } from '@wechat-follow-login/protocol';
import type { AttemptState } from '../ports.ts';
import type { KeyRing } from '../seal.ts';
import type { BrowserLabel } from './browser-label.ts';

/** Everything about an attempt that never changes. It travels sealed in the watchToken, so no store has to keep it. */
export interface Attempt {
  /** 128 random bits, base64url, 22 chars. */
  id: string;
  /** Authing's id of the code: a bearer secret. */
  qrcodeId: string;
  /** WeChat's ticket; null when it could not be worked out. */
  ticket: string | null;
  /** base64url(SHA-256(verifier)), 43 chars. */
  challenge: string;
  /** The page's origin. */
  origin: string;
  locale: string | null;
  /** Two digits that the chat asks for; null where a scan is enough. */
  confirmNumber: string | null;
  /** Named in the chat; null where nothing is asked there. */
  browser: BrowserLabel | null;
  /** Unix milliseconds. */
  createdAt: number;
  /** Seconds the code is shown. */
  ttl: number;
}

/** Milliseconds the companion goes on looking after the code has left the screen: a person may be in the act of following. */
const LOOK_LONGER = 15_000;
/** Milliseconds an unclaimed result is held. */
export const HELD = 180_000;
/** Milliseconds the same verifier may fetch a claimed result again: one lost answer must not cost a second scan. */
export const REPLAYED = 60_000;

export const shownUntil = (attempt: Attempt): number => attempt.createdAt + attempt.ttl * 1000;
export const lookedAtUntil = (attempt: Attempt): number => shownUntil(attempt) + LOOK_LONGER;
/** After this nothing is known of the attempt any more: every call is answered `attempt_expired`. */
export const overAt = (attempt: Attempt): number => lookedAtUntil(attempt) + HELD + REPLAYED;

export const PENDING: AttemptState = Object.freeze({ status: 'pending', newFollower: null, user: null, error: null });

/** The public state. `now` in unix milliseconds. */
export function toSnapshot(attempt: Attempt, state: AttemptState, now: number): Snapshot {
  const left = Math.ceil((shownUntil(attempt) - now) / 1000);
  return {
    seq: RANK[state.status],
    status: state.status,
    expiresIn: isFinal(state.status) ? 0 : Math.min(Math.max(left, 0), attempt.ttl),
    newFollower: state.newFollower,
    user: RANK[state.status] >= RANK.authorized ? state.user : null,
    error: state.error,
  };
}

/** `attempt` is for the store: what lies there must not be of use as a watchToken to who reads it. */
type AttemptSeal = 'watch-token' | 'attempt';

export function sealAttempt(keys: KeyRing, attempt: Attempt, seal: AttemptSeal = 'watch-token'): string {
  return keys.seal(seal, JSON.stringify(attempt));
}

/** Null for whatever was not sealed by us as this. */
export function openAttempt(keys: KeyRing, sealed: string, seal: AttemptSeal = 'watch-token'): Attempt | null {
  const text = keys.open(seal, sealed);
  if (text === null) return null;
  const value = JSON.parse(text) as unknown;
  return isAttempt(value) ? value : null;
}

/** What we sealed has this shape; a token of an older version that had another counts as foreign. */
function isAttempt(value: unknown): value is Attempt {
  return (
    isRecord(value) &&
    typeof value.id === 'string' &&
    typeof value.qrcodeId === 'string' &&
    isBase64url32(value.challenge) &&
    typeof value.origin === 'string' &&
    typeof value.createdAt === 'number' &&
    typeof value.ttl === 'number'
  );
}
