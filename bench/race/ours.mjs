// Our flow as it is shipped, against the companion of its tests, over the bench's network.
import { tsImport } from 'tsx/esm/api';
import { carry, slowBody } from './network.mjs';

const support = '../../packages/element/test/support';
const { FakeClock } = await tsImport(`${support}/fake-clock.ts`, import.meta.url);
const { FakeCompanion } = await tsImport(`${support}/fake-companion.ts`, import.meta.url);
const { LoginFlow } = await import('../../packages/element/dist/flow.js');

const ENDPOINT = 'https://login.example.com/wechat-login';

const kindOf = (url, method) => {
  if (method === 'DELETE') return 'remove';
  const [, id, verb] = /\/attempts(?:\/([^/?]+))?(?:\/(\w+))?/.exec(url);
  if (!id) return 'create';
  return { events: 'stream', claim: 'claim' }[verb] ?? 'look';
};

/** A proxy that lets no stream through: the flow goes over to the long poll. */
const heldBack = { lose: 'silently' };

/** @param {import('./traces.mjs').Trace} trace @returns {Promise<import('./traces.mjs').Outcome>} */
export async function runOurs({ latency, way, at, fault, scanAfter, followAfter, watchFor }) {
  const clock = new FakeClock();
  const companion = new FakeCompanion(clock);
  const calls = [];
  const network = async (url, init = {}) => {
    const kind = kindOf(String(url), init.method);
    const nth = calls.filter((call) => call.kind === kind).length + 1;
    const isHit = at?.kind === kind && at.nth === nth;
    const how = isHit ? fault : way === 'long poll' && kind === 'stream' ? heldBack : undefined;
    const call = { kind, nth, bytes: 0, frames: 0 };
    calls.push(call);
    const { signal } = init;
    const serve = async () => counted(await companion.fetch(url, init), call);
    return slowBody(await carry({ clock, latency, fault: how, signal }, serve), { clock, latency, fault: how, signal });
  };
  const flow = new LoginFlow({ endpoint: ENDPOINT, fetch: network, clock, random: () => 0.5 });
  const successes = [];
  let errors = 0;
  flow.on('success', () => successes.push(clock.now()));
  flow.on('error', () => errors++);

  flow.start();
  for (let waited = 0; flow.state.name !== 'ready' && waited < watchFor; waited += 100) await clock.advance(100);
  if (flow.state.name !== 'ready') throw new Error('no code came on screen');
  await clock.advance(scanAfter);
  // Whoever scans, scans what is on screen.
  const { text } = flow.state.code.qr;
  const attempt = companion.attempts.find(({ id }) => text.endsWith(`/${id}`));
  const scannedAt = clock.now();
  companion.set(attempt, 'scanned', { newFollower: true });
  await clock.advance(followAfter);
  companion.set(attempt, 'authorized');
  await clock.advance(watchFor);
  flow.stop();
  return { successes: successes.length, errors, ms: successes[0] - scannedAt, calls };
}

/** Notes how much there is to cut and to swap, without touching it. */
function counted(response, call) {
  const through = new TransformStream({
    transform(chunk, controller) {
      call.bytes += chunk.length;
      call.frames++;
      controller.enqueue(chunk);
    },
  });
  return new Response(response.body?.pipeThrough(through), response);
}
