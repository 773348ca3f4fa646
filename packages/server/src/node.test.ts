import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, request as httpRequest, type IncomingMessage, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import test, { type TestContext } from 'node:test';
import { Harness, PAGE } from '../test/harness.ts';
import { createNodeServer, toNodeHandler } from './node.ts';

/** A companion behind a real socket, on the real clock's port. */
async function listening(
  t: TestContext,
  harness = new Harness(),
  trustProxy: string[] = [],
): Promise<{ harness: Harness; base: string; port: number; server: Server }> {
  const server = createNodeServer(harness.companion, { trustProxy });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { harness, port, server, base: `http://127.0.0.1:${port}/wechat-login` };
}

const begin = (
  base: string,
  body: string = JSON.stringify({ challenge: 'A'.repeat(43) }),
  headers: Record<string, string> = {},
) =>
  fetch(`${base}/attempts`, {
    method: 'POST',
    headers: { origin: PAGE, 'content-type': 'application/json', ...headers },
    body,
  });

/** Sends bytes as they are and gathers the answer until the peer closes. */
async function raw(port: number, text: string, end = false): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  let answer = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => (answer += chunk));
  socket.on('error', () => {});
  socket.write(text);
  if (end) socket.end();
  await once(socket, 'close');
  return answer;
}

test('the wire works over a real socket: create, look, stream, cancel', async (t) => {
  const { base, harness } = await listening(t);
  const created = await begin(base);
  assert.equal(created.status, 201);
  assert.equal(created.headers.get('access-control-allow-origin'), PAGE);
  const { id, watchToken } = (await created.json()) as { id: string; watchToken: string };
  const headers = { authorization: `Bearer ${watchToken}`, origin: PAGE };
  assert.equal(
    ((await (await fetch(`${base}/attempts/${id}`, { headers })).json()) as { status: string }).status,
    'pending',
  );
  const stream = await fetch(`${base}/attempts/${id}/events`, { headers });
  assert.equal(stream.headers.get('content-type'), 'text/event-stream');
  const reader = stream.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  while (!text.includes('event: snapshot')) text += (await reader.read()).value;
  assert.match(text, /^retry: \d+\n\nid: 0\nevent: snapshot\ndata: /);
  const cancelled = await fetch(`${base}/attempts/${id}`, { method: 'DELETE', headers });
  assert.deepEqual([cancelled.status, await cancelled.text()], [204, '']);
  for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) text += chunk.value;
  assert.match(text, /"status":"cancelled"/);
  assert.equal(harness.authing.count('create'), 1);
});

test('a peer that leaves its stream is forgotten', async (t) => {
  const { base, harness } = await listening(t);
  const { id, watchToken } = (await (await begin(base)).json()) as { id: string; watchToken: string };
  const leaving = new AbortController();
  const stream = await fetch(`${base}/attempts/${id}/events`, {
    headers: { authorization: `Bearer ${watchToken}` },
    signal: leaving.signal,
  });
  await stream.body!.getReader().read();
  assert.ok(harness.clock.pending > 0);
  leaving.abort();
  for (let turn = 0; harness.clock.pending > 1 && turn < 1000; turn++)
    await new Promise((resolve) => setImmediate(resolve));
  await harness.clock.advance(11_000);
  assert.equal(harness.clock.pending, 0);
});

test('a body above 8 kB is refused, announced or not, and what is left of it is no second request', async (t) => {
  const { base, port, harness } = await listening(t);
  const big = `{"challenge":"${'A'.repeat(20_000)}"}`;
  assert.equal((await begin(base, big)).status, 413);
  const smuggled = `POST /wechat-login/attempts HTTP/1.1\r\nHost: x\r\nOrigin: ${PAGE}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`;
  const chunk = `${(9000).toString(16)}\r\n${'A'.repeat(9000)}\r\n0\r\n\r\nGET /wechat-login/healthz HTTP/1.1\r\nHost: x\r\n\r\n`;
  const answer = await raw(port, smuggled + chunk);
  assert.match(answer, /^HTTP\/1\.1 413 /);
  assert.ok(!answer.includes('"ok"'));
  assert.equal(harness.authing.count('create'), 0);
});

