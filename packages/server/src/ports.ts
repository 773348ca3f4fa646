/** What the use-cases in login/ need from outside, as interfaces: they know no Authing, no WeChat, no store and no HTTP. */
import type { Qr, SnapshotError, SnapshotUser, Status, Tokens, User } from '@wechat-follow-login/protocol';

/** Time and timers in milliseconds, injected so that tests can move them. */
export interface Clock {
  /** Unix time: for what is sealed or signed. It may be set back or forward at any moment. */
  now(): number;
  /** Since some moment; only ever grows. For everything that measures how long. */
  monotonic(): number;
  setTimeout(run: () => void, ms: number): unknown;
  clearTimeout(timer: unknown): void;
}

/** Randomness, injected like the clock. */
export interface Random {
  /** `bytes` bytes from a cryptographic source, base64url. */
  token(bytes: number): string;
  /** A number from `from` to below `to`. */
  between(from: number, to: number): number;
}

/** The part of an attempt's state that changes. */
export interface AttemptState {
  status: Status;
  newFollower: boolean | null;
  user: SnapshotUser | null;
  error: SnapshotError | null;
}

/**
 * The verbs the domain needs, each atomic, each key with a time to live in milliseconds. Read-then-write is no verb: two
 * processes could both read before either writes.
 */
export interface Store {
  /** The state of an attempt; null when nothing is known of it, or no longer. */
  read(id: string): Promise<AttemptState | null>;
  /**
   * Moves an attempt forward if `next` may follow what is there (nothing there counts as `pending`; a first `pending` is
   * kept too). Tells every subscriber of a change. Answers the state that holds afterwards and whether it is `next`.
   * A `newFollower` that is known is never forgotten, and one that comes late is added to a state that is not final: who
   * moved the attempt meanwhile need not have heard of it.
   */
  advance(id: string, next: AttemptState, ttl: number): Promise<{ state: AttemptState; advanced: boolean }>;
  /** Calls `listener` with each later change of that attempt, until the answered function is called. */
  subscribe(id: string, listener: (state: AttemptState) => void): Promise<() => void>;
  /** True for the first caller within `ttl`, false for all others. */
  once(key: string, ttl: number): Promise<boolean>;
  /** Adds one; answers the sum within `ttl` of the first addition. */
  count(key: string, ttl: number): Promise<number>;
  hold(key: string, value: string, ttl: number): Promise<void>;
  /** The held value, or null. */
  peek(key: string): Promise<string | null>;
  /** Shortens what is left of a held value's life to `ttl`; never lengthens it. */
  shorten(key: string, ttl: number): Promise<void>;
  drop(key: string): Promise<void>;
  /** The held value, which is held no longer; null for all but the first of many that take it at once. */
  take(key: string): Promise<string | null>;
  /** Holds `value` unless something is held there; answers what is held then. */
  holdFirst(key: string, value: string, ttl: number): Promise<string>;
  /**
   * Adds a job, due at once. `known` when one of this id was added within `ttl`, done or not; `full` when `max` jobs are not
   * done: in both cases nothing happens.
   */
  enqueue(
    queue: string,
    job: { id: string; value: string },
    ttl: number,
    max: number,
  ): Promise<'added' | 'known' | 'full'>;
  /** Up to `limit` due jobs, the longest due first. Each is due again after `lease` ms, should its taker die. */
  lease(queue: string, limit: number, lease: number): Promise<Job[]>;
  /** Makes a leased job due again in `delay` ms. */
  postpone(queue: string, id: string, delay: number): Promise<void>;
  /** The job is done. Its id stays known. */
  finish(queue: string, id: string): Promise<void>;
  /** Adds to a list of the newest `max`. */
  append(list: string, value: string, max: number, ttl: number): Promise<void>;
  /** The list, newest first. */
  listed(list: string): Promise<string[]>;
  /** Rejects when the store cannot serve. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** A job out of a work queue. */
export interface Job {
  id: string;
  value: string;
  /** How often it was leased, this time included. */
  tries: number;
}

/** A QR code issued upstream. */
export interface IssuedCode {
  qrcodeId: string;
  /** WeChat's ticket; null when it could not be worked out. */
  ticket: string | null;
  qr: Qr;
}

/** What Authing says of a code. */
export type UpstreamStatus =
  | { status: 'pending' | 'scanned' | 'cancelled' | 'expired' }
  | { status: 'authorized'; loginTicket: string | null; tokenSet: unknown; user: SnapshotUser | null }
  | { status: 'step_required' }
  | { status: 'failed'; code: 'login_failed' | 'upstream_rejected'; retryable: boolean };

/** Tokens whose id_token was verified, and the user that it names. */
export interface VerifiedLogin {
  tokens: Tokens;
  user: User;
}

/** How handing in a login ticket ended. */
export type ExchangeOutcome =
  | { outcome: 'login'; login: VerifiedLogin }
  /** Authing wants another step first. */
  | { outcome: 'step_required' }
  /** Authing said no; nothing says that the login ticket itself was at fault. */
  | { outcome: 'refused' }
  /** Authing did not look at the login ticket: trying again is safe. */
  | { outcome: 'throttled'; retryAfter: number | null }
  /** No usable answer: the login ticket may or may not be spent. */
  | { outcome: 'unanswered' }
  /** An answer whose tokens do not verify. */
  | { outcome: 'unverifiable' };

/** Authing as the login sees it. */
export interface Upstream {
  /** `handle` goes into the pipeline context. Throws CompanionError `upstream_rejected` or `upstream_unavailable`. */
  issueCode(handle: string): Promise<IssuedCode>;
  /** Throws UpstreamFault when there is no usable answer: then nothing has changed. */
  lookAt(qrcodeId: string): Promise<UpstreamStatus>;
  /** Never throws. */
  exchange(loginTicket: string): Promise<ExchangeOutcome>;
  /** Checks a token set that came with a status. Never throws. */
  acceptTokenSet(tokenSet: unknown): Promise<ExchangeOutcome>;
}

/** Authing gave no usable answer. `throttled` when it asked for fewer calls; `retryAfter` in ms where it said so. */
export class UpstreamFault extends Error {
  override name = 'UpstreamFault';
  readonly throttled: boolean;
  readonly retryAfter: number | null;
  constructor(
    message: string,
    { throttled = false, retryAfter = null }: { throttled?: boolean; retryAfter?: number | null } = {},
  ) {
    super(message);
    this.throttled = throttled;
    this.retryAfter = retryAfter;
  }
}

/** How handing a push on to Authing ended. */
export type ForwardOutcome =
  | { outcome: 'done' }
  /** Authing said no. `needsStep`: what it said is that the person has another step to take. */
  | { outcome: 'refused'; cause: string; needsStep?: boolean }
  /** No usable answer: it may or may not have arrived. */
  | { outcome: 'unanswered'; cause: string };

/** Hands pushes on to Authing's events endpoint. */
export interface Forwarder {
  /** `parcel` is what `pack` in authing/events made of a push. Never throws. */
  forward(parcel: string): Promise<ForwardOutcome>;
}

export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** Structured log. Fields never hold a secret: ids are shortened by the caller with `shortId`. */
export interface Log {
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
}
