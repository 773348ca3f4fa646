import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright';
import { type DemoSite, serveDemoSite } from '../../demo/src/demo-site.ts';
import { type Gallery, openGallery as open, type Options } from '../src/gallery.ts';
import { launch } from '../src/world.ts';

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

/** Where each property shows, by part or class. */
const SEEN_IN = [
  ['.card', 'background-color color border-top-color border-top-left-radius font-family'],
  ['[part=button]', 'background-color color'],
  ['.stage', 'border-top-color width'],
  ['.hint', 'color'],
  ['.card', '--_accent --_bad'],
] as const;

/**
 * What a look comes to inside a fresh element, for each theme: by the page's own sheet, or by the rule alone. A colour
 * is computed as the colour of some text, as a custom property would only be told as it was written.
 */
async function computedLook(page: Page, rule: string | null): Promise<Record<string, string[]>> {
  return page.evaluate(
    async ({ rule, seenIn }) => {
      if (rule !== null) {
        const sheet = new CSSStyleSheet();
        sheet.replaceSync(rule);
        document.adoptedStyleSheets = [sheet];
      }
      const looks: Record<string, string[]> = {};
      for (const theme of ['light', 'dark']) {
        const element = document.createElement('wechat-follow-login') as HTMLElement & {
          updateComplete: Promise<unknown>;
        };
        Object.assign(element, { theme, manual: true, endpoint: 'https://gallery.invalid/idle' });
        document.body.append(element);
        await element.updateComplete;
        looks[theme] = seenIn.flatMap(([selector, properties]) => {
          const part = element.shadowRoot!.querySelector<HTMLElement>(selector)!;
          return properties.split(' ').map((property) => {
            if (!property.startsWith('--')) return getComputedStyle(part).getPropertyValue(property);
            part.style.color = `var(${property})`;
            return getComputedStyle(part).color;
          });
        });
        element.remove();
      }
      return looks;
    },
    { rule, seenIn: SEEN_IN },
  );
}

test('the rule that the theme editor writes gives a fresh element the look that was made', async () => {
  const { page, complaints } = await openGallery('theme=light&preset=tea');
  try {
    const set = async (selector: string, value: string): Promise<void> => page.locator(selector).fill(value);
    await set('input[type=text][data-color=accent-strong]', '#5A2D82');
    await page.getByRole('radio', { name: 'Dark' }).last().check({ force: true });
    await set('input[type=text][data-color=background]', '#101828');
    await set('#radius', '5');
    await set('#code-size', '180');
    await page.locator('#font').selectOption('mono');
    const css = (await page.locator('#css').textContent())!;
    assert.match(css, /--wechat-login-accent-strong: light-dark\(#5a2d82, #8fd0b0\);/);
    assert.match(css, /--wechat-login-background: light-dark\(#fffdf9, #101828\);/);
    const made = await computedLook(page, null);
    assert.deepEqual(await computedLook(page, css), made);
    assert.notDeepEqual(await computedLook(page, ''), made);
    assert.match(
      JSON.stringify(made),
      /rgb\(90, 45, 130\).*5px.*rgb\(16, 24, 40\)|5px.*rgb\(90, 45, 130\).*rgb\(16, 24, 40\)/,
    );
    assert.deepEqual(complaints, []);
  } finally {
    await page.close();
  }
});

test('what the editor takes for the element’s own look is the element’s own look', async () => {
  const { page } = await openGallery('');
  try {
    const own = await page.evaluate(async () => {
      const look = (await import(new URL('/gallery/look.js', location.href).href)) as {
        OWN_COLORS: Record<string, [string, string]>;
        OWN_SIZES: Record<string, number>;
      };
      const set = Object.entries(look.OWN_COLORS).map(([name, pair]) => [name, `light-dark(${pair.join()})`]);
      set.push(...Object.entries(look.OWN_SIZES).map(([name, size]) => [name, `${size}px`]));
      return `wechat-follow-login {${set.map(([name, value]) => `--wechat-login-${name}: ${value};`).join('')}}`;
    });
    assert.deepEqual(await computedLook(page, own), await computedLook(page, ''));
  } finally {
    await page.close();
  }
});

test('too little contrast is told for the theme that has it, and goes away with the preset', async () => {
  const { page } = await openGallery('');
  try {
    const low = page.locator('.contrast-table .low');
    assert.equal(await low.count(), 0);
    await page.locator('input[type=text][data-color=muted-color]').fill('#999999');
    assert.equal(await low.count(), 1);
    assert.equal(await page.locator('[data-pair=muted] [data-side=light]').textContent(), '2.8 below 4.5');
    for (const preset of ['ink', 'tea', 'contrast', 'default']) {
      await page.locator(`input[name=preset][value=${preset}]`).check({ force: true });
      assert.equal(await low.count(), 0, preset);
    }
  } finally {
    await page.close();
  }
});

test('the button copies the rule and says so', async () => {
  const { page } = await openGallery('preset=ink');
  try {
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'], { origin: site.origin });
    await page.locator('#copy').click();
    await page.getByText('Copied', { exact: true }).waitFor();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    assert.equal(copied, await page.locator('#css').textContent());
    assert.match(copied, /^wechat-follow-login \{\n/);
  } finally {
    await page.close();
  }
});
