import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, BrowserContext, Page } from 'playwright';
import { openScripted } from '../src/scripted-page.ts';
import { tag } from '../src/site.ts';
import { callsOf, codeOnScreen, launch, onlySuccess, openDemo } from '../src/world.ts';
import { until } from '../src/until.ts';

let browser: Browser;
let context: BrowserContext;
before(async () => {
  browser = await launch();
  context = await browser.newContext({ viewport: { width: 900, height: 700 } });
});
after(() => browser.close());

test('a whole login, with its code enlarged and renewed, breaks no rule of the strictest policy with Trusted Types', async (t) => {
  const world = await openDemo(browser, { before: (page) => page.clock.install() });
  t.after(() => world.close());
  const { page, demo } = world;
  const policy = (await page.request.get(demo.url)).headers()['content-security-policy']!;
  for (const rule of [/default-src 'none'/, /require-trusted-types-for 'script'/, /trusted-types lit-html(;|$)/]) {
    assert.match(policy, rule);
  }
  assert.doesNotMatch(policy, /unsafe|nonce|sha\d/);
  // The listener hears of violations: this one is ours.
  await page.evaluate(() => document.body.setAttribute('style', 'color: red'));
  await until('a report', () => world.complaints.some((text) => text.startsWith('policy: style-src-attr')));
  world.complaints.length = 0;

  const first = await codeOnScreen(world);
  await page.locator('[part="enlarge"]').click();
  await page.locator('dialog button').click();
  const calls = callsOf(page);
  await page.clock.fastForward(101_000);
  await until('a renewed code', async () => (await codeOnScreen(world)) !== first);
  assert.ok(calls.includes('POST'));
  await demo.sandbox.sandbox.phone.scan(await codeOnScreen(world), 'bob');
  await onlySuccess(world);
  assert.deepEqual(world.complaints, []);
});

/** Opens one page with and one without the drop-in, the element on both. */
async function withAndWithout(look: (page: Page) => Promise<unknown>): Promise<[loaded: unknown, blocked: unknown]> {
  const head = '<style>p { color: teal }</style>';
  const body = `<h1>Shop</h1><p class="card status title">Tea</p><dialog open>Hi</dialog>
    <button class="button">Buy</button>${tag('https://login.test/wechat-login')}`;
  const pages = await Promise.all([
    openScripted(context, body, { head }),
    openScripted(context, body, { head, before: (page) => page.route('**/*.js', (route) => route.abort()) }),
  ]);
  await pages[0].waitForFunction(() =>
    document.querySelector('wechat-follow-login')!.shadowRoot!.querySelector('[part="code"]'),
  );
  assert.equal(await pages[1].evaluate(() => document.querySelector('wechat-follow-login')!.shadowRoot), null);
  const seen = await Promise.all(pages.map(look));
  await Promise.all(pages.map((page) => page.close()));
  return [seen[0], seen[1]];
}

test('the drop-in adds nothing to the globals of a page but its tag', async () => {
  const [names, without] = await withAndWithout((page) =>
    page.evaluate(() => [
      Object.getOwnPropertyNames(globalThis).sort(),
      Object.getOwnPropertyNames(Document.prototype).sort(),
      Object.getOwnPropertyNames(HTMLElement.prototype).sort(),
      Object.keys(localStorage),
      Object.keys(sessionStorage),
      document.cookie,
    ]),
  );
  assert.deepEqual(names, without);
});

test('what stands on the page beside the element looks as it did, and no style sheet is added or changed', async () => {
  const [styles, without] = await withAndWithout((page) =>
    page.evaluate(() => [
      [...document.querySelectorAll('html, body, h1, p, dialog, body > button')].map((one) => {
        const style = getComputedStyle(one);
        // What holds the element is as high as its contents, and these follow from the height.
        const names = [...style].filter(
          (name) => !/^(height|block-size|perspective-origin|transform-origin)$/.test(name),
        );
        return names.map((name) => `${one.localName} ${name}: ${style.getPropertyValue(name)}`);
      }),
      [...document.styleSheets].map(({ cssRules }) => [...cssRules].map(({ cssText }) => cssText)),
      document.adoptedStyleSheets.length,
      document.querySelectorAll('head > *').length,
      document.documentElement.getAttributeNames(),
      document.body.getAttributeNames(),
    ]),
  );
  assert.deepEqual(styles, without);
});
