import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { settle } from '../test/support/fake-clock.ts';
import { type Call, type CallKind, type Fault, problem } from '../test/support/fake-companion.ts';
import { setUp } from '../test/support/flow-bench.ts';

/** What a person, a page, a network and a companion may do, in any order. */
type Deed =
  | { do: 'start' | 'refresh' | 'cancel' | 'stop' | 'resume' | 'drop' | 'mend' }
  | { do: 'pause'; grace: number }
  | { do: 'wait'; ms: number }
  | { do: 'set'; which: number; status: 'scanned' | 'confirming' | 'authorized' | 'expired' | 'failed'; code: string }
  | { do: 'fault'; kind: CallKind | 'any'; fault: string };

const FAULTS: Record<string, Fault> = {
  'request lost': { lose: 'request' },
  'answer lost': { lose: 'answer' },
  slow: { delay: 3000 },
  late: { delay: 40_000 },
  'cut short': { cutAt: 40 },
  refused: { answer: () => problem('upstream_unavailable') },
  limited: { answer: () => problem('rate_limited', { 'retry-after': '5' }) },
  crowded: { answer: () => problem('too_many_streams') },
  html: { answer: () => new Response('<html>', { headers: { 'content-type': 'text/html' } }) },
  silent: { answer: () => new Response(new ReadableStream(), { headers: { 'content-type': 'text/event-stream' } }) },
};

const deeds = fc.array(
  fc.oneof(
    fc.record({ do: fc.constantFrom('start', 'refresh', 'cancel', 'stop', 'resume', 'drop', 'mend') }),
    fc.record({ do: fc.constant('pause'), grace: fc.constantFrom(0, 30_000) }),
    {
      arbitrary: fc.record({ do: fc.constant('wait'), ms: fc.constantFrom(0, 100, 3000, 20_000, 100_000) }),
      weight: 3,
    },
    fc.record({
      do: fc.constant('set'),
      which: fc.nat(3),
      status: fc.constantFrom('scanned', 'confirming', 'authorized', 'expired', 'failed'),
      code: fc.constantFrom('login_failed', 'exchange_lost'),
    }),
    fc.record({
      do: fc.constant('fault'),
      kind: fc.constantFrom('create', 'stream', 'look', 'claim', 'any'),
      fault: fc.constantFrom(...Object.keys(FAULTS)),
    }),
  ) as fc.Arbitrary<Deed>,
  { maxLength: 25 },
);

/** Of everything that one flow can ask in a minute, with three codes to look after and nobody clicking. */
const MOST_IN_A_MINUTE = 130;

test('on any course: one success for one login, no storm, nothing after the end, and the next login works', async () => {
  await fc.assert(
    fc.asyncProperty(deeds, async (course) => {
      const { clock, companion, flow, seen } = setUp();
      let faulty: (call: Call) => Fault | undefined = () => undefined;
      companion.fault = (call) => faulty(call);
      let begun = 0;
      let stopped = false;
      for (const deed of course) {
        switch (deed.do) {
          case 'start':
          case 'refresh':
            begun++;
            stopped = false;
            flow[deed.do]();
            break;
          case 'stop':
            stopped = true;
            flow.stop();
            break;
          case 'cancel':
          case 'resume':
            flow[deed.do]();
            break;
          case 'pause':
            flow.pause(deed.grace);
            break;
          case 'drop':
            for (const attempt of companion.attempts) companion.dropStreams(attempt, 'error');
            break;
          case 'mend':
            faulty = () => undefined;
            break;
          case 'fault':
            faulty = ({ kind }) => (deed.kind === 'any' || deed.kind === kind ? FAULTS[deed.fault] : undefined);
            break;
          case 'set': {
            const attempt = companion.attempts.at(-1 - deed.which);
            const error = deed.status === 'failed' ? { code: deed.code, retryable: true } : null;
            if (attempt && /^(pending|scanned|confirming)$/.test(attempt.status)) {
              companion.set(attempt, deed.status, { error });
            }
            break;
          }
          case 'wait': {
            const [from, asked] = [clock.now(), companion.calls.length];
            await clock.advance(deed.ms);
            const minutes = Math.max(1, (clock.now() - from) / 60_000);
            const calls = companion.calls.length - asked;
            assert.ok(calls <= MOST_IN_A_MINUTE * minutes, `${calls} calls in ${deed.ms} ms`);
          }
        }
        await settle();
      }
      assert.ok(seen.results.length <= begun, 'no success that nobody began');
      assert.ok(seen.results.length <= companion.exchanges, 'no success without an exchange');

      // With the network back and nobody doing anything, it comes to rest where there is a way on.
      faulty = () => undefined;
      flow.resume();
      await clock.advance(1_000_000);
      if (!stopped) assert.match(flow.state.name, /^(idle|success|expired|cancelled|error)$/);
      assert.ok(seen.results.length <= begun, 'still none that nobody began');

      flow.stop();
      await clock.advance(60_000);
      assert.equal(clock.pending, 0, 'nothing is left running');
      const asked = companion.calls.length;
      await clock.advance(200_000);
      assert.equal(companion.calls.length, asked);

      const before = seen.results.length;
      flow.resume();
      flow.refresh();
      await clock.advance(1000);
      assert.equal(flow.state.name, 'ready');
      companion.set(companion.last, 'authorized');
      await clock.advance(5000);
      assert.equal(seen.results.length, before + 1);
      assert.equal(flow.state.name, 'success');
      await clock.advance(60_000);
      assert.equal(clock.pending, 0);
    }),
    { numRuns: 300 },
  );
});
