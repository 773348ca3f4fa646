import assert from 'node:assert/strict';
import test from 'node:test';
import { settle } from '../test/support/fake-clock.ts';
import { problem } from '../test/support/fake-companion.ts';
import { ready, setUp } from '../test/support/flow-bench.ts';

test('a code is replaced 20 s before its end and looked after until it is over', async () => {
  const { clock, companion, flow } = await ready();
  const [first] = companion.attempts;
  await clock.advance(99_900);
  assert.equal(companion.attempts.length, 1);
  await clock.advance(200);
  assert.equal(companion.attempts.length, 2);
  assert.equal(flow.state.name, 'ready');
  const before = companion.of('look').length;
  await clock.advance(9_100);
  assert.equal(companion.of('look').filter(({ attempt }) => attempt === first).length - before, 3);
  await clock.advance(40_000);
  const after = companion.of('look').length;
  await clock.advance(30_000);
  assert.equal(companion.of('look').length, after);
});

test('who followed on account of the replaced code is logged in; the other code is deleted', async () => {
  const { clock, companion, seen } = await ready();
  const [first] = companion.attempts;
  await clock.advance(101_000);
  companion.set(first!, 'authorized', { newFollower: true });
  await clock.advance(3100);
  assert.equal(seen.results.length, 1);
  assert.deepEqual(seen.scans, [{ newFollower: true }]);
  assert.deepEqual(
    companion.of('remove').map(({ attempt }) => attempt),
    [companion.last],
  );
  assert.equal(clock.pending, 0);
});

test('a replaced code that was scanned is what is shown; should it fail to go on, the new code is back', async () => {
  const { clock, companion, flow, seen } = await ready();
  const [first] = companion.attempts;
  await clock.advance(101_000);
  companion.set(first!, 'scanned');
  await clock.advance(3100);
  assert.equal(flow.state.name, 'scanned');
  companion.set(first!, 'expired', { error: { code: 'attempt_expired', retryable: true } });
  await clock.advance(3100);
  assert.equal(flow.state.name, 'ready');
  assert.equal(companion.attempts.length, 2);
  assert.deepEqual(seen.errors, []);
});

test('both authorized: one success', async () => {
  const { clock, companion, seen } = await ready();
  const [first] = companion.attempts;
  await clock.advance(101_000);
  companion.fault = ({ kind }) => (kind === 'claim' ? { delay: 2000 } : undefined);
  companion.set(companion.last, 'authorized');
  companion.set(first!, 'authorized');
  await clock.advance(20_000);
  assert.equal(seen.results.length, 1);
});

test('after the last automatic code has lived to its end it takes a click', async () => {
  const { clock, companion, flow, seen } = await ready({ autoRefresh: 1 });
  assert.equal(flow.state.name === 'ready' && flow.state.code.renews, true);
  await clock.advance(100_100);
  assert.equal(flow.state.name === 'ready' && flow.state.code.renews, false);
  assert.equal(Math.round(flow.remaining / 1000), 120);
  await clock.advance(119_000);
  assert.equal(flow.state.name, 'ready');
  await clock.advance(2000);
  assert.equal(flow.state.name, 'expired');
  assert.equal(seen.expired, 1);
  assert.equal(companion.attempts.length, 2);
  await clock.advance(60_000);
  assert.equal(clock.pending, 0);
  flow.refresh();
  await clock.advance(100_500);
  assert.equal(companion.attempts.length, 4);
});

test('who followed at the last moment is logged in although the code is gone from the screen', async () => {
  const { clock, companion, flow, seen } = await ready({ autoRefresh: 0 });
  await clock.advance(121_000);
  assert.equal(flow.state.name, 'expired');
  companion.set(companion.last, 'authorized');
  await clock.advance(3100);
  assert.equal(seen.results.length, 1);
  assert.equal(flow.state.name, 'success');
});

test('Authing ending a code early brings the next one', async () => {
  const { companion, flow, seen } = await ready();
  companion.set(companion.last, 'expired', { error: { code: 'attempt_expired', retryable: true } });
  await settle();
  assert.equal(flow.state.name, 'ready');
  assert.equal(companion.attempts.length, 2);
  assert.equal(seen.expired, 0);
});

test('no code is replaced while somebody is logging in with it', async () => {
  const { clock, companion, flow } = await ready();
  companion.set(companion.last, 'scanned');
  await clock.advance(119_000);
  assert.equal(companion.attempts.length, 1);
  assert.equal(flow.state.name, 'scanned');
});

test('a successor that comes after the scan is put away', async () => {
  const { clock, companion, flow, seen } = await ready();
  companion.fault = ({ kind }) => (kind === 'create' ? { delay: 3000 } : undefined);
  await clock.advance(101_000);
  companion.set(companion.attempts[0]!, 'scanned');
  await clock.advance(4000);
  assert.equal(flow.state.name, 'scanned');
  assert.deepEqual(
    companion.of('remove').map(({ attempt }) => attempt),
    [companion.attempts[1]],
  );
  companion.set(companion.attempts[0]!, 'authorized');
  await clock.advance(100);
  assert.equal(seen.results.length, 1);
});

test('while nobody looks no code is made; with somebody back there is one at once', async () => {
  const { clock, companion, flow, seen } = await ready();
  flow.pause();
  await clock.advance(400_000);
  assert.equal(companion.attempts.length, 1);
  assert.equal(seen.expired, 0);
  flow.resume();
  await settle();
  assert.equal(companion.attempts.length, 2);
  assert.equal(flow.state.name, 'ready');
});

