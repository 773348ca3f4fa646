import type { Browser, Page } from 'playwright';
import type { Site } from './site.ts';
import { until } from './until.ts';

/** For `launch()`: Playwright turns the back-forward cache off. */
export const WITH_PAGE_CACHE = { ignoreDefaultArgs: ['--disable-back-forward-cache'] };

/** Goes elsewhere and, after `meanwhile`, back: really, or where the browser keeps no pages by the events of it alone. */
export interface PageCache {
  isReal: boolean;
  leaveAndReturn(page: Page, meanwhile: () => Promise<unknown>): Promise<void>;
}

/** A headless shell keeps no pages, a whole Chromium does: found out with a page that has nothing of ours on it. */
export async function pageCacheOf(browser: Browser, site: Site): Promise<PageCache> {
  const page = await browser.newPage();
  await page.goto(`${site.origin}/elsewhere`);
  await noteReturns(page);
  await page.goto(site.origin);
  await goBack(page);
  const isReal = await page.evaluate(() => document.documentElement.dataset.persisted === 'true');
  await page.close();
  return { isReal, leaveAndReturn: isReal ? byNavigation(site) : byEvents };
}

const noteReturns = (page: Page): Promise<void> =>
  page.evaluate(() =>
    addEventListener('pageshow', ({ persisted }) => (document.documentElement.dataset.persisted = String(persisted))),
  );

/** Not Playwright's `goBack()`: it waits for a load, and a page that was kept does not load. */
async function goBack(page: Page): Promise<void> {
  const left = page.url();
  await page.evaluate(() => history.back()).catch(() => {}); // the page may be gone before it has answered
  await page.waitForFunction((url) => location.href !== url && document.readyState === 'complete', left);
}

const byNavigation =
  (site: Site): PageCache['leaveAndReturn'] =>
  async (page, meanwhile) => {
    await noteReturns(page);
    await page.goto(`${site.origin}/elsewhere`);
    await until('the locks of the page that was left are free', () => holdsNoLock(page));
    await meanwhile();
    await goBack(page);
    await page.waitForFunction(() => document.documentElement.dataset.persisted === 'true');
  };

/** A page that holds one is not kept, or only until another page of its origin wants it. */
const holdsNoLock = (page: Page): Promise<boolean> =>
  page.evaluate(async () => (await navigator.locks.query()).held?.length === 0);

/** What a browser asks before it keeps a page is whether it still holds connections or locks. */
const byEvents: PageCache['leaveAndReturn'] = async (page, meanwhile) => {
  const closed = page.waitForEvent('requestfailed', (request) => request.url().endsWith('/events'));
  await page.evaluate(() => dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true })));
  await closed;
  await until('its locks are free', () => holdsNoLock(page));
  await meanwhile();
  await page.evaluate(() => dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })));
};
