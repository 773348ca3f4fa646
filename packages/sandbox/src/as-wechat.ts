import type { ClientRequest } from 'node:http';
import { request as overHttp } from 'node:http';
import { request as overHttps } from 'node:https';

async function writeBody(outgoing: ClientRequest, body: RequestInit['body']): Promise<void> {
  if (body instanceof ReadableStream) {
    // Leaving the loop cancels the stream: a receiver that hangs up must not leave it running.
    for await (const piece of body as unknown as AsyncIterable<Uint8Array>) {
      if (outgoing.destroyed) return;
      outgoing.write(piece);
    }
  } else if (typeof body === 'string') outgoing.write(body);
  outgoing.end();
}

/**
 * Sends a request with WeChat's headers and no others. The global fetch adds its own (accept-language, sec-fetch-mode …),
 * and a receiver that reads headers would be tested against something WeChat never sends. A body is a string, or a stream
 * that comes with its Content-Length.
 */
export const fetchAsWechat: typeof globalThis.fetch = (input, init = {}) => {
  const url = new URL(input instanceof Request ? input.url : input);
  const { method = 'GET', body, signal } = init;
  const headers = {
    ...(init.headers as Record<string, string>),
    ...(typeof body === 'string' && { 'Content-Length': Buffer.byteLength(body) }),
  };
  return new Promise<Response>((resolve, reject) => {
    const send = url.protocol === 'https:' ? overHttps : overHttp;
    const outgoing = send(url, { method, headers, agent: false, ...(signal && { signal }) });
    outgoing.once('error', reject);
    outgoing.once('response', (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.once('error', reject);
      incoming.once('end', () => {
        const status = incoming.statusCode ?? 500;
        const bodyless = status === 204 || status === 304;
        resolve(new Response(bodyless ? null : Buffer.concat(chunks), { status }));
      });
    });
    writeBody(outgoing, body).catch(reject);
  });
};
