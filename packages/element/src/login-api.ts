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

/** How long an answer may take, ms. To create a code, others have to be asked. */
const ANSWER_WITHIN = 10_000;
const CREATED_WITHIN = 20_000;
/** A stream that sends nothing for so long after it was asked for is held back by something on the way. */
const FIRST_BYTE_WITHIN = 5_000;
const SILENT_AFTER = 2.5 * HEARTBEAT_SECONDS * 1000;
/** Whatever an answer says: a longer wait is none that a person would sit through. */
const LONGEST_RETRY_AFTER = 600_000;
/** Code of a stream that does not come through. Plain answers may. */
export const HELD_BACK = 'held_back';

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
  /** Resolves when the companion ends the stream; fails with `held_back` when nothing comes through. */
  stream(handle: Handle, signal: AbortSignal, watcher: StreamWatcher): Promise<void>;
  claim(handle: Handle, verifier: string, signal: AbortSignal): Promise<ClaimResult>;
  /** Told and forgotten: whether it arrives or not, nobody waits for this attempt any more. */
  remove(handle: Handle): void;
}

interface Request {
  method?: string;
  body?: object;
  token?: string;
  accept?: string;
}

export function createLoginApi(endpoint: string, send: typeof fetch, clock: Clock): LoginApi {
  const base = endpoint.replace(/\/+$/, '');

  const request = (
    path: string,
    { method = 'GET', body, token, accept = 'application/json' }: Request,
    more: RequestInit,
  ) =>
    send(base + path, {
      ...more,
      method,
      headers: {
        accept,
        ...(token && { authorization: `Bearer ${token}` }),
        ...(body && { 'content-type': 'application/json' }),
      },
      body: body && JSON.stringify(body),
      cache: 'no-store',
      credentials: 'same-origin', // delivery `cookie` sets one; across origins nothing is sent
      redirect: 'error',
      referrerPolicy: 'no-referrer',
    });

  /** One call with a deadline around headers and body. */
  const call = async <T>(
    path: string,
    what: Request,
    within: number,
    signal: AbortSignal,
    read: (response: Response, setDeadline: (ms: number) => void) => Promise<T>,
    late = tooLate,
  ): Promise<T> => {
    const controller = childOf(signal);
    const setDeadline = alarm(clock, controller, () => late());
    setDeadline(within);
    try {
      const response = await request(path, what, { signal: controller.signal });
      if (!response.ok) throw await problemOf(response);
      return await read(response, setDeadline);
    } catch (cause) {
      throw failureOf(cause, signal, controller.signal);
    } finally {
      controller.abort();
    }
  };

  return {
    create: (challenge, locale, signal) =>
      call(ROUTES.attempts, { method: 'POST', body: { challenge, locale } }, CREATED_WITHIN, signal, as(parseAttempt)),

    look: ({ id, watchToken: token }, signal, poll) =>
      call(
        ROUTES.attempt(id) + (poll ? `?wait=${poll.wait}&after=${poll.after}` : ''),
        { token },
        ANSWER_WITHIN + (poll?.wait ?? 0) * 1000,
        signal,
        as(parseSnapshot),
      ),

    claim: ({ id, watchToken: token }, verifier, signal) =>
      call(
        ROUTES.claim(id),
        { method: 'POST', token, body: { verifier } },
        ANSWER_WITHIN,
        signal,
        as(parseClaimResult),
      ),

    remove({ id, watchToken: token }) {
      request(ROUTES.attempt(id), { method: 'DELETE', token }, { keepalive: true }).then(
        (response) => response.body?.cancel(),
        () => {},
      );
    },

    stream({ id, watchToken: token }, signal, { onSnapshot, onRetry }) {
      let late = heldBack;
      return call(
        ROUTES.events(id),
        { token, accept: 'text/event-stream' },
        FIRST_BYTE_WITHIN,
        signal,
        async ({ headers, body }, setDeadline) => {
          if (!body || !/^text\/event-stream\b/i.test(headers.get('content-type') ?? '')) throw heldBack();
          await readEventStream(body, {
            onRetry,
            onBytes() {
              late = tooLate;
              setDeadline(SILENT_AFTER);
            },
            onEvent({ type, data }) {
              const snapshot = type === SNAPSHOT_EVENT && !signal.aborted && parseSnapshot(JSON.parse(data));
              if (snapshot) onSnapshot(snapshot);
            },
          });
        },
        () => late(),
      );
    },
  };
}

const as =
  <T>(parse: (body: unknown) => T) =>
  async (response: Response): Promise<T> =>
    parse(await response.json());

const fault = (code: string, message: string, cause?: unknown) =>
  new LoginError(code, message, { retryable: true, cause });
const tooLate = () => fault('timeout', 'No answer in time');
const heldBack = () => fault(HELD_BACK, 'No stream');

async function problemOf(response: Response): Promise<LoginError> {
  const { status } = response;
  const problem = parseProblem(await response.json().catch(() => null));
  const again = status === 429 || status >= 500;
  const seconds = Number(response.headers.get('retry-after'));
  const code = problem?.code ?? 'bad_response';
  return new LoginError(code, `The companion answered ${status} ${code}`, {
    status,
    retryable: problem?.retryable ?? again,
    retryAfter: again && seconds > 0 ? Math.min(seconds * 1000, LONGEST_RETRY_AFTER) : 0,
  });
}

/** The caller's own abort goes on as it is; a deadline counts for more than the AbortError that it causes. */
function failureOf(cause: unknown, callers: AbortSignal, own: AbortSignal): unknown {
  if (callers.aborted) return callers.reason;
  if (own.aborted) return own.reason;
  if (cause instanceof LoginError) return cause;
  if (cause instanceof WireError) return fault('bad_response', cause.message);
  // Without the cause: an engine quotes the text it could not parse, and that can be a token.
  if (cause instanceof SyntaxError) return fault('bad_response', 'The answer is not JSON');
  return fault('network', 'The companion cannot be reached', cause);
}
