import assert from 'node:assert/strict';
import test from 'node:test';
import { FakeClock } from '../../test/fake-clock.ts';
import { createPace } from './pace.ts';

const always = (): boolean => true;

/** Asks for `calls` places and counts those given within each of the next `seconds`. */
async function given(
  clock: FakeClock,
  pace: ReturnType<typeof createPace>,
  calls: number,
  seconds: number,
): Promise<number[]> {
  let count = 0;
  for (let i = 0; i < calls; i++) void pace.enter(always).then(() => count++);
  const perSecond: number[] = [];
  for (let second = 0; second < seconds; second++) {
    const before = count;
    await clock.advance(1000);
    perSecond.push(count - before);
  }
  return perSecond;
}

test('a second saved up goes out at once, then no more calls a second than the budget', async () => {
  const clock = new FakeClock();
  assert.deepEqual(await given(clock, createPace(clock, 10), 45, 4), [20, 10, 10, 5]);
});

test('turns are given in the order in which they were asked for', async () => {
  const clock = new FakeClock();
  const pace = createPace(clock, 2);
  const order: number[] = [];
  for (let i = 0; i < 6; i++) void pace.enter(always).then(() => order.push(i));
  await clock.advance(3000);
  assert.deepEqual(order, [0, 1, 2, 3, 4, 5]);
});

test('a call that nobody wants any more costs no place and holds nobody up', async () => {
  const clock = new FakeClock();
  const pace = createPace(clock, 1);
  let isWanted = true;
  await pace.enter(always);
  const dropped = pace.enter(() => isWanted);
  const kept = pace.enter(always);
  isWanted = false;
  await clock.advance(1000);
  assert.deepEqual([await dropped, await kept], [false, true]);
  assert.equal(clock.pending, 0);
});

test('being throttled stops everything for the time that was asked for, then halves the rate and doubles back', async () => {
  const clock = new FakeClock();
  const pace = createPace(clock, 16);
  pace.throttled(3000, clock.monotonic());
  assert.deepEqual(await given(clock, pace, 200, 8), [0, 0, 0, 8, 9, 16, 16, 16]); // the ninth at the very moment of doubling
});

test('a burst of throttled answers counts once', async () => {
  const clock = new FakeClock();
  const pace = createPace(clock, 16);
  const askedAt = clock.monotonic();
  await clock.advance(10);
  for (let i = 0; i < 100; i++) pace.throttled(null, askedAt);
  const [first, second] = await given(clock, pace, 200, 2);
  assert.deepEqual([first, second], [0, 8]);
});

test('however often it is throttled, a sixteenth of the budget stays', async () => {
  const clock = new FakeClock();
  const pace = createPace(clock, 160);
  for (let i = 0; i < 100; i++) pace.throttled(1, clock.monotonic());
  const [first] = await given(clock, pace, 100, 1);
  assert.ok(first! >= 9, String(first));
});

test('a wall clock that is set back does not hold it up', async () => {
  const clock = new FakeClock();
  const pace = createPace(clock, 10);
  clock.stepWall(-600_000);
  assert.deepEqual(await given(clock, pace, 30, 2), [20, 10]);
});
