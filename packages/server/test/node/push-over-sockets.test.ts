import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import test from 'node:test';
import { gzipSync } from 'node:zlib';
import { createSandbox } from '../../../sandbox/src/index.ts';
import { createCompanion, createMemoryStore, type Companion, type Store } from '../../src/index.ts';
import { systemClock } from '../../src/clock.ts';
import { createNodeServer } from '../../src/node.ts';
import { MODE_2 } from '../clouds.ts';
import { APP } from '../scripted-authing.ts';
import { scanOf, sealed, textSaying } from '../pushes.ts';
import { createHash, randomBytes } from 'node:crypto';

const PAGE = 'https://shop.example';

async function served(store: Store = createMemoryStore(systemClock)) {
  const sandbox = createSandbox({ baseUrl: APP.host });
  const companion: Companion = createCompanion({
    allowedOrigins: [PAGE],
    authing: { appHost: APP.host, appId: sandbox.account.appId, appSecret: sandbox.account.appSecret },
    secrets: [randomBytes(32)],
    wechat: MODE_2,
    store,
    fetch: (input, init) => sandbox.fetch(new Request(input, init)),
  });
  const server = createNodeServer(companion);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    sandbox,
    port,
    url: `http://127.0.0.1:${port}/wechat-login`,
    async close() {
      sandbox.close();
      server.closeAllConnections();
      server.close();
      await companion.close();
    },
  };
}

/** Status of a push, or `closed` where the connection ended without an answer. */
function post(
  port: number,
  query: URLSearchParams,
  body: Buffer | string,
  headers: Record<string, string> = {},
): Promise<number | 'closed'> {
  return new Promise((resolve) => {
    const path = `/wechat-login/wechat/push?${query.toString()}`;
    const call = request({ port, path, method: 'POST', headers: { 'content-type': 'text/xml', ...headers } });
    call.on('response', (response: IncomingMessage) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    call.on('error', () => resolve('closed'));
    call.end(body);
  });
}

async function rawSocket(port: number, text: string): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  await once(socket, 'connect');
  socket.write(text);
  return socket;
}

test('bodies too large, packed, half-sent or slow hold nobody else up', async () => {
  const { port, close } = await served();
  try {
    const good = (): { query: URLSearchParams; body: string } => sealed(textSaying('x'), { now: Date.now() });
    const { query } = good();
    const head = `POST /wechat-login/wechat/push?${query.toString()} HTTP/1.1\r\nHost: x\r\nContent-Type: text/xml\r\n`;
    const slow = await Promise.all(
      Array.from({ length: 100 }, () => rawSocket(port, `${head}Content-Length: 500\r\n\r\n<xml>`)),
    );
    const chunked = await Promise.all(
      Array.from({ length: 20 }, () => rawSocket(port, `${head}Transfer-Encoding: chunked\r\n\r\n5\r\n<xml>\r\n`)),
    );
    const large = await post(port, query, Buffer.alloc(10 * 1024 * 1024, 60));
    assert.ok(large === 413 || large === 'closed', String(large));
    const bomb = gzipSync(Buffer.alloc(20 * 1024 * 1024, 60));
    const packed = await post(port, query, bomb, { 'content-encoding': 'gzip' });
    assert.ok(packed === 403 || packed === 413, String(packed));
    for (const socket of slow.slice(0, 50)) socket.destroy();
    const started = performance.now();
    const { query: own, body } = good();
    assert.equal(await post(port, own, body), 200);
    assert.ok(performance.now() - started < 5_000, 'before WeChat hangs up');
    for (const socket of [...slow, ...chunked]) socket.destroy();
  } finally {
    await close();
  }
});

test('a push that cannot be kept ends with a closed connection', async () => {
  const store = createMemoryStore(systemClock);
  let failing = false;
  const { port, close } = await served(
    new Proxy(store, {
      get(target, name: keyof Store) {
        const verb = target[name] as (...args: unknown[]) => Promise<unknown>;
        return (...args: unknown[]) =>
          failing ? Promise.reject(new Error('the store is down')) : verb.apply(target, args);
      },
    }),
  );
  try {
    const fields = scanOf('gQForeign');
    failing = true;
    const first = sealed(fields, { now: Date.now() });
    assert.equal(await post(port, first.query, first.body), 'closed');
    failing = false;
    assert.equal(await post(port, first.query, first.body), 200);
  } finally {
    failing = false;
    await close();
  }
});

test('a scan reaches the browser’s stream by the push alone: no look at Authing, and no word from it, comes before', async () => {
  const { url, sandbox, close } = await served();
  sandbox.setPushUrl(`${url}/wechat/push`);
  sandbox.faults.add({ path: sandbox.eventsPath, fault: 'hang' });
  try {
    const challenge = createHash('sha256').update('verifier').digest('base64url');
    const created = await fetch(`${url}/attempts`, {
      method: 'POST',
      headers: { origin: PAGE, 'content-type': 'application/json' },
      body: JSON.stringify({ challenge }),
    });
    const { id, watchToken, qr } = (await created.json()) as { id: string; watchToken: string; qr: { text: string } };
    const stopped = new AbortController();
    const stream = await fetch(`${url}/attempts/${id}/events`, {
      headers: { authorization: `Bearer ${watchToken}` },
      signal: stopped.signal,
    });
    const reader = stream.body!.getReader();
    await until(reader, '"pending"');
    await sandbox.phone.scan(qr.text, 'bob');
    await until(reader, '"scanned"');
    // How fast: bench/push-latency.mjs
    assert.equal(sandbox.log.count('/api/v3/get-qrcode-status'), 0);
    stopped.abort();
  } finally {
    await close();
  }
});

async function until(reader: ReadableStreamDefaultReader<Uint8Array>, word: string): Promise<void> {
  for (let text = ''; !text.includes(word);) {
    const { done, value } = await reader.read();
    if (done) throw new Error(`the stream ended before ${word}`);
    text += new TextDecoder().decode(value);
  }
}
