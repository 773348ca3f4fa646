import {
  type Attempt,
  type ClaimResult,
  HEARTBEAT_SECONDS,
  parseAttempt,
  parseClaimResult,
  parseProblem,
  parseSnapshot,
  ROUTES,
  type Snapshot,
  SNAPSHOT_EVENT,
  WireError,
} from '@wechat-follow-login/protocol';
import type { Clock } from './clock.ts';
import { LoginError } from './errors.ts';
import { readEventStream } from './event-stream.ts';
import { alarm, childOf } from './waiting.ts';

/** How long an answer may take, ms. Creating a code waits for Authing and WeChat, a long poll for somebody to scan. */
const ANSWER_WITHIN = 10_000;
const CREATED_WITHIN = 20_000;
/** A stream that sends nothing for so long after it was asked for is held back by something on the way. */
const FIRST_BYTE_WITHIN = 5_000;
/** Whatever an answer says: a longer wait is none that a person would sit through. */
const LONGEST_RETRY_AFTER = 600_000;
const SILENT_AFTER = 2.5 * HEARTBEAT_SECONDS * 1000;

export interface StreamWatcher {
  onSnapshot(snapshot: Snapshot): void;
  onRetry(ms: number): void;
}

/** What identifies an attempt to the companion. */
export type Handle = Pick<Attempt, 'id' | 'watchToken'>;

/** The companion's calls of wire.md §2. Every failure is a LoginError, unless `signal` was aborted by the caller. */
export interface LoginApi {
  create(challenge: string, locale: string | undefined, signal: AbortSignal): Promise<Attempt>;
  /** Null for a status this version does not know. `wait` in seconds. */
  look(handle: Handle, signal: AbortSignal, poll?: { wait: number; after: number }): Promise<Snapshot | null>;
  /** Resolves when the companion ends the stream; `held_back` when no byte came in time. */
  stream(handle: Handle, signal: AbortSignal, watcher: StreamWatcher): Promise<void>;
  claim(handle: Handle, verifier: string, signal: AbortSignal): Promise<ClaimResult>;
  /** Told and forgotten: whether it arrives or not, nobody waits for this attempt any more. */
  remove(handle: Handle): void;
}

export function createLoginApi(endpoint: string, send: typeof fetch, clock: Clock): LoginApi {
  const base = endpoint.replace(/\/+$/, '');

  const request = (path: string, signal: AbortSignal | null, more: RequestInit & { token?: string }) => {
    const { token, ...init } = more;
    const headers = new Headers(init.headers);
    if (token) headers.set('authorization', `Bearer ${token}`);
    if (init.body) headers.set('content-type', 'application/json');
    return send(base + path, {
      ...init,
      headers,
      signal,
      cache: 'no-store',
      credentials: 'same-origin', // delivery `cookie` sets one; across origins nothing is sent
      redirect: 'error',
      referrerPolicy: 'no-referrer',
    });
  };

  /** One call with a deadline around headers and body. */
  const call = async <T>(
    path: string,
    within: number,
    signal: AbortSignal,
    more: RequestInit & { token?: string },
    parse: (body: unknown) => T,
  ): Promise<T> => {
    const controller = childOf(signal);
    alarm(clock, controller, timedOut).set(within);
    try {
      const response = await request(path, controller.signal, more);
      if (!response.ok) throw await problemOf(response);
      return parse(await response.json());
    } catch (cause) {
      throw failureOf(cause, signal, controller.signal);
    } finally {
      controller.abort();
    }
  };

  return {
    create: (challenge, locale, signal) =>
      call(
        ROUTES.attempts,
        CREATED_WITHIN,
        signal,
        { method: 'POST', body: JSON.stringify({ challenge, locale }) },
        parseAttempt,
      ),

    look: ({ id, watchToken }, signal, poll) =>
      call(
        ROUTES.attempt(id) + (poll ? `?wait=${poll.wait}&after=${poll.after}` : ''),
        ANSWER_WITHIN + (poll?.wait ?? 0) * 1000,
        signal,
        { token: watchToken },
        parseSnapshot,
      ),

    claim: ({ id, watchToken }, verifier, signal) =>
      call(
        ROUTES.claim(id),
        ANSWER_WITHIN,
        signal,
        { method: 'POST', token: watchToken, body: JSON.stringify({ verifier }) },
        parseClaimResult,
      ),

    remove({ id, watchToken }) {
      request(ROUTES.attempt(id), null, { method: 'DELETE', token: watchToken, keepalive: true }).then(
        (response) => response.body?.cancel(),
        () => {},
      );
    },

    async stream({ id, watchToken }, signal, { onSnapshot, onRetry }) {
      const controller = childOf(signal);
      let heard = false;
      const watchdog = alarm(clock, controller, () => (heard ? timedOut() : heldBack()));
      watchdog.set(FIRST_BYTE_WITHIN);
      try {
        const response = await request(ROUTES.events(id), controller.signal, {
          token: watchToken,
          headers: { accept: 'text/event-stream' },
        });
        if (!response.ok) throw await problemOf(response);
        if (!/^text\/event-stream\b/i.test(response.headers.get('content-type') ?? '') || !response.body) {
          await response.body?.cancel();
          throw heldBack();
        }
        await readEventStream(response.body, {
          onRetry,
          onBytes() {
            heard = true;
            watchdog.set(SILENT_AFTER);
          },
          onEvent({ type, data }) {
            if (type !== SNAPSHOT_EVENT || signal.aborted) return;
            const snapshot = parseSnapshot(JSON.parse(data));
            if (snapshot) onSnapshot(snapshot);
          },
        });
      } catch (cause) {
        throw failureOf(cause, signal, controller.signal);
      } finally {
        controller.abort();
      }
    },
  };
}

/** Something between here and the companion lets no stream through: plain answers may still come. */
export const HELD_BACK = 'held_back';

const heldBack = () => new LoginError(HELD_BACK, 'No stream comes through', { retryable: true });
const unreadable = (why: string) =>
  new LoginError('bad_response', `The companion's answer cannot be read: ${why}`, { retryable: true });
const timedOut = () => new LoginError('timeout', 'The companion did not answer in time', { retryable: true });

async function problemOf(response: Response): Promise<LoginError> {
  const { status } = response;
  const problem = parseProblem(await response.json().catch(() => null));
  const again = status === 429 || status >= 500;
  const seconds = Number(response.headers.get('retry-after'));
  return new LoginError(
    problem?.code ?? 'bad_response',
    `The companion answered ${status}${problem ? ` ${problem.code}` : ', and not with a problem of its own'}`,
    {
      status,
      retryable: problem?.retryable ?? again,
      retryAfter: again && seconds > 0 ? Math.min(seconds * 1000, LONGEST_RETRY_AFTER) : 0,
    },
  );
}

/** The caller's own abort goes on as it is; a deadline counts for more than the AbortError that it causes. */
function failureOf(cause: unknown, callers: AbortSignal, own: AbortSignal): unknown {
  if (callers.aborted) return callers.reason;
  if (own.reason instanceof LoginError) return own.reason;
  if (cause instanceof LoginError) return cause;
  if (cause instanceof WireError) return unreadable(cause.message);
  // Without the cause: an engine quotes the text it could not parse, and that can be a token.
  if (cause instanceof SyntaxError) return unreadable('it is not JSON');
  return new LoginError('network', 'The companion cannot be reached', { retryable: true, cause });
}
