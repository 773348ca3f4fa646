import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import type { Browser, BrowserContextOptions, Page } from 'playwright';
import { crop, decodePng, type Box, type Picture } from '../src/png.ts';
import { scan, secondOpinion } from '../src/scan.ts';
import { openScripted } from '../src/scripted-page.ts';
import { tag } from '../src/site.ts';
import { launch } from '../src/world.ts';

let browser: Browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

const tickets = JSON.parse(
  readFileSync(new URL('../../../packages/server/test/fixtures/wechat-tickets.json', import.meta.url), 'utf8'),
) as { url: string }[];

const THEMES = [
  ['light', {}],
  ['dark', {}],
  ['auto', { colorScheme: 'light' }],
  ['auto', { colorScheme: 'dark' }],
  ['auto', { colorScheme: 'light', forcedColors: 'active' }],
  ['auto', { colorScheme: 'dark', forcedColors: 'active' }],
] as const;
const SIZES = [120, 160, 240];
const drawing = (svg: string) => `data:image/svg+xml,${encodeURIComponent(svg)}`;
const DARK_LOGO = drawing('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9H0z"/></svg>');
/** 1 × 1, near white. */
const LIGHT_LOGO =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4//8/AAX+Av4N70a4AAAAAElFTkSuQmCC';
const LOGOS = ['', DARK_LOGO, LIGHT_LOGO].map((src) => src && `<img slot="code-logo" src="${src}" alt="">`);

/** Elements with a code of its own each, told apart by the last part of their endpoint. */
async function openCodes(context: BrowserContextOptions, elements: string[], texts: string[]): Promise<Page> {
  const page = await openScripted(await browser.newContext(context), elements.join('\n'), {
    set: { texts: Object.fromEntries(texts.entries()) },
  });
  await page.waitForFunction(() =>
    [...document.querySelectorAll('wechat-follow-login')].every((one) =>
      one.shadowRoot!.querySelector('[part="code"]'),
    ),
  );
  return page;
}

const element = (number: number, size: number, theme: string, content = ''): string =>
  tag(`https://login.test/${number}`, `theme="${theme}" style="--wechat-login-code-size: ${size}px"`).replace(
    '></',
    `>${content}</`,
  );

/** Each element, or the code alone of each, as it is on one screenshot of the whole page. */
async function pictures(page: Page): Promise<{ card: Picture; code: Picture }[]> {
  const whole = decodePng(await page.screenshot({ fullPage: true, animations: 'disabled' }));
  const boxes = await page.evaluate(() =>
    [...document.querySelectorAll('wechat-follow-login')].map((card) =>
      [card, card.shadowRoot!.querySelector('[part="stage"]')!].map((one): Box => {
        const { x, y, width, height } = one.getBoundingClientRect();
        const scale = devicePixelRatio;
        return { x: x * scale, y: (y + scrollY) * scale, width: width * scale, height: height * scale };
      }),
    ),
  );
  return boxes.map(([card, code]) => ({ card: crop(whole, card!), code: crop(whole, code!) }));
}

for (const deviceScaleFactor of [1, 2]) {
  test(`two unrelated decoders read the code in every theme and size, with and without a logo, at scale ${deviceScaleFactor}`, async () => {
    const kinds = SIZES.flatMap((size) => LOGOS.map((logo) => ({ size, logo })));
    const texts = kinds.map((_, number) => tickets[tickets.length - 1 - number]!.url);
    const page = await openCodes(
      { deviceScaleFactor, viewport: { width: 1000, height: 300 } },
      kinds.map(({ size, logo }, number) => element(number, size, 'light', logo)),
      texts,
    );
    for (const [theme, media] of THEMES) {
      await page.emulateMedia({ colorScheme: null, forcedColors: null, ...media });
      await page.evaluate((wanted) => {
        for (const one of document.querySelectorAll('wechat-follow-login')) one.setAttribute('theme', wanted);
        document.documentElement.style.background = matchMedia('(prefers-color-scheme: dark)').matches ? '#000' : '';
      }, theme);
      for (const [number, { card, code }] of (await pictures(page)).entries()) {
        const { size, logo } = kinds[number]!;
        const what = `${theme} ${JSON.stringify(media)} ${size} px, logo: ${logo.slice(28, 50) || 'none'}`;
        assert.equal(await scan(card), texts[number], `zxing: ${what}`);
        assert.equal(secondOpinion(code), texts[number], `jsqr: ${what}`);
      }
    }
    await page.context().close();
  });
}

test('the addresses of all real tickets are read at 120 px and scale 1', async () => {
  assert.equal(tickets.length, 56);
  const texts = tickets.map(({ url }) => url);
  const page = await openCodes(
    { viewport: { width: 1280, height: 300 } },
    texts.map((_, number) => element(number, 120, 'light')),
    texts,
  );
  const read = await Promise.all((await pictures(page)).map(({ card }) => scan(card)));
  assert.deepEqual(read, texts);
  await page.context().close();
});

test('the enlarged code is read, and is larger than the one it stands for', async () => {
  const text = tickets[0]!.url;
  const page = await openCodes({ viewport: { width: 1000, height: 700 } }, [element(0, 120, 'dark')], [text]);
  const widthOf = async (part: string) => (await page.locator(`[part="${part}"]`).boundingBox())!.width;
  await page.locator('[part="enlarge"]').click();
  assert.ok((await widthOf('large-code')) > 4 * (await widthOf('code')));
  assert.equal(await scan(await page.screenshot()), text);
  await page.context().close();
});

for (const [name, context] of [
  ['at 200 % zoom', { viewport: { width: 640, height: 400 }, deviceScaleFactor: 2 }],
  ['320 px wide, as at 400 % zoom', { viewport: { width: 320, height: 256 }, deviceScaleFactor: 4 }],
] as const) {
  test(`${name} nothing is cut in any language, and the code is read`, async () => {
    const text = tickets[1]!.url;
    const page = await openCodes(context, [element(0, 208, 'light')], [text]);
    for (const lang of ['zh-CN', 'zh-TW', 'en', 'ja']) {
      await page.evaluate((tag) => (document.documentElement.lang = tag), lang);
      await page.waitForFunction(
        (tag) =>
          document.querySelector('wechat-follow-login')!.shadowRoot!.querySelector<HTMLElement>('.card')!.lang === tag,
        lang,
      );
      assert.deepEqual(await cutOff(page), [], lang);
      await page.locator('[part="enlarge"]').click();
      const dialog = (await page.locator('dialog').boundingBox())!;
      const { width, height } = context.viewport;
      assert.ok(dialog.x >= 0 && dialog.y >= 0, lang);
      assert.ok(dialog.x + dialog.width <= width && dialog.y + dialog.height <= height, lang);
      assert.equal(await scan(await page.screenshot()), text, lang);
      await page.keyboard.press('Escape');
    }
    assert.equal(await scan((await pictures(page))[0]!.card), text);
    await page.context().close();
  });
}

/** What sticks out of the page's width, or holds more than it shows. */
const cutOff = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const { clientWidth } = document.documentElement;
    const parts = [...document.querySelector('wechat-follow-login')!.shadowRoot!.querySelectorAll<HTMLElement>('*')];
    return parts
      .filter((one) => {
        const { left, right } = one.getBoundingClientRect();
        const { overflow } = getComputedStyle(one);
        const hides = overflow !== 'visible' && one.scrollWidth > one.clientWidth + 1;
        return left < 0 || right > clientWidth + 0.5 || hides;
      })
      .map((one) => `${one.localName} ${one.getAttribute('part') ?? one.getAttribute('class')}`);
  });
