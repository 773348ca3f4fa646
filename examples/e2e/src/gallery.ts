import type { Browser, Page } from 'playwright';
import type { DemoSite } from '../../demo/src/demo-site.ts';

export interface Gallery {
  page: Page;
  /** Console errors, page errors and policy reports. */
  complaints: string[];
}

export interface Options {
  lang?: string;
  width?: number;
  colorScheme?: 'light' | 'dark';
  /** Called before the page is loaded. */
  before?: (page: Page) => Promise<unknown>;
}

export async function openGallery(
  browser: Browser,
  site: DemoSite,
  hash: string,
  { lang = 'en', width = 1440, colorScheme, before }: Options = {},
): Promise<Gallery> {
  const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme, reducedMotion: 'reduce' });
  const complaints: string[] = [];
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('request', (request) => {
    const { origin, protocol } = new URL(request.url());
    if (protocol !== 'data:' && origin !== site.origin) complaints.push(`asked ${request.url()}`);
  });
  await page.addInitScript(() =>
    addEventListener('securitypolicyviolation', (event) =>
      console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`),
    ),
  );
  await before?.(page);
  await page.goto(`${site.origin}/gallery?lang=${lang}#${hash}`);
  await everyStateIsReached(page);
  return { page, complaints };
}

/** Resolves once each element is in the state that its label tells. */
export async function everyStateIsReached(page: Page): Promise<void> {
  try {
    await page.waitForFunction(
      () => {
        const shown = [...document.querySelectorAll<HTMLElement & { state: { name: string } }>('wechat-follow-login')];
        return (
          shown.length > 0 && shown.every((one) => one.state.name === one.closest<HTMLElement>('figure')!.dataset.state)
        );
      },
      null,
      { timeout: 15_000 },
    );
  } catch (cause) {
    throw new Error(`not in their states: ${JSON.stringify(await statesOf(page))}`, { cause });
  }
}

/** `[specimen, labelled state, state]` of every element. */
export async function statesOf(page: Page): Promise<string[][]> {
  return page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement & { state: { name: string } }>('wechat-follow-login')].map((one) => {
      const { specimen, state } = one.closest<HTMLElement>('figure')!.dataset;
      return [specimen!, state!, one.state.name];
    }),
  );
}
