import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:net';
import test from 'node:test';
import { freePortFrom, listenFrom } from './listen-from.ts';

const close = (server: Server): Promise<void> => new Promise((resolve) => void server.close(() => resolve()));

test('a port that is taken leads to the next free one', async () => {
  const first = createServer();
  const second = createServer();
  const taken = await listenFrom(first, 0);
  try {
    const next = await listenFrom(second, taken);
    assert.ok(next > taken, `expected a port above ${taken}, got ${next}`);
    await close(second);
  } finally {
    await close(first);
  }
});

test('a free port is handed out free', async () => {
  const server = createServer();
  const port = await freePortFrom(0);
  assert.equal(await listenFrom(server, port), port);
  await close(server);
});
