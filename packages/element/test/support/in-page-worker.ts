import { getResponse, type RequestHandler } from 'msw';

/**
 * msw's handlers in front of the page's own `fetch`, with the surface of msw's service worker. Why not the service worker:
 * WebKit cannot hand a stream from a page to its worker, so there a mocked stream arrives when it has ended, which an
 * attempt's never does. In the page a stream streams in every browser. The price is that no request leaves the page;
 * network.test.ts and content-security-policy.test.ts walk the network, with the companion in network-companion.mjs.
 */
export function setupWorker() {
  const real = globalThis.fetch;
  let handlers: RequestHandler[] = [];
  return {
    start() {
      globalThis.fetch = async (input, init) => {
        const request = new Request(input, init);
        const signal = init?.signal ?? request.signal;
        signal.throwIfAborted();
        const aborted = new Promise<never>((_, reject) =>
          signal.addEventListener('abort', () => reject(signal.reason), { once: true }),
        );
        aborted.catch(() => {}); // after the answer nobody waits for it any more
        const response = await Promise.race([getResponse(handlers, request.clone()), aborted]);
        return response ? cutOnAbort(response, signal) : real(request);
      };
    },
    stop() {
      globalThis.fetch = real;
    },
    /** The newest is asked first. */
    use(...more: RequestHandler[]) {
      handlers = [...more, ...handlers];
    },
    resetHandlers() {
      handlers = [];
    },
  };
}

/**
 * As the network does it: an abort after the headers fails the reader, and the other side is told. (`pipeThrough` with a
 * signal would be this in one line; in WebKitGTK 2.50 such a pipe stays open.)
 */
function cutOnAbort(response: Response, signal: AbortSignal): Response {
  const reader = response.body?.getReader();
  if (!reader) return response;
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      signal.addEventListener('abort', () => {
        controller.error(signal.reason);
        reader.cancel(signal.reason).catch(() => {});
      });
    },
    async pull(controller) {
      const { done, value } = await reader.read();
      if (signal.aborted) return;
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel: (reason) => reader.cancel(reason),
  });
  return new Response(body, response);
}
