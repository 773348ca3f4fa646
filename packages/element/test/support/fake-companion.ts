import { createHash } from 'node:crypto';
import {
  type ClaimResult,
  isFinal,
  PROBLEMS,
  type ProblemCode,
  RANK,
  type Status,
} from '@wechat-follow-login/protocol';
import type { FakeClock } from './fake-clock.ts';

export type CallKind = 'create' | 'stream' | 'look' | 'claim' | 'remove';

export interface Call {
  kind: CallKind;
  /** 1 for the first of its kind. */
  nth: number;
  attempt: FakeAttempt | undefined;
  url: string;
  init: RequestInit;
  at: number;
}

/** What the network, or the companion, does with one call. */
export interface Fault {
  /** The request never arrives, or the answer gets lost after the work was done. */
  lose?: 'request' | 'answer';
  delay?: number;
  /** The request arrives twice; the browser sees the second answer. */
  repeat?: boolean;
  answer?: () => Response;
  /** The answer's body ends with an error after so many bytes. */
  cutAt?: number;
}

interface FakeAttempt {
  id: string;
  challenge: string;
  status: Status;
  newFollower: boolean | null;
  error: { code: string; retryable: boolean; url?: string | null } | null;
  expiresAt: number;
  streams: Set<ReadableStreamDefaultController<Uint8Array>>;
  waiting: Set<() => void>;
}

export const RESULT: ClaimResult = {
  delivery: 'tokens',
  user: { sub: 'u1', name: 'Li Lei', picture: null },
  tokens: { token_type: 'Bearer', access_token: 'secret-at', id_token: 'secret-it', expires_in: 7200 },
};

const encoder = new TextEncoder();

export function problem(code: ProblemCode, headers: Record<string, string> = {}): Response {
  const { status, title, retryable } = PROBLEMS[code];
  const body = { type: 'about:blank', title, status, code, retryable, requestId: 'r1' };
  return Response.json(body, { status, headers: { 'content-type': 'application/problem+json', ...headers } });
}

/** The companion's side of wire.md §2 and §3 in memory, on a fake clock, behind a network that can be told to fail. */
export class FakeCompanion {
  readonly clock: FakeClock;
  readonly calls: Call[] = [];
  readonly attempts: FakeAttempt[] = [];
  exchanges = 0;
  expiresIn = 120;
  fault: (call: Call) => Fault | undefined = () => undefined;

  constructor(clock: FakeClock) {
    this.clock = clock;
  }

  get last(): FakeAttempt {
    return this.attempts.at(-1)!;
  }

  of(kind: CallKind): Call[] {
    return this.calls.filter((call) => call.kind === kind);
  }

