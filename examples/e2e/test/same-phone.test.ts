import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test, type TestContext } from 'node:test';
import type { Browser } from 'playwright';
import type { Demo } from '../../demo/src/demo.ts';
import { openStreams } from '../src/companion-metrics.ts';
import { decodePng } from '../src/png.ts';
import { startPromptDemo } from '../src/prompt-demo.ts';
import { scan, secondOpinion } from '../src/scan.ts';
import { until } from '../src/until.ts';
import { setHidden } from '../src/visibility.ts';
import { callsOf, launch, onlySuccess, stateIs, visit, type World } from '../src/world.ts';

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

const IPHONE = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)';
const SAFARI = `${IPHONE} Version/18.5 Mobile/15E148 Safari/604.1`;
const WECHAT = `${IPHONE} Mobile/15E148 MicroMessenger/8.0.60(0x18003c2f) NetType/WIFI Language/zh_CN`;

async function openOnPhone(t: TestContext, userAgent: string, lang = 'en'): Promise<World> {
  const world = await visit(browser, demo, {
    lang,
    context: { userAgent, viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true },
    before: (page) => page.clock.install(),
  });
  t.after(() => world.close());
  await stateIs(world.page, 'ready');
  return world;
}

/** What both decoders read off the picture itself, not off a screenshot of it. */
async function readBoth(png: Buffer): Promise<string> {
  const text = await scan(png);
  assert.match(text ?? '', /^http:\/\/weixin\.qq\.com\/q\/02/);
  assert.equal(secondOpinion(decodePng(png)), text);
  return text!;
}

async function pictureOf({ page }: World): Promise<Buffer> {
  const source = await page.locator('wechat-follow-login > img').getAttribute('src');
  const [, base64] = /^data:image\/png;base64,(.+)$/.exec(source ?? '') ?? [];
  assert.ok(base64, 'an <img> in the light DOM');
  return Buffer.from(base64, 'base64');
}

const words = ({ page }: World) => page.locator('wechat-follow-login [part="status"]').innerText();

for (const [place, userAgent] of [
  ['a phone’s browser', SAFARI],
  ['WeChat’s own browser', WECHAT],
] as const) {
  test(`in ${place} the code is a PNG in the light DOM, and it is the one that signs in`, async (t) => {
    const world = await openOnPhone(t, userAgent);
    await demo.sandbox.sandbox.phone.scan(await readBoth(await pictureOf(world)), 'bob');
    await onlySuccess(world);
    assert.deepEqual(world.complaints, []);
    assert.equal(await world.page.locator('wechat-follow-login > img').count(), 0, 'gone with the code');
  });

  test(`back in ${place} from following, the login is there at once, without waiting for a timer`, async (t) => {
    const world = await openOnPhone(t, userAgent);
    const { page } = world;
    const text = await readBoth(await pictureOf(world));
    await until('a stream', async () => (await openStreams(demo)) === 1);
    await setHidden(page, true);
    await page.clock.fastForward(31_000);
    await until('no stream', async () => (await openStreams(demo)) === 0);
    await page.clock.pauseAt(new Date((await page.evaluate(() => Date.now())) + 100));
    await demo.sandbox.sandbox.phone.scan(text, 'bob');
    const calls = callsOf(page);
    await setHidden(page, false);
    await stateIs(page, 'success');
    // The look and its claim; the stream may have been asked for in between.
    assert.deepEqual(
      calls.filter((call) => call !== 'GET events'),
      ['GET', 'POST claim'],
    );
  });
}

test('on a phone the link saves a picture that is read', async (t) => {
  const world = await openOnPhone(t, SAFARI);
  const downloading = world.page.waitForEvent('download');
  await world.page.locator('[part="save"]').click();
  const download = await downloading;
  assert.equal(download.suggestedFilename(), 'wechat-login.png');
  const saved = await readFile(await download.path());
  assert.equal(await readBoth(saved), await readBoth(await pictureOf(world)));
  assert.ok(decodePng(saved).width >= 400, 'large enough for an album');
});

for (const [lang, userAgent, said, saves] of [
  ['en', SAFARI, /Save the code.*Album.*Follow.*come back/s, 'Save image'],
  ['zh-CN', SAFARI, /保存二维码.*相册.*关注.*返回此页/s, '保存图片'],
  ['en', WECHAT, /Press and hold.*Follow.*come back/s, null],
  ['zh-CN', WECHAT, /长按识别二维码.*关注.*返回此页/s, null],
] as const) {
  test(`${saves === null ? 'in WeChat' : 'on a phone'} the words (${lang}) say what can be done there, and nothing sticks out`, async (t) => {
    const world = await openOnPhone(t, userAgent, lang);
    assert.match(await words(world), said);
    const save = world.page.locator('[part="save"]');
    if (saves === null) assert.equal(await save.count(), 0);
    else assert.equal((await save.innerText()).trim(), saves);
    assert.equal(await world.page.locator('[part="enlarge"]').count(), 0, 'nobody scans the screen of the very phone');
    assert.ok(await world.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  });
}
