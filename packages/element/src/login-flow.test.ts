import assert from 'node:assert/strict';
import test from 'node:test';
import { settle } from '../test/support/fake-clock.ts';
import { problem, RESULT } from '../test/support/fake-companion.ts';
import { ready, setUp } from '../test/support/flow-bench.ts';
import { LoginFlow } from './flow.ts';

test('a scan by a new follower ends in one success, and nothing is left running', async () => {
  const { clock, companion, flow, seen } = await ready();
  companion.set(companion.last, 'scanned', { newFollower: true });
  await settle();
  companion.set(companion.last, 'authorized');
  await clock.advance(1000);
  assert.deepEqual(seen.states, ['loading', 'ready', 'scanned', 'authorized', 'success']);
  assert.deepEqual(seen.statuses.slice(0, 3), ['pending', 'scanned', 'authorized']);
  assert.deepEqual(seen.scans, [{ newFollower: true }]);
  assert.deepEqual(seen.results, [RESULT]);
  assert.equal(clock.pending, 0);
  assert.equal(companion.last.streams.size, 0);
  assert.equal(companion.of('remove').length, 0);
  assert.deepEqual(flow.state, {
    name: 'success',
    account: { name: 'Example', avatar: null },
    user: { name: 'Li Lei', picture: null },
  });
});

test('everything that listeners are given is frozen, to its depth', async () => {
  const { clock, companion, flow, seen } = await ready();
  companion.set(companion.last, 'authorized');
  await clock.advance(0);
  const [result] = seen.results;
  assert.ok(result?.delivery === 'tokens' && Object.isFrozen(result) && Object.isFrozen(result.tokens));
  assert.ok(Object.isFrozen(flow.state));
});

test('the verifier is in the body of the claim alone, the watch token in headers alone', async () => {
  const { clock, companion } = await ready();
  companion.set(companion.last, 'authorized');
  await clock.advance(0);
  const { verifier } = JSON.parse(companion.of('claim')[0]!.init.body as string) as { verifier: string };
  assert.match(verifier, /^[A-Za-z0-9_-]{43}$/);
  for (const { kind, url, init } of companion.calls) {
    assert.ok(!url.includes('watch-') && !url.includes(verifier));
    if (kind !== 'claim') assert.ok(!JSON.stringify([init.body, [...new Headers(init.headers)]]).includes(verifier));
    assert.deepEqual(
      [init.credentials, init.cache, init.redirect, init.referrerPolicy],
      ['same-origin', 'no-store', 'error', 'no-referrer'],
    );
  }
});

test('a listener that throws stops neither the others nor the login', async () => {
  const { clock, companion, flow, seen } = setUp();
  const thrown: unknown[] = [];
  const collect = (error: unknown) => thrown.push(error);
  const others = process.listeners('uncaughtException');
  process.removeAllListeners('uncaughtException');
  process.on('uncaughtException', collect);
  try {
    const off = flow.on('status', () => {
      throw new Error('of the host');
    });
    flow.start();
    await settle();
    off();
    companion.set(companion.last, 'authorized');
    await clock.advance(0);
  } finally {
    process.off('uncaughtException', collect);
    for (const other of others) process.on('uncaughtException', other);
  }
  assert.equal(seen.results.length, 1);
  assert.deepEqual(
    thrown.map((error) => (error as Error).message),
    ['of the host'],
  );
});

test('start while a login is under way changes nothing', async () => {
  const { companion, flow, seen } = await ready();
  flow.start();
  await settle();
  assert.equal(companion.of('create').length, 1);
  assert.deepEqual(seen.states, ['loading', 'ready']);
});

test('cancel tells the companion, ends in its own state and leaves no timer', async () => {
  const { clock, companion, flow, seen } = await ready();
  flow.cancel();
  flow.cancel();
  await settle();
  assert.equal(flow.state.name, 'cancelled');
  assert.deepEqual(
    seen.errors.map(({ code }) => code),
    ['cancelled'],
  );
  assert.equal(companion.of('remove').length, 1);
  assert.equal(clock.pending, 0);
  companion.set(companion.last, 'authorized');
  await clock.advance(200_000);
  assert.equal(seen.results.length, 0);
});

test('stop leaves no timer and tells nobody; start goes on with the same code', async () => {
  const { clock, companion, flow, seen } = await ready();
  flow.stop();
  await settle();
  assert.equal(clock.pending, 0);
  assert.equal(companion.of('remove').length, 0);
  await clock.advance(10_000);
  companion.set(companion.last, 'scanned');
  flow.start();
  await settle();
  assert.equal(companion.of('create').length, 1);
  assert.equal(companion.of('look').length, 1);
  assert.equal(flow.state.name, 'scanned');
  companion.set(companion.last, 'authorized');
  await clock.advance(0);
  assert.equal(seen.results.length, 1);
});

test('start long after stop brings a fresh code', async () => {
  const { clock, companion, flow } = await ready();
  flow.stop();
  await clock.advance(300_000);
  flow.start();
  await clock.advance(1000);
  assert.equal(companion.of('create').length, 2);
  assert.equal(flow.state.name, 'ready');
});

