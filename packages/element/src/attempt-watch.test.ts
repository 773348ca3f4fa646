import assert from 'node:assert/strict';
import test from 'node:test';
import { settle } from '../test/support/fake-clock.ts';
import { type Call, type FakeCompanion, problem } from '../test/support/fake-companion.ts';
import { ready, setUp } from '../test/support/flow-bench.ts';

const hang = { answer: () => new Response(new ReadableStream(), { headers: { 'content-type': 'text/event-stream' } }) };
const times = (calls: Call[]) => calls.map(({ at }) => at);
const gaps = (calls: Call[]) => times(calls).flatMap((at, i, all) => (i ? [at - all[i - 1]!] : []));
const noStreams = (companion: FakeCompanion) => {
  companion.fault = ({ kind }) => (kind === 'stream' ? hang : undefined);
};

test('a stream that sends its heartbeats is left alone', async () => {
  const { clock, companion } = await ready();
  for (let n = 0; n < 5; n++) {
    await clock.advance(15_000);
    companion.heartbeat(companion.last);
  }
  await clock.advance(1000);
  assert.equal(companion.of('stream').length, 1);
  assert.equal(companion.of('look').length, 0);
});

test('a stream that falls silent is given up after 2.5 heartbeats and asked for again', async () => {
  const { clock, companion, seen } = await ready();
  await clock.advance(37_400);
  assert.equal(companion.of('stream').length, 1);
  await clock.advance(1700);
  assert.equal(companion.of('stream').length, 2);
  assert.deepEqual(seen.errors, []);
});

test('a stream that is dropped comes back at random within retry, then doubles to 10 s', async () => {
  const { clock, companion, seen } = await ready({ random: () => 0.999 });
  companion.fault = ({ kind }) => (kind === 'stream' ? { lose: 'request' } : undefined);
  companion.dropStreams(companion.last, 'error');
  await clock.advance(50_000);
  assert.deepEqual(gaps(companion.of('stream')).map(Math.round), [2997, 5994, 9990, 9990, 9990, 9990]);
  assert.deepEqual(seen.states, ['loading', 'ready']);
  assert.deepEqual(seen.errors, []);
});

test('a retry of nothing is not taken at its word', async () => {
  const { clock, companion, flow } = setUp();
  companion.fault = ({ kind, nth }) => {
    if (kind !== 'stream') return undefined;
    if (nth > 1) return { lose: 'request' };
    return { answer: () => new Response('retry: 0\n\n', { headers: { 'content-type': 'text/event-stream' } }) };
  };
  flow.start();
  await clock.advance(60_000);
  assert.ok(companion.of('stream').length < 20, `${companion.of('stream').length} streams in a minute`);
});

test('a companion that is being restarted is found again, and its pause respected', async () => {
  const { clock, companion, seen } = await ready();
  companion.fault = ({ kind, nth }) =>
    kind === 'stream' && nth === 2
      ? { answer: () => problem('upstream_unavailable', { 'retry-after': '8' }) }
      : undefined;
  companion.dropStreams(companion.last);
  await clock.advance(1500);
  assert.equal(companion.of('stream').length, 2);
  await clock.advance(7900);
  assert.equal(companion.of('stream').length, 2);
  companion.set(companion.last, 'authorized');
  await clock.advance(200);
  assert.equal(seen.results.length, 1);
});

test('a 4xx on the stream is final', async () => {
  const { clock, companion, flow, seen } = await ready();
  companion.fault = ({ kind }) => (kind === 'stream' ? { answer: () => problem('invalid_token') } : undefined);
  companion.dropStreams(companion.last);
  await clock.advance(60_000);
  assert.equal(companion.of('stream').length, 2);
  assert.equal(flow.state.name, 'error');
  assert.deepEqual(
    seen.errors.map(({ code }) => code),
    ['invalid_token'],
  );
});

test('with no byte for 5 s the flow goes over to the long poll and stays there', async () => {
  const { clock, companion, flow, seen } = setUp();
  noStreams(companion);
  flow.start();
  await clock.advance(4900);
  assert.equal(companion.of('look').length, 0);
  await clock.advance(200);
  assert.match(companion.of('look')[0]!.url, /\?wait=20&after=0$/);
  companion.set(companion.last, 'scanned');
  await settle();
  assert.equal(flow.state.name, 'scanned');
  assert.match(companion.of('look')[1]!.url, /\?wait=20&after=1$/);
  companion.set(companion.last, 'authorized');
  await settle();
  assert.equal(seen.results.length, 1);
  flow.start();
  await clock.advance(6000);
  assert.equal(companion.of('stream').length, 1);
});

