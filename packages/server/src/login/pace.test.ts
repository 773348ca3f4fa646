import assert from 'node:assert/strict';
import test from 'node:test';
import { FakeClock } from '../../test/fake-clock.ts';
import { createPace } from './pace.ts';

/** How many calls would go out within `ms` if as many as possible were asked for. */
function callsWithin(pace: ReturnType<typeof createPace>, ms: number): number {
  let calls = 0;
  while (pace.take() <= ms) calls++;
  return calls;
}

test('within a second no more calls go out than the budget, whatever is asked for', () => {
  const clock = new FakeClock();
  assert.equal(callsWithin(createPace(clock, 10), 1000), 20); // one second saved up, one to come
});

test('waits grow evenly once the budget is used up', () => {
  const clock = new FakeClock();
  const pace = createPace(clock, 10);
  for (let i = 0; i < 10; i++) assert.equal(pace.take(), 0);
  assert.deepEqual([pace.take(), pace.take()].map(Math.round), [100, 200]);
});

test('being throttled stops everything for the time that was asked for, then halves the rate', async () => {
  const clock = new FakeClock();
  const pace = createPace(clock, 10);
  pace.throttled(3000);
  assert.ok(pace.take() >= 3000);
  assert.equal(Math.round(pace.take() - pace.take()), -200);
  await clock.advance(60_000);
  pace.take(); // recovered by doubling
  for (let i = 0; i < 30; i++) pace.take();
  assert.equal(Math.round(pace.take() - pace.take()), -100);
});

test('however often it is throttled, a call a second stays', () => {
  const clock = new FakeClock();
  const pace = createPace(clock, 10);
  for (let i = 0; i < 100; i++) pace.throttled(null);
  const first = pace.take();
  assert.ok(pace.take() - first <= 1000);
});
