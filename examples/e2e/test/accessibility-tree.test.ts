import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, BrowserContext, Page } from 'playwright';
import { openIn, STATES } from '../src/every-state.ts';
import { tell } from '../src/scripted-page.ts';
import { launch, stateIs } from '../src/world.ts';

let browser: Browser;
let context: BrowserContext;
before(async () => {
  browser = await launch();
  context = await browser.newContext({ viewport: { width: 800, height: 700 } });
});
after(() => browser.close());

/** In the order of the page; what a state has to offer besides its words. */
const OFFERS: Record<string, string[]> = {
  idle: ['Show code'],
  ready: ['Refresh', 'Enlarge code'],
  scanned: ['Refresh'],
  confirming: ['Cancel'],
  expired: ['Refresh'],
  cancelled: ['Try again'],
  'step-required': ['Continue'],
  error: ['Try again'],
};
const NEEDS_A_NAME = /^\s*- (?:button|link|img|group|dialog|textbox|checkbox)(?! ")/m;

async function inLanguage(page: Page, lang: string): Promise<string> {
  await page.evaluate((tag) => (document.documentElement.lang = tag), lang);
  await page.waitForFunction(
    (tag) =>
      document.querySelector('wechat-follow-login')!.shadowRoot!.querySelector<HTMLElement>('.card')!.lang === tag,
    lang,
  );
  return page.locator('wechat-follow-login').ariaSnapshot();
}

for (const state of STATES) {
  test(`in the state ${state} everything has its name and its words, in each of the four languages`, async () => {
    const page = await openIn(state, context);
    const english = await inLanguage(page, 'en');
    const offered = [...english.matchAll(/- (?:button|link) "([^"]+)"/g)].map(([, name]) => name);
    assert.deepEqual(offered.sort(), [...(OFFERS[state] ?? [])].sort());
    const trees = new Set([english]);
    for (const lang of ['en', 'zh-CN', 'zh-TW', 'ja']) {
      const tree = await inLanguage(page, lang);
      trees.add(tree);
      assert.doesNotMatch(tree, NEEDS_A_NAME, lang);
      assert.match(tree, /- status:\n\s+- paragraph: \S/, lang);
      if (state === 'ready') assert.match(tree, /- img "[^"]+"/, lang);
      const names = [...tree.matchAll(/- \w+ "([^"]+)"/g)].map(([, name]) => name!);
      if (lang !== 'en') for (const name of names) assert.match(name, /[\u3040-\u9fff]/, `${lang}: ${name}`);
    }
    assert.equal(trees.size, 4, 'no language is another');
    await page.close();
  });
}

test('the element is a group with a name and adds no landmark to those of its page', async () => {
  const page = await openIn('ready', context);
  const roles = (await namesInTree(page)).map(([role]) => role);
  assert.ok(roles.includes('group'));
  const landmarks = ['banner', 'complementary', 'contentinfo', 'form', 'main', 'navigation', 'region', 'search'];
  assert.deepEqual(
    roles.filter((role) => landmarks.includes(role)),
    [],
  );
  await page.close();
});

test('the enlarged code is a dialog with a name, and hides the rest of the page from everybody', async () => {
  const page = await openIn('ready', context);
  await page.locator('[part="enlarge"]').click();
  const names = await namesInTree(page);
  assert.deepEqual(
    names.filter(([role]) => /dialog|button|image/.test(role)),
    [
      ['dialog', 'QR code to sign in with WeChat'],
      ['image', 'QR code to sign in with WeChat'],
      ['button', 'Close'],
    ],
  );
  await page.close();
});

/** Roles and names of what assistive technology is told, by the browser's own account. */
async function namesInTree(page: Page): Promise<[role: string, name: string][]> {
  const system = await page.context().newCDPSession(page);
  const { nodes } = await system.send('Accessibility.getFullAXTree');
  return nodes
    .filter(({ ignored }) => !ignored)
    .map(({ role, name }): [string, string] => [String(role?.value), String(name?.value ?? '')])
    .sort(([one], [other]) => 'dialog image button'.indexOf(one) - 'dialog image button'.indexOf(other));
}

/** What has the focus in the element: its label, or its part. */
const focused = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const inside = document.querySelector('wechat-follow-login')!.shadowRoot!.activeElement;
    return inside?.getAttribute('aria-label') ?? inside?.getAttribute('part') ?? (inside?.textContent ?? '').trim();
  });

