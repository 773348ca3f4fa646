import {
  chromium,
  type Browser,
  type BrowserContextOptions,
  type LaunchOptions,
  type Page,
  type Response as PageResponse,
} from 'playwright';
import { requireBrowser } from '../../../tools/local.mjs';
import { startDemo, type Demo, type DemoOptions } from '../../demo/src/demo.ts';
import { scan } from './scan.ts';

export async function launch(options: Pick<LaunchOptions, 'args' | 'ignoreDefaultArgs'> = {}): Promise<Browser> {
  const { exe, env } = requireBrowser();
  return chromium.launch({ executablePath: exe, env: { ...process.env, ...env }, ...options });
}

export interface HeardEvent {
  type: string;
  detail: unknown;
  /** Milliseconds since 1970. */
  at: number;
}

/** What `npm start` starts, and a browser that has opened it. */
export interface World {
  demo: Demo;
  page: Page;
  /** Every `login-…` event the element has fired, oldest first. */
  events(): Promise<HeardEvent[]>;
  /** Console errors, page errors and policy reports. */
  complaints: string[];
  answers: PageResponse[];
  close(): Promise<void>;
}

const EVENTS = ['login-status', 'login-scan', 'login-success', 'login-expire', 'login-step-required', 'login-error'];

export async function openDemo(browser: Browser, options: Partial<DemoOptions> & VisitOptions = {}): Promise<World> {
  const demo = await startDemo({ port: 0, ...options });
  const world = await visit(browser, demo, options);
  return {
    ...world,
    async close() {
      await world.close();
      await demo.close();
    },
  };
}

export interface VisitOptions {
  lang?: string;
  context?: BrowserContextOptions;
  before?: (page: Page) => Promise<unknown>;
  /** Another page than the demo's that has the element on it. */
  url?: string;
}

/** One more page of a demo that several tests share; closing it leaves the demo as it is. */
export async function visit(browser: Browser, demo: Demo, options: VisitOptions = {}): Promise<World> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 860 }, ...options.context });
  const complaints: string[] = [];
  const answers: PageResponse[] = [];
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('response', (response) => answers.push(response));
  await page.addInitScript((names) => {
    const heard: HeardEvent[] = [];
    Object.assign(globalThis, { heard });
    for (const name of names) {
      addEventListener(
        name,
        (event) => heard.push({ type: name, detail: (event as CustomEvent).detail as unknown, at: Date.now() }),
        true,
      );
    }
    addEventListener('securitypolicyviolation', (event) =>
      console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`),
    );
  }, EVENTS);
  await options.before?.(page);
  await page.goto(options.url ?? `${demo.url}?lang=${options.lang ?? 'en'}`);
  return {
    demo,
    page,
    complaints,
    answers,
    events: () => page.evaluate(() => (globalThis as unknown as { heard: HeardEvent[] }).heard),
    close: () => page.close(),
  };
}

/** The text of the code that the page shows, read off a screenshot as a phone would. */
export async function codeOnScreen({ page }: Pick<World, 'page'>): Promise<string> {
  await stateIs(page, 'ready');
  return codeOf(page);
}

/** The same of one element of several. */
export async function codeOf(page: Page, selector = 'wechat-follow-login'): Promise<string> {
  for (let tries = 0; tries < 20; tries++) {
    const text = await scan(await page.locator(selector).screenshot());
    if (text) return text;
  }
  throw new Error('no QR code on the screenshot');
}

export async function stateIs(page: Page, ...names: string[]): Promise<void> {
  await page.waitForFunction(
    (wanted) =>
      wanted.includes(
        // A page that is still being drawn, or whose script is on its way, has no state yet.
        (document.querySelector('wechat-follow-login') as { state?: { name: string } } | null)?.state?.name ?? '',
      ),
    names,
    { timeout: 15_000 },
  );
}

const STATUS_PATHS = ['/api/v3/get-qrcode-status', '/api/v3/check-qrcode-status'];

/** How often the companion has asked Authing for a status between these times (milliseconds since 1970, both included). */
export function statusPolls({ demo }: World, from: number, to: number): number {
  const { calls } = demo.sandbox.sandbox.log;
  return calls.filter(({ path, at }) => STATUS_PATHS.includes(path) && at >= from && at <= to).length;
}

/** By hand on the phone's page: the code's text, then Follow. */
export async function scanByHand({ page }: World, text: string): Promise<void> {
  const phone = page.frameLocator('#phone');
  await phone.locator('#qr-text').fill(text);
  await phone.locator('#qr-scan').click();
  await phone.locator('#follow').click();
}

/** One field of the element's state as it is now. */
export const stateOf = (page: Page, selector = 'wechat-follow-login'): Promise<{ name: string }> =>
  page.locator(selector).evaluate((element) => (element as unknown as { state: { name: string } }).state);

/** The one success there is, when the page has had the time to fire a second. */
export async function onlySuccess(world: World): Promise<HeardEvent> {
  await stateIs(world.page, 'success');
  await world.page.evaluate(
    () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
  );
  const all = (await world.events()).filter(({ type }) => type === 'login-success');
  if (all.length !== 1) throw new Error(`login-success was fired ${all.length} times`);
  return all[0]!;
}

/** What a page asks its companion from now on, kept up to date: `GET`, `GET events`, `GET wait`, `POST claim`, …; no preflights. */
export function callsOf(page: Page): string[] {
  const calls: string[] = [];
  page.on('request', (request) => {
    const [, , what = '', query] = /\/attempts(\/[\w-]+)?(?:\/(\w+))?(?:\?(\w+))?/.exec(request.url()) ?? [];
    if (!/\/attempts\b/.test(request.url())) return;
    calls.push([request.method(), what || query].filter(Boolean).join(' '));
  });
  return calls;
}
