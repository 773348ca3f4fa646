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
