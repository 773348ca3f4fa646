import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { FakeClock } from '../../test/fake-clock.ts';
import { DueHeap, isDueBefore, type Due } from './due-heap.ts';
import { createMemoryQueues } from './memory-queues.ts';

const HOUR = 3_600_000;
const ANY = 1_000_000;

test('the heap brings everything in the order in which it is due', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 9 })), (moments) => {
      const heap = new DueHeap<Due>();
      moments.forEach((dueAt, order) => heap.push({ dueAt, order }));
      const brought = moments.map(() => heap.pop()!);
      assert.equal(heap.pop(), undefined);
      assert.deepEqual(
        brought,
        [...brought].sort((a, b) => a.dueAt - b.dueAt || a.order - b.order),
      );
    }),
  );
});

test('among 100,000 waiting jobs one is found in some tens of steps', () => {
  let steps = 0;
  const heap = new DueHeap<Due>((a, b) => {
    steps++;
    return isDueBefore(a, b);
  });
  for (let order = 0; order < 100_000; order++) heap.push({ dueAt: (order * 7919) % 100_003, order });
  steps = 0;
  for (let i = 0; i < 100; i++) heap.push({ ...heap.pop()!, dueAt: 200_000 });
  assert.ok(steps <= 100 * 3 * 17, String(steps));
});

test('jobs that are done make no lease dearer, and only the newest of them are known', async () => {
  let readings = 0;
  const clock = new FakeClock();
  const { verbs } = createMemoryQueues({ ...clock, monotonic: () => (readings++, clock.monotonic()) } as never, 1_000);
  for (let i = 0; i < 5_000; i++) {
    await verbs.enqueue('q', { id: `job ${i}`, value: 'v' }, HOUR, ANY);
    assert.equal((await verbs.lease('q', 1, 20_000)).length, 1);
    await verbs.finish('q', `job ${i}`);
  }
  readings = 0;
  assert.deepEqual(await verbs.lease('q', 16, 20_000), []);
  assert.ok(readings <= 2, String(readings));
  assert.equal(await verbs.enqueue('q', { id: 'job 4999', value: 'v' }, HOUR, ANY), 'known');
  assert.equal(await verbs.enqueue('q', { id: 'job 0', value: 'v' }, HOUR, ANY), 'added');
});

test('a postponed or lost job is brought once however often it changed its place', async () => {
  const clock = new FakeClock();
  const { verbs } = createMemoryQueues(clock, 10);
  await verbs.enqueue('q', { id: 'a', value: 'v' }, HOUR, ANY);
  for (let i = 0; i < 5; i++) {
    assert.equal((await verbs.lease('q', 9, 20_000)).length, 1);
    await verbs.postpone('q', 'a', 1_000);
    await clock.advance(1_000);
  }
  await clock.advance(60_000);
  assert.deepEqual(await verbs.lease('q', 9, 20_000), [{ id: 'a', value: 'v', tries: 6 }]);
});
