import assert from 'node:assert/strict';
import test from 'node:test';
import { type Call, type CallKind, type Fault } from '../test/support/fake-companion.ts';
import { setUp } from '../test/support/flow-bench.ts';

const hang: Fault = {
  answer: () => new Response(new ReadableStream(), { headers: { 'content-type': 'text/event-stream' } }),
};

/** The way the browser watches, so that every kind of call is met by every fault. */
const WAYS: Record<string, (call: Call) => Fault | undefined> = {
  stream: () => undefined,
  'long poll': ({ kind }) => (kind === 'stream' ? hang : undefined),
};

const FAULTS: Record<string, Fault> = {
  'request lost': { lose: 'request' },
  'answer lost': { lose: 'answer' },
  'delayed 1.5 s': { delay: 1500 },
  'delayed 3 s': { delay: 3000 },
  repeated: { repeat: true },
  'delayed past every deadline': { delay: 30_000 },
};

/** Someone scans at 20 s and is authorized at 21 s. */
async function login(fault: (call: Call) => Fault | undefined, then?: 'cancel') {
  const bench = setUp();
  const { clock, companion, flow, seen } = bench;
  companion.fault = fault;
  flow.start();
  for (let waited = 0; seen.states.at(-1) !== 'ready' && waited < 60; waited++) await clock.advance(1000);
  await clock.advance(20_000);
  // Whoever scans, scans what is on screen.
  const { state } = flow;
  const text = state.name === 'ready' && 'text' in state.code.qr ? state.code.qr.text : '';
  const attempt = companion.attempts.find(({ id }) => text.endsWith(`/${id}`));
  assert.ok(attempt, 'a code is on screen');
  companion.set(attempt, 'scanned', { newFollower: true });
  await clock.advance(1000);
  companion.set(attempt, 'authorized');
  if (then === 'cancel') {
    const before = seen.results.length;
    flow.cancel();
    await clock.advance(200_000);
    assert.equal(before, 0);
    assert.equal(seen.results.length, 0);
    assert.equal(seen.states.at(-1), 'cancelled');
  } else {
    await clock.advance(60_000);
    assert.equal(seen.results.length, 1, 'exactly one success');
    await clock.advance(200_000);
    assert.equal(seen.results.length, 1, 'still one');
    assert.equal(seen.states.at(-1), 'success');
  }
  assert.equal(companion.exchanges <= 1, true);
  return bench;
}

for (const [way, base] of Object.entries(WAYS)) {
  for (const kind of ['create', 'stream', 'look', 'claim'] satisfies CallKind[]) {
    for (const [name, fault] of Object.entries(FAULTS)) {
      for (const nth of [1, 2]) {
        const faulty = (call: Call) => (call.kind === kind && call.nth === nth ? fault : base(call));
        test(`by ${way}, ${kind} ${nth} ${name}: one success`, async () => {
          const { seen } = await login(faulty);
          // A first code that cannot be had is an error that people may see; nothing after it is.
          if (kind !== 'create') assert.deepEqual(seen.errors, []);
        });
      }
      test(`by ${way}, every first ${kind} ${name}, cancelled in time: no success`, async () => {
        await login((call) => (call.kind === kind && call.nth === 1 ? fault : base(call)), 'cancel');
      });
    }
  }
}

test('a stream cut at any byte: one success, no error', async () => {
  for (let cutAt = 0; cutAt <= 330; cutAt += 7) {
    const { seen } = await login(({ kind, nth }) => (kind === 'stream' && nth === 1 ? { cutAt } : undefined));
    assert.deepEqual(seen.errors, [], `cut at ${cutAt}`);
  }
});

test('a claim, an attempt or a snapshot cut at any byte: one success', async () => {
  for (const kind of ['create', 'look', 'claim'] satisfies CallKind[]) {
    for (let cutAt = 0; cutAt <= 240; cutAt += 30) {
      await login((call) => {
        if (call.kind === kind && call.nth === 1) return { cutAt };
        return WAYS['long poll']!(call);
      });
    }
  }
});

test('answers to the long poll that overtake each other: one success', async () => {
  const { seen } = await login((call) =>
    call.kind === 'look' ? { delay: call.nth % 2 ? 3000 : 0 } : WAYS['long poll']!(call),
  );
  assert.equal(seen.scans.length, 1);
});

test('a network that is gone for a minute after the scan: one success, no error', async () => {
  const { seen } = await login(({ kind, at }) =>
    kind !== 'create' && at > 21_500 && at < 55_000 ? { lose: 'request' } : undefined,
  );
  assert.deepEqual(seen.errors, []);
});

test('cancelled while the claim is under way: no success, though the companion has answered', async () => {
  const { clock, companion, flow, seen } = setUp();
  companion.fault = ({ kind }) => (kind === 'claim' ? { delay: 1500 } : undefined);
  flow.start();
  await clock.advance(1000);
  companion.set(companion.last, 'authorized');
  await clock.advance(1000);
  assert.equal(companion.exchanges, 1);
  flow.cancel();
  await clock.advance(10_000);
  assert.equal(seen.results.length, 0);
});