test('options that are not of their form are refused by name', () => {
  for (const endpoint of [
    '',
    'ftp://x',
    'https://x/y?z=1',
    'https://x/#y',
    'https://',
    'login',
    undefined as unknown as string,
  ]) {
    assert.throws(() => new LoginFlow({ endpoint }), { name: 'TypeError', message: /"endpoint"/ });
  }
  for (const autoRefresh of [-1, 1.5, NaN]) {
    assert.throws(() => new LoginFlow({ endpoint: '/x', autoRefresh }), {
      name: 'TypeError',
      message: /"autoRefresh"/,
    });
  }
});

test('another step is told with its address, and an address that is none is not passed on', async () => {
  for (const [url, expected] of [
    ['https://hosted.example/login', 'https://hosted.example/login'],
    ['javascript:alert(1)', null],
    [null, null],
  ] as const) {
    const { clock, companion, flow, seen } = await ready();
    companion.set(companion.last, 'step_required', { error: { code: 'step_required', retryable: false, url } });
    await settle();
    assert.equal(flow.state.name, 'step-required');
    assert.deepEqual(seen.steps, [{ url: expected }]);
    assert.equal(clock.pending, 0);
  }
});

test('a failed attempt shows its code and offers a retry', async () => {
  const { clock, companion, flow, seen } = await ready();
  companion.set(companion.last, 'failed', { error: { code: 'login_failed', retryable: true } });
  await settle();
  assert.deepEqual(flow.state, {
    name: 'error',
    account: { name: 'Example', avatar: null },
    code: 'login_failed',
    retryable: true,
  });
  assert.equal(seen.errors.length, 1);
  assert.equal(clock.pending, 0);
  flow.refresh();
  await settle();
  assert.equal(flow.state.name, 'ready');
});

test('a cancelled attempt ends in its own state', async () => {
  const { companion, flow, seen } = await ready();
  companion.set(companion.last, 'cancelled', { error: { code: 'cancelled', retryable: true } });
  await settle();
  assert.equal(flow.state.name, 'cancelled');
  assert.deepEqual(
    seen.errors.map(({ code }) => code),
    ['cancelled'],
  );
});

test('a lost exchange brings a fresh code at once, with no error told', async () => {
  const { clock, companion, flow, seen } = await ready();
  companion.set(companion.last, 'failed', { error: { code: 'exchange_lost', retryable: true } });
  await settle();
  assert.equal(flow.state.name, 'ready');
  companion.fault = ({ kind }) => (kind === 'claim' ? { answer: () => problem('exchange_lost') } : undefined);
  companion.set(companion.last, 'authorized');
  await clock.advance(0);
  assert.equal(companion.attempts.length, 3);
  assert.equal(flow.state.name, 'ready');
  assert.deepEqual(seen.errors, []);
  companion.fault = () => undefined;
  companion.set(companion.last, 'authorized');
  await clock.advance(0);
  assert.equal(seen.results.length, 1);
});

test('a companion that loses every exchange is not asked for ever', async () => {
  const { clock, companion, flow } = await ready({ autoRefresh: 0 });
  for (let n = 0; n < 10 && flow.state.name === 'ready'; n++) {
    companion.set(companion.last, 'failed', { error: { code: 'exchange_lost', retryable: true } });
    await clock.advance(0);
  }
  assert.equal(flow.state.name, 'error');
  assert.equal(companion.attempts.length, 4);
});

test('statuses and fields of a newer companion are ignored', async () => {
  const { clock, companion, flow, seen } = await ready();
  for (const stream of companion.last.streams) {
    const frame = { seq: 2, status: 'meditating', expiresIn: 9, newFollower: null, user: null, error: null };
    stream.enqueue(
      new TextEncoder().encode(`event: snapshot\ndata: ${JSON.stringify(frame)}\n\nevent: news\ndata: {}\n\n`),
    );
  }
  await clock.advance(1000);
  assert.equal(flow.state.name, 'ready');
  assert.deepEqual(seen.statuses, ['pending']);
  assert.equal(companion.of('stream').length, 1);
});

test('a claim that comes too early goes on watching and is made again', async () => {
  const { clock, companion, seen } = await ready();
  companion.fault = ({ kind, nth }) =>
    kind === 'claim' && nth === 1 ? { answer: () => problem('not_authorized') } : undefined;
  companion.set(companion.last, 'authorized');
  await clock.advance(0);
  assert.equal(seen.results.length, 0);
  await clock.advance(3000);
  assert.equal(seen.results.length, 1);
});

test('a claim answered by a refusal is an error with a way out, and is not repeated', async () => {
  const { clock, companion, flow, seen } = await ready();
  companion.fault = ({ kind }) => (kind === 'claim' ? { answer: () => problem('exchange_failed') } : undefined);
  companion.set(companion.last, 'authorized');
  await clock.advance(10_000);
  assert.equal(companion.of('claim').length, 1);
  assert.equal(flow.state.name, 'error');
  assert.deepEqual(
    seen.errors.map(({ code }) => code),
    ['exchange_failed'],
  );
});

test('a claim waits as long as the companion asks', async () => {
  const { clock, companion, seen } = await ready();
  companion.fault = ({ kind, nth }) =>
    kind === 'claim' && nth === 1
      ? { answer: () => problem('upstream_unavailable', { 'retry-after': '7' }) }
      : undefined;
  companion.set(companion.last, 'authorized');
  await clock.advance(6900);
  assert.equal(companion.of('claim').length, 1);
  await clock.advance(200);
  assert.equal(seen.results.length, 1);
});
