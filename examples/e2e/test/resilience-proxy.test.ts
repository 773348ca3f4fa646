import assert from 'node:assert/strict';
import { after, before, test, type TestContext } from 'node:test';
import type { Browser } from 'playwright';
import type { Demo } from '../../demo/src/demo.ts';
import { startNodeProxy } from '../src/node-proxy.ts';
import { startProxy, type Proxy } from '../src/proxy.ts';
import { serveSite, tag, type Site } from '../src/site.ts';
import { startPromptDemo } from '../src/prompt-demo.ts';
import { callsOf, codeOnScreen, launch, onlySuccess, visit } from '../src/world.ts';

let browser: Browser;
let site: Site;
let demo: Demo;
before(async () => {
  browser = await launch();
  site = await serveSite();
  demo = await startPromptDemo({ ALLOWED_ORIGINS: site.origin });
});
after(async () => {
  await browser.close();
  await demo.close();
  await site.close();
});

const companion = () => demo.companion().url;

async function visitThrough(t: TestContext, proxy: Proxy) {
  t.after(() => proxy.stop());
  t.diagnostic(proxy.name);
  site.body = tag(companion().replace(new URL(companion()).origin, proxy.origin));
  let calls: string[] = [];
  const before = async (page: Parameters<typeof callsOf>[0]) => {
    await page.clock.install();
    calls = callsOf(page);
  };
  const world = await visit(browser, demo, { url: site.origin, before });
  t.after(() => world.close());
  return { world, calls };
}

async function logsInByLongPoll(t: TestContext, proxy: Proxy): Promise<void> {
  const { world, calls } = await visitThrough(t, proxy);
  const { page } = world;
  const text = await codeOnScreen(world);
  await page.clock.fastForward(4_000);
  assert.deepEqual(calls, ['POST', 'GET events'], 'it may still come');
  const polled = page.waitForRequest(/\?wait=20&after=0$/);
  await page.clock.fastForward(1_100);
  await polled;
  assert.deepEqual(calls, ['POST', 'GET events', 'GET wait']);
  await demo.sandbox.sandbox.phone.scan(text, 'bob');
  await onlySuccess(world);
  assert.equal(calls.filter((call) => call === 'GET events').length, 1, 'it stays with the long poll');
  const looks = calls.filter((call) => call === 'GET wait').length;
  assert.ok(looks <= 3, `${looks} long polls`);
}

test('behind an nginx that buffers whatever it is told, the page goes over to long polls within 5 s and logs in', async (t) => {
  await logsInByLongPoll(t, await startProxy(companion(), 'buffering'));
});

test('so it does behind any proxy that hands an answer on only when it has ended', async (t) => {
  await logsInByLongPoll(t, await startNodeProxy(new URL(companion()), true));
});

test('behind an nginx as it comes the stream goes through', async (t) => {
  const { world, calls } = await visitThrough(t, await startProxy(companion(), 'plain'));
  await demo.sandbox.sandbox.phone.scan(await codeOnScreen(world), 'bob');
  await onlySuccess(world);
  assert.deepEqual(calls, ['POST', 'GET events', 'POST claim']);
});
