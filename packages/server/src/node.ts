import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Companion } from './companion.ts';
import { CompanionError } from './errors.ts';
import { BODY_DEADLINE, MAX_BACKLOG } from './fetch-adapter.ts';
import type { Call, Reply, Sink } from './http.ts';
import { guardLog, SILENT } from './log.ts';
import type { Log } from './ports.ts';
import { createPeerAddress } from './trust-proxy.ts';

export interface NodeHandlerOptions {
  /** Addresses or CIDRs of the proxies whose `X-Forwarded-For` counts. Default none. */
  trustProxy?: readonly string[];
  log?: Log;
}

const DRAIN_DEADLINE = 10_000;

/**
 * A listener for node:http, Express, Fastify and their like. It writes to the socket itself: a web stream per connection
 * would cost about 1.4 times the memory. Throws TypeError for a `trustProxy` entry that is no address.
 */
export function toNodeHandler(
  companion: Companion,
  options: NodeHandlerOptions = {},
): (request: IncomingMessage, response: ServerResponse) => void {
  const log = guardLog(options.log ?? SILENT);
  const peerAddress = createPeerAddress(options.trustProxy ?? [], log);
  return (request, response) => {
    const gone = new AbortController();
    // 'close' of the request may never come once its body is consumed; that of the response always does.
    response.once('close', () => gone.abort());
    const address = peerAddress(request.socket.remoteAddress ?? '', headerOf(request, 'x-forwarded-for'));
    companion
      .handle(toCall(request, companion.basePath, address, gone.signal))
      .then((reply) => send(reply, response, gone.signal))
      .catch((error: unknown) => {
        log.error('response.failed', { cause: error instanceof Error ? error.name : 'unknown' });
        response.destroy();
      });
  };
}

function toCall(request: IncomingMessage, basePath: string, address: string, signal: AbortSignal): Call {
  const target = targetOf(request, basePath);
  const at = target.indexOf('?');
  const search = at < 0 ? '' : target.slice(at + 1);
  return {
    method: request.method ?? 'GET',
    path: at < 0 ? target : target.slice(0, at),
    query: new URLSearchParams(search),
    search,
    host: headerOf(request, 'host'),
    address: address === '' ? null : address,
    signal,
    header: (name) => headerOf(request, name),
    body: (limit) => readBody(request, limit),
  };
}

/**
 * Mounted in Express below some path, `url` holds the rest and `originalUrl` the whole: whichever starts with our base path
 * is meant, so that both `app.use(handler)` and `app.use('/wechat-login', handler)` work.
 */
function targetOf(request: IncomingMessage, basePath: string): string {
  const { originalUrl } = request as { originalUrl?: unknown };
  const candidates = [request.url, originalUrl].filter((url) => typeof url === 'string').map(withoutOrigin);
  return candidates.find((url) => url.startsWith(`${basePath}/`)) ?? candidates[0] ?? '/';
}

/** A request line may name the whole address (RFC 9112, absolute-form). */
function withoutOrigin(url: string): string {
  return url.replace(/^https?:\/\/[^/?#]*/i, '');
}

function headerOf(request: IncomingMessage, name: string): string | null {
  const value = request.headers[name];
  return value === undefined ? null : Array.isArray(value) ? value.join(', ') : value;
}

/** Listens itself instead of iterating, so that a body sent too slowly ends by our clock and not by the peer's. */
async function readBody(request: IncomingMessage, limit: number): Promise<Uint8Array> {
  if (request.readableEnded || request.destroyed) return parsedBody(request, limit);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const settle = (run: () => void): void => {
      clearTimeout(timer);
      request.off('data', onData).off('end', onEnd).off('error', onBroken).off('aborted', onBroken);
      run();
    };
    const tooLarge = (): void =>
      settle(() => reject(new CompanionError('body_too_large', undefined, { headers: CLOSE })));
    const onData = (chunk: Buffer): void => {
      size += chunk.length;
      if (size > limit) tooLarge();
      else chunks.push(chunk);
    };
    const onEnd = (): void => settle(() => resolve(Buffer.concat(chunks)));
    const onBroken = (): void =>
      settle(() => reject(new CompanionError('invalid_request', 'the body broke off', { headers: CLOSE })));
    const timer = setTimeout(onBroken, BODY_DEADLINE);
    if (Number(request.headers['content-length'] ?? 0) > limit) return tooLarge();
    request.on('data', onData).on('end', onEnd).on('error', onBroken).on('aborted', onBroken);
  });
}

/** A body parser of the host's was faster: what it made of the body is as good. Throws CompanionError where there is nothing. */
function parsedBody(request: IncomingMessage, limit: number): Uint8Array {
  const { body } = request as { body?: unknown };
  if (body === undefined)
    throw new CompanionError('invalid_request', 'somebody has read the body before the companion');
  // Only of JSON can the bytes be made again; an XML parser's object is no push any more.
  const isText = body instanceof Uint8Array || typeof body === 'string';
  if (!isText && !/\bjson\b/i.test(headerOf(request, 'content-type') ?? '')) {
    throw new CompanionError(
      'invalid_request',
      'a body parser has read the body before the companion: mount it before',
    );
  }
  const bytes = body instanceof Uint8Array ? body : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  if (bytes.length > limit) throw new CompanionError('body_too_large');
  return bytes;
}

/** What is left of such a body must not be read as the next request. */
const CLOSE = { connection: 'close' };

function send({ status, headers, body }: Reply, response: ServerResponse, gone: AbortSignal): void {
  if (gone.aborted) return;
  if (body === null || typeof body === 'string' || body instanceof Uint8Array) {
    const length: Record<string, number> = status === 204 ? {} : { 'content-length': Buffer.byteLength(body ?? '') };
    response.writeHead(status, { ...headers, ...length }).end(body ?? undefined);
    return;
  }
  response.writeHead(status, headers);
  response.socket?.setNoDelay(true);
  const peerGone = body.open(socketSink(response));
  gone.addEventListener('abort', peerGone, { once: true });
}

function socketSink(response: ServerResponse): Sink {
  let undrainedSince: number | null = null;
  response.on('drain', () => {
    undrainedSince = null;
  });
  return {
    write(text) {
      if (response.destroyed) return true; // 'close' tells of it
      const now = performance.now();
      if (undrainedSince !== null && now - undrainedSince > DRAIN_DEADLINE) return false;
      if (response.writableLength > MAX_BACKLOG) return false;
      if (!response.write(text)) undrainedSince ??= now;
      return true;
    },
    end: () => void response.end(),
    destroy: () => void response.destroy(),
  };
}

/** A node:http server with bounds on what a slow or greedy peer can hold. Not yet listening. */
export function createNodeServer(companion: Companion, options: NodeHandlerOptions = {}): Server {
  return createServer(
    {
      headersTimeout: 10_000,
      requestTimeout: 30_000,
      // At its default of 30 s the two above would be noticed half a minute late.
      connectionsCheckingInterval: 2_000,
      keepAliveTimeout: 75_000,
      maxHeaderSize: 8 * 1024,
    },
    toNodeHandler(companion, options),
  );
}
