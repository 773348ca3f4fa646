import assert from 'node:assert/strict';
import { after, before, test, type TestContext } from 'node:test';
import type { Browser, Page } from 'playwright';
import type { Demo } from '../../demo/src/demo.ts';
import { openStreams } from '../src/companion-metrics.ts';
import { serveSite, tag, type Site } from '../src/site.ts';
import { until } from '../src/until.ts';
import { startPromptDemo } from '../src/prompt-demo.ts';
import { callsOf, codeOf, codeOnScreen, launch, onlySuccess, stateOf, visit, type World } from '../src/world.ts';

let browser: Browser;
let site: Site;
let demo: Demo;
let other: Demo;
before(async () => {
  browser = await launch();
  site = await serveSite();
  const settings = { ALLOWED_ORIGINS: site.origin };
  [demo, other] = await Promise.all([startPromptDemo(settings), startPromptDemo(settings)]);
});
after(async () => {
  await browser.close();
  await Promise.all([demo.close(), other.close(), site.close()]);
});

async function open(t: TestContext, body: string): Promise<World> {
  site.body = body;
  const world = await visit(browser, demo, { url: site.origin });
  t.after(() => world.close());
  return world;
}

const reaches = (page: Page, selector: string, name: string): Promise<void> =>
  until(`${selector} is ${name}`, async () => (await stateOf(page, selector)).name === name);

const scan = ({ sandbox }: Demo, text: string) => sandbox.sandbox.phone.scan(text, 'bob');

test('two elements on a page log in apart from each other', async (t) => {
  const { page, events } = await open(t, tag(demo.companion().url, 'id="one"') + tag(demo.companion().url, 'id="two"'));
  await Promise.all(['#one', '#two'].map((id) => reaches(page, id, 'ready')));
  const [one, two] = [await codeOf(page, '#one'), await codeOf(page, '#two')];
  assert.notEqual(one, two);
  const successes = async () => (await events()).filter(({ type }) => type === 'login-success').length;

  await scan(demo, two);
  await reaches(page, '#two', 'success');
  assert.equal(await codeOf(page, '#one'), one, 'the other one shows what it showed');
  assert.equal(await successes(), 1);

  await scan(demo, one);
  await reaches(page, '#one', 'success');
  assert.equal(await successes(), 2);
});

test('moved about in the page while somebody scans, the element keeps its code and its stream, and logs in once', async (t) => {
  const world = await open(t, `<main><div id="far"></div>${tag(demo.companion().url)}</main>`);
  const { page } = world;
  const text = await codeOnScreen(world);
  const calls = callsOf(page);
  await page.evaluate(() => document.querySelector('#far')!.append(document.querySelector('wechat-follow-login')!));
  assert.equal(await codeOf(page), text);
  await scan(demo, text);
  await page.evaluate(() => document.body.append(document.querySelector('wechat-follow-login')!));
  await onlySuccess(world);
  assert.deepEqual(calls, ['POST claim']);
});

test('taken out of the page it listens to nobody; put back it goes on with the same code, and has the login of meanwhile', async (t) => {
  const world = await open(t, tag(demo.companion().url));
  const { page } = world;
  const text = await codeOnScreen(world);
  const calls = callsOf(page);
  const kept = await page.evaluateHandle(() => document.querySelector('wechat-follow-login')!);
  await kept.evaluate((element) => element.remove());
  await until('no stream', async () => (await openStreams(demo)) === 0);
  await kept.evaluate((element) => document.body.append(element));
  assert.equal(await codeOnScreen(world), text);

  await kept.evaluate((element) => element.remove());
  await scan(demo, text);
  await kept.evaluate((element) => document.body.append(element));
  await onlySuccess(world);
  assert.ok(!calls.includes('POST') && !calls.includes('DELETE'), calls.join());
});

test('another endpoint midway shows a code of that companion, and only that one signs in', async (t) => {
  const world = await open(t, tag(demo.companion().url));
  const { page } = world;
  const first = await codeOnScreen(world);
  await page.locator('wechat-follow-login').evaluate((element, to) => {
    element.setAttribute('endpoint', to);
  }, other.companion().url);
  await until('another code', async () => (await codeOnScreen(world)) !== first);
  await until('no stream at the first', async () => (await openStreams(demo)) === 0);
  await scan(demo, first);
  await scan(other, await codeOnScreen(world));
  await onlySuccess(world);
  const claims = world.answers.map((answer) => answer.url()).filter((url) => url.endsWith('/claim'));
  assert.equal(claims.length, 1);
  assert.ok(claims[0]!.startsWith(other.companion().url));
});
