import assert from 'node:assert/strict';
import test from 'node:test';
import { FakeClock } from '../test/fake-clock.ts';
import { OpenCount, peerKey, RateLimit } from './limits.ts';

test('a burst goes through, the next one waits, and time gives places back', async () => {
  const clock = new FakeClock();
  const limit = new RateLimit(clock, { burst: 3, perSecond: 0.5 });
  assert.deepEqual(
    [1, 2, 3].map(() => limit.take('a')),
    [0, 0, 0],
  );
  assert.equal(limit.take('a'), 2);
  assert.equal(limit.take('b'), 0);
  await clock.advance(2000);
  assert.equal(limit.take('a'), 0);
  assert.equal(limit.take('a'), 2);
});

test('waiting never saves up more than a burst', async () => {
  const clock = new FakeClock();
  const limit = new RateLimit(clock, { burst: 2, perSecond: 1 });
  await clock.advance(3_600_000);
  assert.deepEqual(
    [1, 2, 3].map(() => limit.take('a') > 0),
    [false, false, true],
  );
});

test('what is open is counted per key and forgotten at zero', () => {
  const open = new OpenCount();
  open.add('a');
  open.add('a');
  open.add('b');
  open.remove('a');
  assert.deepEqual([open.count('a'), open.count('b'), open.count('c')], [1, 1, 0]);
  open.remove('c');
  assert.equal(open.count('c'), 0);
});

test('one IPv6 subscriber is one peer, its neighbours are others', () => {
  assert.equal(peerKey('2001:db8:1:2::1'), peerKey('2001:db8:1:2:ffff::9'));
  assert.equal(peerKey('2001:db8::'), peerKey('2001:0db8:0:0:1::'));
  assert.notEqual(peerKey('2001:db8:1:2::1'), peerKey('2001:db8:1:3::1'));
  assert.equal(peerKey('::ffff:192.0.2.1'), '192.0.2.1');
  assert.notEqual(peerKey('::ffff:c000:201'), peerKey('::ffff:c000:202'));
  assert.notEqual(peerKey('192.0.2.1'), peerKey('192.0.2.2'));
});
