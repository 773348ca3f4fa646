import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright';
import { startDemo, type Demo } from '../../demo/src/demo.ts';
import { openStreams } from '../src/companion-metrics.ts';
import { until } from '../src/until.ts';
import { callsOf, codeOnScreen, launch, onlySuccess, openDemo, stateIs, visit } from '../src/world.ts';

let browser: Browser;
let demo: Demo;
before(async () => {
  browser = await launch();
  demo = await startDemo({ port: 0 });
});
after(async () => {
  await browser.close();
  await demo.close();
});

test('a login while the network is away is picked up as soon as it is back', async (t) => {
  const world = await visit(browser, demo);
  t.after(() => world.close());
  const { page } = world;
  const text = await codeOnScreen(world);
  await until('a stream', async () => (await openStreams(demo)) === 1);
  await page.context().setOffline(true);
  // Offline keeps Chromium from new connections; the one that is open is lost with the network.
  await demo.restartCompanion('SIGKILL');
  demo.sandbox.sandbox.switches.set({ O8: 'skipped' });
  await demo.sandbox.sandbox.phone.scan(text, 'bob');
  assert.equal(await page.evaluate(() => navigator.onLine), false);
  await stateIs(page, 'ready');
  await page.context().setOffline(false);
  await onlySuccess(world);
});

test('without a network from the beginning it says so, and shows a code by itself once there is one', async (t) => {
  const world = await visit(browser, demo);
  t.after(() => world.close());
  const { page } = world;
  await stateIs(page, 'ready');
  await page.context().setOffline(true);
  await page.locator('[part="button"]').click();
  await stateIs(page, 'error');
  assert.equal(await page.locator('wechat-follow-login [part="title"]').innerText(), 'No connection');
  await page.context().setOffline(false);
  await codeOnScreen(world);
});

test('a companion killed while somebody is on the way to following comes back, and the follow signs in', async (t) => {
  const world = await openDemo(browser);
  t.after(() => world.close());
  const { phone } = world.demo.sandbox.sandbox;
  await phone.scan(await codeOnScreen(world), 'alice');
  await world.demo.restartCompanion('SIGKILL');
  await until('a stream of the new one', async () => (await openStreams(world.demo)) === 1);
  const calls = callsOf(world.page);
  await phone.follow('alice');
  await onlySuccess(world);
  assert.deepEqual(calls, ['POST claim'], 'told by the stream, with no new code');
});
