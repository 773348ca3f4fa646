import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright';
import { startClouds, type Clouds } from '../../clouds/src/clouds.ts';
import { freePortFrom } from '../../demo/src/listen-from.ts';
import { build, serve, type ExampleServer } from '../src/example-server.ts';
import { codeOnScreen, launch, stateIs } from '../src/world.ts';

let browser: Browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

interface Opened {
  page: Page;
  clouds: Clouds;
  complaints: string[];
}

/** An example whose page talks to a companion on another origin, opened in the browser. */
async function withExample(
  start: (port: number, companion: string) => Promise<ExampleServer>,
  use: (opened: Opened) => Promise<void>,
  prepare?: (page: Page, companion: string) => Promise<unknown>,
): Promise<void> {
  const port = await freePortFrom(0);
  const origin = `http://127.0.0.1:${port}`;
  const clouds = await startClouds([origin], { sandbox: 0, companion: 0 });
  try {
    const server = await start(port, clouds.companion.url);
    const page = await browser.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(String(error)));
    try {
      await prepare?.(page, clouds.companion.url);
      await page.goto(origin);
      await use({ page, clouds, complaints });
    } finally {
      await page.close();
      await server.stop();
    }
  } finally {
    await clouds.close();
  }
}

/** Signs in, out, and finds the next code. */
async function signsInAndOut({ page, clouds, complaints }: Opened): Promise<void> {
  const { phone } = clouds.sandbox.sandbox;
  const first = await codeOnScreen({ page });
  await phone.scan(first, 'alice');
  await phone.follow('alice');
  await page.locator('section').getByText('Welcome,').waitFor();
  assert.match(await page.locator('section').innerText(), /Welcome, \S/);
  assert.equal(await page.locator('wechat-follow-login').isVisible(), false);
  await page.getByRole('button', { name: 'Sign out' }).click();
  await stateIs(page, 'ready');
  assert.notEqual(await codeOnScreen({ page }), first);
  assert.equal(await page.getByText('Scanning makes you follow our account.').isVisible(), true);
  assert.deepEqual(
    complaints.filter((text) => !text.includes('favicon')),
    [],
  );
}

test('examples/html: a script tag is enough', async () => {
  await withExample(
    (port) => serve('html', ['serve.mjs'], `http://127.0.0.1:${port}`, { PORT: String(port) }),
    signsInAndOut,
    // The page names the companion's usual address; here it has another port.
    (page, companion) =>
      page.route('http://127.0.0.1:8787/**', (route) =>
        route.continue({ url: route.request().url().replace('http://127.0.0.1:8787', new URL(companion).origin) }),
      ),
  );
});

for (const example of ['react', 'vue']) {
  test(`examples/${example}: built by Vite, it signs in and out`, async () => {
    await withExample(async (port, companion) => {
      await build(example, 'vite', { VITE_LOGIN_ENDPOINT: companion });
      const flags = ['--host', '127.0.0.1', '--strictPort', '--port', String(port)];
      return serve(example, ['vite', 'preview', ...flags], `http://127.0.0.1:${port}`);
    }, signsInAndOut);
  });
}