test('an answer of another type than a stream leads to the long poll too', async () => {
  const { clock, companion, flow } = setUp();
  companion.fault = ({ kind }) =>
    kind === 'stream' ? { answer: () => new Response('<html>', { status: 200 }) } : undefined;
  flow.start();
  await clock.advance(100);
  assert.match(companion.of('look')[0]!.url, /wait=20/);
});

test('a long poll that does not wait is not asked in a circle', async () => {
  const { clock, companion, flow } = setUp();
  companion.fault = ({ kind, attempt }) => {
    if (kind === 'stream') return hang;
    const snapshot = { seq: 0, status: attempt?.status, expiresIn: 100 };
    return kind === 'look' ? { answer: () => Response.json(snapshot) } : undefined;
  };
  flow.start();
  await clock.advance(35_100);
  assert.deepEqual(gaps(companion.of('look')), Array(10).fill(3000));
});

test('too many streams: a plain look every 3 s, and no error', async () => {
  const { clock, companion, flow, seen } = setUp();
  companion.fault = ({ kind }) => (kind === 'stream' ? { answer: () => problem('too_many_streams') } : undefined);
  flow.start();
  await clock.advance(9100);
  assert.deepEqual(gaps(companion.of('look')), [3000, 3000]);
  assert.ok(companion.of('look').every(({ url }) => !url.includes('wait')));
  companion.set(companion.last, 'authorized');
  await clock.advance(3000);
  assert.equal(seen.results.length, 1);
  assert.deepEqual(seen.errors, []);
});

test('hidden for 30 s the stream is let go for a look every 10 s; visible again, it looks at once', async () => {
  const { clock, companion, flow } = await ready();
  flow.pause();
  await clock.advance(29_900);
  assert.equal(companion.last.streams.size, 1);
  await clock.advance(200);
  assert.equal(companion.last.streams.size, 0);
  await clock.advance(20_000);
  assert.deepEqual(gaps(companion.of('look')), [10_000]);
  flow.resume();
  await settle();
  assert.equal(companion.of('look').length, 3);
  assert.equal(companion.last.streams.size, 1);
});

test('a glance at another tab costs nothing', async () => {
  const { clock, companion, flow } = await ready();
  flow.pause();
  await clock.advance(20_000);
  flow.resume();
  await settle();
  assert.equal(companion.of('look').length, 1);
  assert.equal(companion.last.streams.size, 1);
});

test('a page that is put into the cache lets go at once', async () => {
  const { companion, flow } = await ready();
  flow.pause(0);
  await settle();
  assert.equal(companion.last.streams.size, 0);
  assert.equal(companion.of('look').length, 0);
});

test('a login that happens while nobody looks is found', async () => {
  const { clock, companion, flow, seen } = await ready();
  flow.pause(0);
  await settle();
  companion.set(companion.last, 'authorized');
  await clock.advance(10_000);
  assert.equal(seen.results.length, 1);
  assert.equal(clock.pending, 0);
});

test('an attempt of which no companion says the end is over by the clock', async () => {
  const { clock, companion, flow } = await ready({ autoRefresh: 0 });
  companion.set(companion.last, 'scanned');
  await settle();
  companion.dropStreams(companion.last);
  companion.fault = () => ({ lose: 'request' });
  await clock.advance(139_000);
  assert.equal(flow.state.name, 'scanned');
  await clock.advance(2000);
  assert.equal(flow.state.name, 'expired');
});

test('reordered and repeated snapshots never lead backwards', async () => {
  const { clock, companion, flow, seen } = await ready();
  companion.set(companion.last, 'confirming');
  companion.last.status = 'scanned';
  for (const status of ['scanned', 'pending', 'confirming'] as const) companion.set(companion.last, status);
  await clock.advance(1000);
  assert.equal(flow.state.name, 'confirming');
  assert.deepEqual(seen.statuses, ['pending', 'confirming']);
  assert.equal(seen.scans.length, 1);
});
