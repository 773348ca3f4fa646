import assert from 'node:assert/strict';
import test from 'node:test';
import { FakeClock } from '../../test/fake-clock.ts';
import { createMemoryStore } from './memory.ts';
import { testStore } from '../../test/store-contract.ts';

testStore('memory', () => {
  const clock = new FakeClock();
  return { store: createMemoryStore(clock), pass: (ms) => clock.advance(ms) };
});

test('a full memory store refuses new keys, keeps serving old ones, and frees what has expired', async () => {
  const clock = new FakeClock();
  const store = createMemoryStore(clock, 3);
  for (const key of ['a', 'b', 'c']) await store.hold(key, 'v', 1000);
  await assert.rejects(store.hold('d', 'v', 1000), { code: 'upstream_unavailable' });
  await store.hold('a', 'new', 1000);
  assert.equal(await store.peek('a'), 'new');
  await clock.advance(1000);
  await store.hold('d', 'v', 1000);
  assert.equal(await store.peek('d'), 'v');
  assert.equal(clock.pending, 0);
});

test('what only knows a push again never takes the room of a login: the oldest of it makes way', async () => {
  const store = createMemoryStore(new FakeClock(), 3);
  for (let i = 0; i < 10; i++) assert.equal(await store.once(`owner:${i}`, 60_000), true);
  for (let i = 0; i < 10; i++) await store.holdFirst(`push:${i}`, 'v', 60_000);
  for (const id of ['a', 'b', 'c']) await store.hold(id, 'v', 60_000);
  assert.deepEqual([await store.peek('push:9'), await store.peek('push:0')], ['v', null]);
  await assert.rejects(store.hold('d', 'v', 60_000), { code: 'upstream_unavailable' });
});
