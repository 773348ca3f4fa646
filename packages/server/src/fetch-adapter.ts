import { systemClock } from './clock.ts';
import { withDeadline } from './deadline.ts';
import { CompanionError } from './errors.ts';
import type { Call, Reply, Sink } from './http.ts';

/** Bytes that may wait for a reader; snapshots are some 200. */
export const MAX_BACKLOG = 16 * 1024;
/** Milliseconds a body may take. */
export const BODY_DEADLINE = 10_000;

/** A web-standard Request as a Call. */
export function toCall(request: Request, address: string | null): Call {
  const url = new URL(request.url);
  return {
    method: request.method,
    path: url.pathname,
    query: url.searchParams,
    search: url.search.slice(1),
    host: request.headers.get('host') ?? url.host,
    address,
    signal: request.signal,
    header: (name) => request.headers.get(name),
    body: (limit) => readBounded(request, limit),
  };
}

async function readBounded(request: Request, limit: number): Promise<Uint8Array> {
  if (Number(request.headers.get('content-length') ?? 0) > limit) throw new CompanionError('body_too_large');
  if (request.bodyUsed) throw new CompanionError('invalid_request', 'somebody has read the body before the companion');
  if (!request.body) return new Uint8Array();
  const reader = request.body.getReader();
  try {
    return await withDeadline(systemClock, BODY_DEADLINE, readAll(reader, limit), () => {
      throw new CompanionError('invalid_request', 'the body came too slowly');
    });
  } catch (error) {
    await reader.cancel().catch(() => {});
    if (error instanceof CompanionError) throw error;
    throw new CompanionError('invalid_request', 'the body broke off', { cause: error });
  }
}

async function readAll(reader: ReadableStreamDefaultReader<Uint8Array>, limit: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return Buffer.concat(chunks);
    size += value.byteLength;
    if (size > limit) throw new CompanionError('body_too_large');
    chunks.push(value);
  }
}

/** A Reply as a web-standard Response. `signal` is the request's: its abort means that the peer has gone. */
export function toResponse({ status, headers, body }: Reply, signal: AbortSignal): Response {
  if (body === null || typeof body === 'string' || body instanceof Uint8Array)
    return new Response(body as BodyInit | null, { status, headers });
  let peerGone = (): void => {};
  const encoder = new TextEncoder();
  const stream = new ReadableStream<Uint8Array>(
    {
      start(controller) {
        let open = true;
        const close = (run: () => void): void => {
          if (!open) return;
          open = false;
          run();
        };
        const sink: Sink = {
          // Once the reader has cancelled, enqueue throws, and uncaught that would end the process.
          write(text) {
            if (!open) return true;
            if ((controller.desiredSize ?? 0) < -MAX_BACKLOG) return false;
            controller.enqueue(encoder.encode(text));
            return true;
          },
          end: () => close(() => controller.close()),
          destroy: () => close(() => controller.error(new Error('the reader did not drain'))),
        };
        const gone = body.open(sink);
        peerGone = () =>
          close(() => {
            gone();
          });
        signal.addEventListener('abort', () => peerGone(), { once: true });
        if (signal.aborted) peerGone();
      },
      cancel: () => peerGone(),
    },
    new ByteLengthQueuingStrategy({ highWaterMark: 0 }),
  );
  return new Response(stream, { status, headers });
}
