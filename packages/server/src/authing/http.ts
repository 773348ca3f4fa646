import { withDeadline } from '../deadline.ts';
import { foreignText } from '../log.ts';
import { UpstreamFault, type Clock } from '../ports.ts';

export type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

/** What came back, whatever it was. `json` is undefined when the body is no JSON. */
export interface Answer {
  httpStatus: number;
  json: unknown;
  /** Milliseconds from 500 to 10,000, where the answer names a `Retry-After` in seconds. */
  retryAfter: number | null;
}

/** Authing's SDKs wait 10 s. */
export const TIMEOUT = 10_000;
const MAX_BYTES = 256 * 1024;
const SHORTEST_PAUSE = 500;
const LONGEST_PAUSE = 10_000;

/**
 * One call with a deadline, without redirects, with a bounded answer. Throws UpstreamFault when no whole answer came: it
 * says what went wrong and never what was sent.
 */
export async function call(
  { fetch, clock }: { fetch: Fetch; clock: Clock },
  url: URL,
  init: RequestInit,
  timeout: number = TIMEOUT,
): Promise<Answer> {
  const { response, bytes } = await fetchBytes({ fetch, clock }, url, init, timeout);
  return {
    httpStatus: response.status,
    json: parseJson(bytes),
    retryAfter: readRetryAfter(response.headers.get('retry-after')),
  };
}

/** Bounded: one header of a gateway must neither stop every login for an hour nor make us ask without a pause. */
function readRetryAfter(header: string | null): number | null {
  if (header === null || !/^\d+$/.test(header.trim())) return null;
  return Math.min(Math.max(Number(header) * 1000, SHORTEST_PAUSE), LONGEST_PAUSE);
}

/** The same for a body that is no JSON. */
export async function fetchBytes(
  { fetch, clock }: { fetch: Fetch; clock: Clock },
  url: URL,
  init: RequestInit,
  timeout: number = TIMEOUT,
): Promise<{ response: Response; bytes: Uint8Array }> {
  const controller = new AbortController();
  const exchange = (async () => {
    const response = await fetch(url, { ...init, redirect: 'error', signal: controller.signal });
    return { response, bytes: await readBounded(response) };
  })();
  try {
    // Our own race: a fetch that ignores its signal must not outlive the deadline either.
    return await withDeadline(clock, timeout, exchange, () => {
      controller.abort();
      throw new UpstreamFault(`no answer within ${timeout} ms`);
    });
  } catch (error) {
    if (error instanceof UpstreamFault) throw error;
    throw new UpstreamFault(`no answer: ${reason(error)}`);
  }
}

async function readBounded(response: Response): Promise<Uint8Array> {
  if (!response.body) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = response.body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return Buffer.concat(chunks);
    size += value.byteLength;
    if (size > MAX_BYTES) {
      await reader.cancel();
      throw new UpstreamFault(`an answer of more than ${MAX_BYTES} bytes`);
    }
    chunks.push(value);
  }
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}

/** undici hides what happened (ECONNREFUSED, a redirect) in the cause of a bare "fetch failed". */
function reason(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const cause = error.cause instanceof Error ? error.cause : null;
  const code = cause && 'code' in cause ? String(cause.code) : null;
  return foreignText(code ?? cause?.message ?? error.message);
}

/** `search` unchanged behind whatever query `url` has of its own. */
export function withQuery(url: string, search: string): string {
  if (search === '') return url;
  return `${url}${url.includes('?') ? '&' : '?'}${search}`;
}
