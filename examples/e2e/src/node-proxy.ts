import { createServer, request as ask } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Proxy } from './proxy.ts';

/** A proxy that hands an answer on when it has all of it, as buffering ones do with small pieces; else piece by piece. */
export async function startNodeProxy(upstream: URL, buffers: boolean): Promise<Proxy> {
  const server = createServer((incoming, outgoing) => {
    const { method, headers, url: path } = incoming;
    const upwards = ask({ host: upstream.hostname, port: upstream.port, method, path, headers }, (answer) => {
      const { statusCode = 502, headers } = answer;
      const held = buffers && /event-stream/.test(headers['content-type'] ?? '');
      if (!held) return answer.pipe(outgoing.writeHead(statusCode, headers));
      const pieces: Buffer[] = [];
      answer.on('data', (piece: Buffer) => pieces.push(piece));
      answer.once('end', () => outgoing.writeHead(statusCode, headers).end(Buffer.concat(pieces)));
    });
    upwards.once('error', () => outgoing.destroy());
    outgoing.once('close', () => upwards.destroy());
    incoming.pipe(upwards);
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return {
    name: 'a proxy of Node’s',
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
