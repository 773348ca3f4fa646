import assert from 'node:assert/strict';
import { after, before, test, type TestContext } from 'node:test';
import type { Browser } from 'playwright';
import type { Demo } from '../../demo/src/demo.ts';
import { openStreams } from '../src/companion-metrics.ts';
import { until } from '../src/until.ts';
import { setHidden } from '../src/visibility.ts';
import { startPromptDemo } from '../src/prompt-demo.ts';
import { callsOf, codeOnScreen, launch, onlySuccess, stateIs, visit, type World } from '../src/world.ts';

const LOOK = /\/attempts\/[\w-]{22}$/;

let browser: Browser;
let demo: Demo;
before(async () => {
  browser = await launch();
  demo = await startPromptDemo();
});
after(async () => {
  await browser.close();
  await demo.close();
});

/** A page whose timers the test moves, with its stream open. */
async function openWithClock(t: TestContext): Promise<World> {
  const world = await visit(browser, demo, { before: (page) => page.clock.install() });
  t.after(() => world.close());
  await stateIs(world.page, 'ready');
  await streams(1);
  return world;
}

const streams = (count: number): Promise<void> =>
  until(`${count} streams`, async () => (await openStreams(demo)) === count);

test('hidden for 30 s a tab lets its stream go and looks every 10 s; shown again it looks once, at once, then streams', async (t) => {
  const world = await openWithClock(t);
  const { page } = world;
  const text = await codeOnScreen(world);
  const calls = callsOf(page);
  await setHidden(page, true);
  await page.clock.fastForward(29_000);
  assert.equal(await openStreams(demo), 1, 'a glance at another tab costs nothing');
  await page.clock.fastForward(2_000);
  await streams(0);
  for (let look = 1; look <= 2; look++) {
    const asked = page.waitForResponse(LOOK);
    await page.clock.fastForward(10_000);
    await asked;
    assert.deepEqual(calls, new Array(look).fill('GET'));
  }
  // Stopped, so that no timer of the page's can be what brings it back.
  await page.clock.pauseAt(new Date((await page.evaluate(() => Date.now())) + 100));
  calls.length = 0;
  const streamed = page.waitForRequest(/\/events$/);
  await setHidden(page, false);
  await streamed;
  assert.deepEqual(calls, ['GET', 'GET events']);
  await page.clock.resume();
  await demo.sandbox.sandbox.phone.scan(text, 'bob');
  await onlySuccess(world);
});

test('a tab that stays hidden logs in all the same', async (t) => {
  const world = await openWithClock(t);
  const text = await codeOnScreen(world);
  await setHidden(world.page, true);
  await world.page.clock.fastForward(31_000);
  await streams(0);
  await demo.sandbox.sandbox.phone.scan(text, 'bob');
  // One look at a time: its answer comes over a real network, on which the page's clock has no bearing.
  await until('a look that sees the login', async () => {
    const asked = world.page.waitForResponse(LOOK);
    await world.page.clock.fastForward(10_000);
    return ((await (await asked).json()) as { status: string }).status === 'authorized';
  });
  await onlySuccess(world);
});

test('a page whose scripts stood still, as on a machine that slept, shows the login of meanwhile as soon as they go on', async (t) => {
  const world = await visit(browser, demo);
  t.after(() => world.close());
  const text = await codeOnScreen(world);
  const calls = callsOf(world.page);
  const debuggerOf = await world.page.context().newCDPSession(world.page);
  await debuggerOf.send('Debugger.enable');
  const paused = new Promise<unknown>((resolve) => debuggerOf.once('Debugger.paused', resolve));
  await debuggerOf.send('Debugger.pause'); // at the countdown's next second
  await paused;
  const { phone } = demo.sandbox.sandbox;
  await phone.scan(text, 'bob');
  await phone.settled();
  assert.deepEqual(calls, [], 'it has heard of nothing');
  await debuggerOf.send('Debugger.resume');
  await debuggerOf.send('Debugger.disable');
  await onlySuccess(world);
});
