import assert from 'node:assert/strict';
import test from 'node:test';
import { FakeClock } from '../test/fake-clock.ts';
import { pause, withDeadline } from './deadline.ts';

const never = new Promise<never>(() => {});

test('work in time answers for itself, and leaves no timer', async () => {
  const clock = new FakeClock();
  assert.equal(await withDeadline(clock, 1000, Promise.resolve('done'), () => 'late'), 'done');
  await assert.rejects(
    withDeadline(clock, 1000, Promise.reject(new Error('no')), () => 'late'),
    /no/,
  );
  assert.equal(clock.pending, 0);
});

test('work that is late is answered for, or thrown about, at the moment and not before', async () => {
  const clock = new FakeClock();
  let answer = '';
  void withDeadline(clock, 1000, never, () => 'late').then((text) => (answer = text));
  const thrown = withDeadline(clock, 1000, never, () => {
    throw new TypeError('late');
  });
  thrown.catch(() => {});
  await clock.advance(999);
  assert.equal(answer, '');
  await clock.advance(1);
  assert.equal(answer, 'late');
  await assert.rejects(thrown, TypeError);
  assert.equal(clock.pending, 0);
});

test('a rejection after the deadline ends no process', async () => {
  const clock = new FakeClock();
  let fail = (_: Error): void => {};
  const work = new Promise<never>((_, reject) => (fail = reject));
  const late = withDeadline(clock, 1000, work, () => 'late');
  await clock.advance(1000);
  assert.equal(await late, 'late');
  fail(new Error('too late to matter'));
  await clock.advance(1);
});

test('a pause is as long as it says', async () => {
  const clock = new FakeClock();
  let isOver = false;
  void pause(clock, 500).then(() => (isOver = true));
  await clock.advance(499);
  assert.equal(isOver, false);
  await clock.advance(1);
  assert.equal(isOver, true);
});