test('a body that breaks off reaches nobody', async (t) => {
  const { port, harness } = await listening(t);
  const head = `POST /wechat-login/attempts HTTP/1.1\r\nHost: x\r\nOrigin: ${PAGE}\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"challenge"`;
  await raw(port, head, true);
  assert.equal(harness.authing.count('create'), 0);
  assert.equal((await fetch(`http://127.0.0.1:${port}/wechat-login/healthz`)).status, 200);
});

test('malformed requests end their own connection and nothing else', async (t) => {
  const { port } = await listening(t);
  for (const text of [
    'NONSENSE\r\n\r\n',
    'GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n',
    `GET / HTTP/1.1\r\nHost: x\r\nX: ${'a'.repeat(20_000)}\r\n\r\n`,
    'GET //%%zz?%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
  ]) {
    assert.match(await raw(port, text), /^HTTP\/1\.1 4\d\d /, text.slice(0, 40));
  }
  assert.equal((await fetch(`http://127.0.0.1:${port}/wechat-login/healthz`)).status, 200);
});

test('limits per peer hold behind a trusted proxy, and X-Forwarded-For means nothing from anybody else', async (t) => {
  const behind = await listening(t, new Harness(), ['127.0.0.1']);
  for (let i = 0; i < 20; i++)
    assert.equal((await begin(behind.base, undefined, { 'x-forwarded-for': '192.0.2.1' })).status, 201);
  assert.equal((await begin(behind.base, undefined, { 'x-forwarded-for': '192.0.2.1' })).status, 429);
  assert.equal((await begin(behind.base, undefined, { 'x-forwarded-for': '192.0.2.2' })).status, 201);
  const open = await listening(t);
  for (let i = 0; i < 20; i++)
    assert.equal((await begin(open.base, undefined, { 'x-forwarded-for': `192.0.2.${i}` })).status, 201);
  assert.equal((await begin(open.base, undefined, { 'x-forwarded-for': '192.0.2.99' })).status, 429);
});

test('mounted in a server with its own body parser and below its own path, the wire works all the same', async (t) => {
  const harness = new Harness();
  const handler = toNodeHandler(harness.companion);
  const body = JSON.stringify({ challenge: 'A'.repeat(43) });
  for (const [what, url, originalUrl, parsed] of [
    ['express, mounted at the base path, parsed', '/attempts', '/wechat-login/attempts', JSON.parse(body)],
    [
      'express, mounted below /api, as a buffer',
      '/wechat-login/attempts',
      '/api/wechat-login/attempts',
      Buffer.from(body),
    ],
    ['a proxy that names the whole address, as text', 'http://x.example/wechat-login/attempts', undefined, body],
  ] as const) {
    const server = createServer((request, response) => {
      request.resume().on('end', () => {
        Object.assign(request, { url, originalUrl, body: parsed as unknown });
        // A turn later, as middleware that awaits something would call it.
        setImmediate(() => handler(request, response));
      });
    }).listen(0, '127.0.0.1');
    t.after(() => server.close());
    await once(server, 'listening');
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    assert.equal((await begin(base, body, { connection: 'close' })).status, 201, what);
  }
});

test('a reader that stops reading is dropped while others go on', async (t) => {
  const harness = new Harness();
  let write = (): boolean => true;
  // A stream that never stops talking shows what a snapshot every minute would take weeks to show.
  const talkative = toNodeHandler({
    ...harness.companion,
    handle: async () => ({
      status: 200,
      headers: {},
      body: {
        open(sink) {
          write = () => {
            const taken = sink.write('x'.repeat(8_192));
            if (!taken) sink.destroy();
            return taken;
          };
          sink.write('the head goes out with the first byte');
          return () => {};
        },
      },
    }),
  });
  const server = createServer(talkative).listen(0, '127.0.0.1');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, 'listening');
  const request = httpRequest({ port: (server.address() as AddressInfo).port, host: '127.0.0.1' }).end();
  request.on('error', () => {});
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  response.pause();
  const dropped = once(response, 'close').catch(() => {});
  let writes = 0;
  while (write() && writes < 100_000) {
    writes++;
    if (writes % 16 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  assert.ok(writes < 100_000, 'the reader was dropped before 800 MB were written');
  response.resume();
  response.on('error', () => {});
  await dropped;
});
