import { request as overHttp } from 'node:http';
import { request as overHttps } from 'node:https';

/**
 * Sends a push with WeChat's headers and no others. The global fetch adds its own (accept-language, sec-fetch-mode …), and
 * a receiver that reads headers would be tested against something WeChat never sends.
 */
export const postPush: typeof globalThis.fetch = (input, init = {}) => {
  const url = new URL(input instanceof Request ? input.url : input);
  const body = Buffer.from(typeof init.body === 'string' ? init.body : '');
  const headers = { ...(init.headers as Record<string, string>), 'Content-Length': body.length };
  return new Promise<Response>((resolve, reject) => {
    const send = url.protocol === 'https:' ? overHttps : overHttp;
    const outgoing = send(url, { method: 'POST', headers, agent: false, ...(init.signal && { signal: init.signal }) });
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
    outgoing.end(body);
  });
};
