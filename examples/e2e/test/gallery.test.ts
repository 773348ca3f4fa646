import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright';
import { type DemoSite, serveDemoSite } from '../../demo/src/demo-site.ts';
import { everyStateIsReached, type Gallery, openGallery as open, type Options, statesOf } from '../src/gallery.ts';
import { scan } from '../src/scan.ts';
import { launch } from '../src/world.ts';

const STATES = 'idle loading ready scanned confirming authorized success expired cancelled step-required error'.split(
  ' ',
);
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

let browser: Browser;
let site: DemoSite;
before(async () => {
  browser = await launch();
  site = await serveDemoSite(0);
});
after(async () => {
  await browser.close();
  await site.close();
});

const openGallery = (hash: string, options?: Options): Promise<Gallery> => open(browser, site, hash, options);

/** What axe-core finds, a line each. By evaluation: the page's own policy would let no script element in. */
async function accessibilityFaults(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  return page.evaluate(async () => {
    interface Axe {
      run(): Promise<{ violations: { id: string; nodes: { target: unknown[]; failureSummary: string }[] }[] }>;
    }
    const { violations } = await (globalThis as unknown as { axe: Axe }).axe.run();
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id} ${JSON.stringify(target)} ${failureSummary}`),
    );
  });
}

test('every state is on show and reached, under the strict policy, and nothing leaves the page', async () => {
  const { page, complaints } = await openGallery('');
  try {
    const found = await statesOf(page);
    assert.deepEqual([...new Set(found.map(([, , state]) => state))].sort(), [...STATES].sort());
    assert.equal(found.length, 17);
    assert.deepEqual(complaints, []);
  } finally {
    await page.close();
  }
});

test('all languages in both themes stand side by side, each in its state', async () => {
  const { page, complaints } = await openGallery('language=all&theme=both', { lang: 'zh-CN' });
  try {
    assert.equal((await statesOf(page)).length, 17 * 4 * 2);
    const titles = await page
      .locator('[data-specimen="success"] wechat-follow-login')
      .evaluateAll((elements) =>
        elements.map((element) => element.shadowRoot!.querySelector('[part=title]')!.textContent.trim()),
      );
    assert.equal(new Set(titles).size, 4, titles.join());
    assert.deepEqual(complaints, []);
  } finally {
    await page.close();
  }
});

test('every state lasts: after four minutes each element is where it was, and none has told of a failure on the way', async () => {
  const { page, complaints } = await openGallery('', { before: (page) => page.clock.install() });
  try {
    await page.evaluate(() => {
      const told: string[] = [];
      Object.assign(globalThis, { told });
      for (const type of ['login-error', 'login-expire']) {
        addEventListener(type, ({ target }) => {
          const { specimen, state } = (target as Element).closest<HTMLElement>('figure')!.dataset;
          if (state !== 'error') told.push(`${specimen} ${type}`);
        });
      }
    });
    const codeOf = async (): Promise<string> =>
      page
        .locator('[data-specimen="ready"] wechat-follow-login')
        .evaluate(({ shadowRoot }) => shadowRoot!.querySelector('[part=code]')!.outerHTML);
    const first = await codeOf();
    for (let seconds = 0; seconds < 240; seconds += 10) {
      await page.clock.runFor(10_000);
      await everyStateIsReached(page);
    }
    assert.notEqual(await codeOf(), first, 'the clock moved the element too: it has another code');
    assert.deepEqual(await page.evaluate(() => (globalThis as unknown as { told: string[] }).told), []);
    assert.deepEqual(complaints, []);
  } finally {
    await page.close();
  }
});

test('axe-core finds nothing, in either language, in light and dark, wide and narrow', async () => {
  for (const [hash, options] of [
    ['', { lang: 'en' }],
    ['theme=dark&preset=tea', { lang: 'zh-CN', width: 390 }],
    ['language=ja&theme=auto&preset=contrast', { lang: 'en', width: 900, colorScheme: 'dark' }],
    ['language=zh-TW&theme=both&preset=ink', { lang: 'zh-CN' }],
  ] as [string, Options][]) {
    const { page, complaints } = await openGallery(hash, options);
    try {
      await page.evaluate(() => (document.querySelector<HTMLDetailsElement>('#theme-editor')!.open = true));
      assert.deepEqual(await accessibilityFaults(page), [], hash);
      const tooWide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.equal(tooWide, 0, `${hash}: nothing is cut off or scrolls sideways`);
      assert.deepEqual(complaints, [], hash);
    } finally {
      await page.close();
    }
  }
});

test('the codes decode from the screen: on a desktop, as a phone’s picture, with a logo, dark and compact', async () => {
  for (const hash of ['', 'theme=dark&preset=contrast', 'layout=compact&language=ja', 'width=180']) {
    const { page } = await openGallery(hash);
    try {
      for (const id of ['ready', 'ready-wechat', 'ready-phone', 'ready-logo']) {
        const element = page.locator(`[data-specimen="${id}"] wechat-follow-login`);
        assert.match(
          (await scan(await element.screenshot())) ?? 'nothing read',
          /^http:\/\/weixin\.qq\.com\/q\/02[\w-]{20}$/,
          `${id} ${hash}`,
        );
      }
    } finally {
      await page.close();
    }
  }
});

test('a place of 180 px gives every element no more, and a wide one lets each be as wide as its code asks', async () => {
  for (const [hash, width] of [
    ['width=180', 180],
    ['code-size=240', 320],
    ['layout=compact&code-size=240', 240],
  ] as const) {
    const { page } = await openGallery(hash);
    try {
      const widths = await page
        .locator('wechat-follow-login')
        .evaluateAll((elements) => elements.map((element) => element.getBoundingClientRect().width));
      assert.deepEqual(new Set(widths), new Set([width]), hash);
    } finally {
      await page.close();
    }
  }
});

test('on a phone the code is a picture to press or save, and only the elements meant for it think they are on one', async () => {
  const { page } = await openGallery('');
  try {
    const looks = await page.evaluate(() =>
      Object.fromEntries(
        ['ready', 'ready-wechat', 'ready-phone'].map((id) => {
          const element = document.querySelector(`[data-specimen="${id}"] wechat-follow-login`)!;
          const title = element.shadowRoot!.querySelector('[part=title]')!.textContent.trim();
          return [id, [title, !!element.querySelector('img[slot=code]')]];
        }),
      ),
    );
    assert.deepEqual(
      Object.values(looks).map(([, picture]) => picture),
      [false, true, true],
    );
    assert.equal(new Set(Object.values(looks).map(([title]) => title)).size, 3);
    assert.equal(await page.evaluate(() => Object.hasOwn(navigator, 'userAgent')), false);
  } finally {
    await page.close();
  }
});

test('the address carries what is chosen, and an address that is made up does no harm', async () => {
  const { page } = await openGallery('');
  try {
    for (const name of ['ja', 'dark', 'compact', 'ink']) {
      await page.locator(`.choice input[value="${name}"]`).first().check({ force: true });
    }
    await page.locator('input[type=text][data-color=accent]').fill('#336699');
    await page.waitForURL(/accent=336699/);
    const css = await page.locator('#css').textContent();
    const shared = await openGallery(new URL(page.url()).hash.slice(1), { lang: 'zh-CN' });
    assert.equal(await shared.page.locator('#css').textContent(), css);
    assert.equal(await shared.page.locator('input[name=language]:checked').getAttribute('value'), 'ja');
    const shown = shared.page.locator('wechat-follow-login').first();
    assert.equal(await shown.getAttribute('theme'), 'dark');
    assert.equal(await shown.getAttribute('layout'), 'compact');
    await shared.page.close();
    const odd = await openGallery(
      'language=constructor&width=9e9&preset=__proto__&light-accent=red;}&font=toString&__proto__=1',
    );
    assert.match((await odd.page.locator('#css').textContent())!, /nothing to set/);
    assert.deepEqual(odd.complaints, []);
    await odd.page.close();
  } finally {
    await page.close();
  }
});
