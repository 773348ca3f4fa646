import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { BrowserContext, Page } from 'playwright';

/** A secure context that no network leads to: every request of its pages is answered here. */
const ORIGIN = 'https://shop.test';
const SCRIPT = fileURLToPath(new URL('scripted-companion.js', import.meta.url));
export const DROP_IN = new URL('../../../packages/element/dist/wechat-follow-login.min.js', import.meta.url);

/** What `scripted-companion.js` puts into the page. */
export interface ScriptedCompanion {
  attempt: { expiresIn: number; confirmNumber: string | null; account: { name: string; avatar: string | null } | null };
  text: string;
  texts: Record<string, string>;
  refusal: 'never' | { status: number; body: object } | null;
  holdsClaims: boolean;
  calls: string[];
  tell(change: { seq: number; status: string; [more: string]: unknown }): void;
}

export const documentOf = (body: string, lang = 'en', head = ''): string =>
  `<!doctype html><html lang="${lang}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Shop</title>${head}
<script type="module" src="/wechat-follow-login.min.js"></script></head><body>${body}</body></html>`;

export interface ScriptedOptions {
  lang?: string;
  head?: string;
  set?: Partial<ScriptedCompanion>;
  before?: (page: Page) => Promise<unknown>;
}

/** A page with the drop-in and this body, whose companion is played by a script in it. `set` goes to that script first. */
export async function openScripted(
  context: BrowserContext,
  body: string,
  { lang = 'en', head = '', set = {}, before }: ScriptedOptions = {},
): Promise<Page> {
  const page = await context.newPage();
  await page.route(`${ORIGIN}/**`, (route) => {
    const { pathname } = new URL(route.request().url());
    if (pathname.endsWith('.js')) return route.fulfill({ contentType: 'text/javascript', body: readFileSync(DROP_IN) });
    return route.fulfill({ contentType: 'text/html', body: documentOf(body, lang, head) });
  });
  await page.addInitScript({ path: SCRIPT });
  await page.addInitScript((given) => {
    Object.assign((globalThis as unknown as { companion: object }).companion, given);
  }, set as object);
  await before?.(page);
  await page.goto(`${ORIGIN}/`);
  return page;
}

export const tell = (page: Page, change: Parameters<ScriptedCompanion['tell']>[0]): Promise<void> =>
  page.evaluate((given) => (globalThis as unknown as { companion: ScriptedCompanion }).companion.tell(given), change);