  set(attempt: FakeAttempt, status: Status, more: Partial<Pick<FakeAttempt, 'newFollower' | 'error'>> = {}): void {
    Object.assign(attempt, { status }, more);
    for (const wake of attempt.waiting) wake();
    for (const stream of attempt.streams) {
      stream.enqueue(this.#frame(attempt));
      if (isFinal(status)) this.#endStream(attempt, stream);
    }
  }

  /** Every stream of the attempt ends, as on a restart. */
  dropStreams(attempt: FakeAttempt, how: 'close' | 'error' = 'close'): void {
    for (const stream of attempt.streams) {
      attempt.streams.delete(stream);
      if (how === 'close') stream.close();
      else stream.error(new TypeError('terminated'));
    }
  }

  heartbeat(attempt: FakeAttempt): void {
    for (const stream of attempt.streams) stream.enqueue(encoder.encode(': \n\n'));
  }

  fetch: typeof fetch = async (input, init = {}) => {
    const url = String(input);
    const path = new URL(url).pathname;
    const [, id, verb] = /\/attempts(?:\/([^/]+))?(?:\/([^/]+))?$/.exec(path) ?? [];
    const kind: CallKind =
      init.method === 'DELETE'
        ? 'remove'
        : !id
          ? 'create'
          : verb === 'events'
            ? 'stream'
            : verb === 'claim'
              ? 'claim'
              : 'look';
    const attempt = this.attempts.find((one) => one.id === id);
    const call: Call = { kind, nth: this.of(kind).length + 1, attempt, url, init, at: this.clock.now() };
    this.calls.push(call);
    const { lose, delay = 0, repeat, answer, cutAt } = this.fault(call) ?? {};
    const { signal } = init;
    signal?.throwIfAborted();
    const aborted = new Promise<never>((_, reject) =>
      signal?.addEventListener('abort', () => reject(signal.reason), { once: true }),
    );
    aborted.catch(() => {});
    if (lose === 'request') throw new TypeError('fetch failed');
    if (repeat) await this.#answer(call);
    const work = (answer ?? (() => this.#answer(call)))();
    const response = await Promise.race([work, aborted]);
    if (delay) await Promise.race([this.clock.wait(delay), aborted]);
    if (lose === 'answer') throw new TypeError('fetch failed');
    return onTheWire(response, cutAt ?? Infinity, signal);
  };

  async #answer({ kind, attempt, init, url }: Call): Promise<Response> {
    if (kind === 'create') return this.#create(JSON.parse(init.body as string) as { challenge: string });
    if (!attempt || new Headers(init.headers).get('authorization') !== `Bearer watch-${attempt.id}`) {
      return problem('invalid_token');
    }
    if (this.clock.now() >= attempt.expiresAt + 15_000 && attempt.status === 'pending') attempt.status = 'expired';
    switch (kind) {
      case 'stream':
        return this.#stream(attempt, init.signal);
      case 'look': {
        const { searchParams } = new URL(url);
        const wait = Number(searchParams.get('wait'));
        if (wait && RANK[attempt.status] <= Number(searchParams.get('after'))) {
          await Promise.race([this.clock.wait(wait * 1000), new Promise<void>((wake) => attempt.waiting.add(wake))]);
        }
        return Response.json(this.#snapshot(attempt));
      }
      case 'claim':
        return this.#claim(attempt, JSON.parse(init.body as string) as { verifier: string });
      case 'remove':
        this.set(attempt, 'cancelled', { error: { code: 'cancelled', retryable: true } });
        return new Response(null, { status: 204 });
    }
  }

  #create({ challenge }: { challenge: string }): Response {
    const attempt: FakeAttempt = {
      id: `a${this.attempts.length + 1}`,
      challenge,
      status: 'pending',
      newFollower: null,
      error: null,
      expiresAt: this.clock.now() + this.expiresIn * 1000,
      streams: new Set(),
      waiting: new Set(),
    };
    this.attempts.push(attempt);
    const body = {
      id: attempt.id,
      watchToken: `watch-${attempt.id}`,
      expiresIn: this.expiresIn,
      qr: { text: `http://weixin.qq.com/q/${attempt.id}` },
      confirmNumber: '42',
      account: { name: 'Example', avatar: null },
      snapshot: this.#snapshot(attempt),
      somethingNew: true,
    };
    return Response.json(body, { status: 201 });
  }

  #stream(attempt: FakeAttempt, signal: AbortSignal | null | undefined): Response {
    this.dropStreams(attempt);
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        controller.enqueue(encoder.encode('retry: 3000\n\n'));
        controller.enqueue(this.#frame(attempt));
        attempt.streams.add(controller);
        signal?.addEventListener('abort', () => {
          if (attempt.streams.delete(controller)) controller.error(signal.reason);
        });
        if (isFinal(attempt.status)) this.#endStream(attempt, controller);
      },
      cancel: () => attempt.streams.clear(),
    });
    return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
  }

  #endStream(attempt: FakeAttempt, stream: ReadableStreamDefaultController<Uint8Array>): void {
    attempt.streams.delete(stream);
    stream.close();
  }

  #claim(attempt: FakeAttempt, { verifier }: { verifier: string }): Response {
    if (createHash('sha256').update(verifier).digest('base64url') !== attempt.challenge) {
      return problem('verifier_mismatch');
    }
    switch (attempt.status) {
      case 'authorized':
        this.exchanges++;
        this.set(attempt, 'claimed');
        return Response.json(RESULT);
      case 'claimed':
        return Response.json(RESULT);
      case 'cancelled':
        return problem('attempt_cancelled');
      case 'expired':
        return problem('attempt_expired');
      case 'failed':
        return problem(attempt.error!.code as ProblemCode);
      default:
        return problem('not_authorized');
    }
  }

  #snapshot({ status, newFollower, error, expiresAt }: FakeAttempt) {
    const user = RANK[status] >= RANK.authorized && !error ? { name: 'Li Lei', picture: null } : null;
    const expiresIn = Math.max(0, (expiresAt - this.clock.now()) / 1000);
    return { seq: RANK[status], status, expiresIn, newFollower, user, error };
  }

  #frame(attempt: FakeAttempt): Uint8Array {
    const { status } = attempt;
    return encoder.encode(`id: ${RANK[status]}\nevent: snapshot\ndata: ${JSON.stringify(this.#snapshot(attempt))}\n\n`);
  }
}

/** The same answer as the network hands it on: broken off after `bytes` of its body, and when it is aborted. */
function onTheWire(response: Response, bytes: number, signal: AbortSignal | null | undefined): Response {
  if (!response.body) return response;
  const reader = response.body.getReader();
  let left = bytes;
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      signal?.addEventListener('abort', () => {
        controller.error(signal.reason);
        void reader.cancel().catch(() => {});
      });
    },
    async pull(controller) {
      const { done, value } = await reader.read();
      if (signal?.aborted) return;
      if (done) return controller.close();
      if (value.length < left) {
        left -= value.length;
        return controller.enqueue(value);
      }
      if (left) controller.enqueue(value.slice(0, left));
      controller.error(new TypeError('terminated'));
      void reader.cancel().catch(() => {});
    },
    cancel: () => reader.cancel(),
  });
  return new Response(body, response);
}
