import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fetchAsWechat } from './as-wechat.ts';
import type { Sandbox, SandboxOptions } from './sandbox.ts';
import { createSandbox } from './sandbox.ts';

export interface ServeOptions extends SandboxOptions {
  /** Default 0: any free one. */
  port?: number;
  /** Default 127.0.0.1. The sandbox has no protection at all: leave it on loopback. */
  host?: string;
}

export interface ServedSandbox {
  /** `http://127.0.0.1:PORT` */
  url: string;
  sandbox: Sandbox;
  close(): Promise<void>;
}

function toRequest(
  incoming: IncomingMessage,
  body: Uint8Array<ArrayBuffer>,
  signal: AbortSignal,
  fallback: string,
): Request {
  const headers = new Headers();
  for (let at = 0; at < incoming.rawHeaders.length; at += 2) {
    headers.append(incoming.rawHeaders[at] ?? '', incoming.rawHeaders[at + 1] ?? '');
  }
  const method = incoming.method ?? 'GET';
  const base = incoming.headers.host ? `http://${incoming.headers.host}` : fallback;
  return new Request(new URL(incoming.url ?? '/', base), {
    method,
    headers,
    signal,
    ...(method === 'GET' || method === 'HEAD' ? {} : { body }),
  });
}

async function readBody(incoming: IncomingMessage): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming as AsyncIterable<Buffer>) chunks.push(chunk);
  return new Uint8Array(Buffer.concat(chunks));
}

async function send(response: Response, outgoing: ServerResponse): Promise<void> {
  const body = Buffer.from(await response.arrayBuffer());
  const headers: Record<string, string | string[]> = Object.fromEntries(response.headers);
  const cookies = response.headers.getSetCookie();
  if (cookies.length > 0) headers['set-cookie'] = cookies;
  outgoing.writeHead(response.status, { ...headers, 'content-length': body.length }).end(body);
}

/** Serves a sandbox over HTTP. A broken connection (see `faults`) is a destroyed socket. */
export async function serveSandbox({
  port = 0,
  host = '127.0.0.1',
  ...options
}: ServeOptions = {}): Promise<ServedSandbox> {
  const sandbox = createSandbox({ fetch: fetchAsWechat, ...options });
  let url = '';
  const server = createServer(async (incoming, outgoing) => {
    const abort = new AbortController();
    outgoing.once('close', () => abort.abort());
    try {
      await send(await sandbox.fetch(toRequest(incoming, await readBody(incoming), abort.signal, url)), outgoing);
    } catch {
      incoming.socket.destroy();
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const bound = (server.address() as AddressInfo).port;
  url = `http://${host.includes(':') ? `[${host}]` : host}:${bound}`;
  return {
    url,
    sandbox,
    close: () =>
      new Promise((resolve) => {
        sandbox.close();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