test('by keyboard alone: Tab leads from Refresh to Enlarge, Enter enlarges, Escape brings the focus back', async () => {
  const page = await openIn('ready', context);
  const visited: string[] = [];
  for (const _ of [1, 2]) {
    await page.keyboard.press('Tab');
    visited.push(await focused(page));
  }
  assert.deepEqual(visited, ['button', 'Enlarge code']);
  const open = () =>
    page.evaluate(() => document.querySelector('wechat-follow-login')!.shadowRoot!.querySelector('dialog')!.open);
  for (const close of ['Escape', 'Enter']) {
    await page.keyboard.press('Enter');
    assert.equal(await open(), true);
    assert.equal(await focused(page), 'Close');
    await page.keyboard.press(close);
    await page.waitForFunction(
      () => !document.querySelector('wechat-follow-login')!.shadowRoot!.querySelector('dialog')!.open,
    );
    assert.equal(await focused(page), 'Enlarge code', close);
  }
  await page.keyboard.press('Shift+Tab');
  assert.equal(await focused(page), 'button');
  await page.close();
});

test('Enter on Refresh brings another code, and leaves a keyboard user in the card', async () => {
  const page = await openIn('ready', context);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.waitForFunction(
    () =>
      (globalThis as unknown as { companion: { calls: string[] } }).companion.calls.filter(
        (call) => call === 'POST /attempts',
      ).length === 2,
  );
  await stateIs(page, 'ready');
  assert.equal(await focused(page), 'card');
  await page.keyboard.press('Tab');
  assert.equal(await focused(page), 'button', 'and Tab goes on from there');
  await page.close();
});

test('a scan while the code is enlarged closes the dialog and leaves the focus in the card', async () => {
  const page = await openIn('ready', context);
  await page.locator('[part="enlarge"]').focus();
  await page.keyboard.press('Enter');
  assert.equal(await focused(page), 'Close');
  await tell(page, { seq: 1, status: 'scanned', newFollower: true });
  await stateIs(page, 'scanned');
  assert.equal(await page.locator('dialog').count(), 0);
  assert.equal(await focused(page), 'card');
  await page.close();
});

test('from code to login each change is said once in the live region, and the seconds are not', async () => {
  const page = await openIn('ready', context);
  await page.evaluate(() => {
    const region = document.querySelector('wechat-follow-login')!.shadowRoot!.querySelector('[role="status"]')!;
    const said: string[] = [];
    Object.assign(globalThis, { said });
    new MutationObserver(() => said.push((region as HTMLElement).innerText.replace(/\s+/g, ' ').trim())).observe(
      region,
      {
        subtree: true,
        childList: true,
        characterData: true,
      },
    );
  });
  const countdown = page.locator('[role="timer"]');
  const before = await countdown.innerText();
  await page.waitForFunction(
    (was) =>
      !document
        .querySelector('wechat-follow-login')!
        .shadowRoot!.querySelector('[role="timer"]')!
        .textContent!.includes(was.slice(-4)),
    before,
  );
  await tell(page, { seq: 1, status: 'scanned', newFollower: true });
  await stateIs(page, 'scanned');
  await page.evaluate(() =>
    Object.assign((globalThis as unknown as { companion: object }).companion, { holdsClaims: true }),
  );
  await tell(page, { seq: 3, status: 'authorized' });
  await stateIs(page, 'authorized');
  assert.deepEqual(await page.evaluate(() => (globalThis as unknown as { said: string[] }).said), [
    'Scanned One moment, signing you in…',
    'Signing you in…',
  ]);
  await page.close();
});