test('a code that cannot be replaced stays as long as it lives, then the error shows', async () => {
  const { clock, companion, seen } = await ready();
  companion.fault = ({ kind }) => (kind === 'create' ? { answer: () => problem('upstream_unavailable') } : undefined);
  await clock.advance(119_000);
  assert.equal(seen.states.at(-1), 'ready');
  assert.deepEqual(seen.errors, []);
  await clock.advance(2000);
  assert.equal(seen.states.at(-1), 'error');
  assert.deepEqual(
    seen.errors.map(({ code }) => code),
    ['upstream_unavailable'],
  );
  companion.fault = () => undefined;
  await clock.advance(60_000);
  assert.equal(seen.states.at(-1), 'ready');
});

test('a code that cannot be made is tried again by itself, ever more slowly, told once', async () => {
  const { clock, companion, flow, seen } = setUp({ random: () => 1 - Number.EPSILON });
  companion.fault = ({ kind }) => (kind === 'create' ? { lose: 'request' } : undefined);
  flow.start();
  await clock.advance(200_000);
  const at = companion.of('create').map((call) => call.at);
  assert.deepEqual(
    at.slice(1).map((ms, i) => Math.round((ms - at[i]!) / 1000)),
    [2, 4, 8, 16, 32, 60, 60],
  );
  assert.deepEqual(seen.states, ['loading', 'error']);
  assert.deepEqual(
    seen.errors.map(({ code, retryable }) => [code, retryable]),
    [['network', true]],
  );
  companion.fault = () => undefined;
  flow.resume();
  await settle();
  assert.equal(flow.state.name, 'ready');
});

test('a code that could not be made while nobody was there is no error: it is made when somebody is', async () => {
  const { clock, companion, flow, seen } = setUp();
  companion.fault = ({ kind }) => (kind === 'create' ? { lose: 'answer', delay: 1000 } : undefined);
  flow.start();
  flow.pause(0);
  await clock.advance(5000);
  assert.equal(companion.of('create').length, 1);
  companion.fault = () => undefined;
  flow.resume();
  await settle();
  assert.deepEqual(seen.states, ['loading', 'ready']);
  assert.deepEqual(seen.errors, []);
});

test('a rate limit is waited out', async () => {
  const { clock, companion, flow } = setUp();
  companion.fault = ({ kind, nth }) =>
    kind === 'create' && nth === 1 ? { answer: () => problem('rate_limited', { 'retry-after': '30' }) } : undefined;
  flow.start();
  await clock.advance(29_000);
  flow.resume(); // somebody who comes and goes does not count for more than the companion
  await clock.advance(900);
  assert.equal(companion.of('create').length, 1);
  await clock.advance(200);
  assert.equal(flow.state.name, 'ready');
});

test('a refusal that cannot change is not asked for again without a click', async () => {
  const { clock, companion, flow, seen } = setUp();
  companion.fault = ({ kind }) => (kind === 'create' ? { answer: () => problem('origin_not_allowed') } : undefined);
  flow.start();
  await clock.advance(100_000);
  assert.equal(companion.of('create').length, 1);
  assert.deepEqual(
    seen.errors.map(({ code, retryable }) => [code, retryable]),
    [['origin_not_allowed', false]],
  );
  assert.equal(clock.pending, 0);
  flow.start();
  await settle();
  assert.equal(companion.of('create').length, 2);
});

test("an error page that is not the companion's is told by its status", async () => {
  for (const [status, retryable] of [
    [404, false],
    [502, true],
  ] as const) {
    const { companion, flow, seen } = setUp();
    companion.fault = () => ({ answer: () => new Response('<html>secret</html>', { status }) });
    flow.start();
    await settle();
    assert.equal(seen.errors[0]?.code, 'bad_response');
    assert.equal(seen.errors[0]?.retryable, retryable);
    assert.match(seen.errors[0]!.message, new RegExp(`${status}`));
    assert.doesNotMatch(seen.errors[0]!.message, /secret/);
    flow.stop();
  }
});

test('an answer that never comes is an error after a while', async () => {
  const { clock, companion, flow, seen } = setUp();
  companion.fault = ({ kind }) =>
    kind === 'create' ? { answer: () => new Response(new ReadableStream()) } : undefined;
  flow.start();
  await clock.advance(20_100);
  assert.deepEqual(
    seen.errors.map(({ code }) => code),
    ['timeout'],
  );
});

test('a click for another code keeps looking after one that nobody had scanned yet', async () => {
  const { clock, companion, flow, seen } = await ready();
  flow.refresh();
  await settle();
  assert.equal(companion.of('remove').length, 0);
  companion.set(companion.attempts[0]!, 'authorized');
  await clock.advance(3100);
  assert.equal(seen.results.length, 1);
});

test('a click for another code gives up one that was scanned', async () => {
  const { clock, companion, flow, seen } = await ready();
  companion.set(companion.last, 'scanned');
  await settle();
  flow.refresh();
  await clock.advance(1000);
  assert.equal(flow.state.name, 'ready');
  assert.deepEqual(
    companion.of('remove').map(({ attempt }) => attempt),
    [companion.attempts[0]],
  );
  assert.deepEqual(seen.errors, []);
});

test('many clicks do not pile up codes to look after', async () => {
  const { companion, flow } = await ready();
  for (let n = 0; n < 8; n++) {
    flow.refresh();
    await settle();
  }
  const alive = companion.attempts.filter(({ status }) => status === 'pending');
  assert.ok(alive.length <= 3, `${alive.length} alive`);
});

test('a code with a short life is on screen for a while before it is replaced', async () => {
  const { clock, companion, flow } = setUp({ autoRefresh: 1 });
  companion.expiresIn = 10;
  flow.start();
  await clock.advance(4900);
  assert.equal(companion.attempts.length, 1);
  await clock.advance(200);
  assert.equal(companion.attempts.length, 2);
});
