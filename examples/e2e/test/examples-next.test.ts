import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright';
import { authingSettings, importBuilt } from '../../clouds/src/clouds.ts';
import { freePortFrom } from '../../demo/src/listen-from.ts';
import { build, serve } from '../src/example-server.ts';
import { codeOnScreen, launch, stateIs } from '../src/world.ts';

let browser: Browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

test('examples/next: the cookie of the companion becomes a session of the server, and no token reaches the page', async () => {
  await build('next', 'next');
  const sandbox = await (await importBuilt()).serveSandbox({ port: 0 });
  const port = await freePortFrom(0);
  const origin = `http://localhost:${port}`; // by that name a browser takes Secure cookies without https
  const server = await serve(
    'next',
    ['next', 'start', '--hostname', '127.0.0.1', '--port', String(port)],
    `http://127.0.0.1:${port}`,
    {
      ...authingSettings(sandbox),
      ALLOWED_ORIGINS: origin,
      COMPANION_SECRETS: randomBytes(32).toString('hex'),
      SESSION_SECRET: randomBytes(32).toString('hex'),
    },
  );
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    const complaints: string[] = [];
    const answers: Promise<string>[] = [];
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('response', (response) => answers.push(response.text().catch(() => '')));
    const html = await (await fetch(`http://127.0.0.1:${port}`)).text();
    assert.match(html, /<wechat-follow-login [^>]*endpoint="\/wechat-login"/);

    await page.goto(origin);
    const text = await codeOnScreen({ page });
    await sandbox.sandbox.phone.scan(text, 'alice');
    await sandbox.sandbox.phone.follow('alice');
    await page.getByText('Signed in as').waitFor();
    const sub = await page.locator('code').innerText();
    assert.match(sub, /^\w{10,}$/);

    const cookies = await context.cookies(origin);
    assert.deepEqual(
      cookies.map(({ name, httpOnly, secure }) => ({ name, httpOnly, secure })),
      [{ name: '__Host-session', httpOnly: true, secure: true }],
    );
    for (const answer of answers) assert.ok(!/eyJ[\w-]+\.eyJ/.test(await answer)); // how every JWT begins

    // Rendered on the server, for whoever brings the session.
    await page.reload();
    assert.equal(await page.locator('code').innerText(), sub);
    assert.equal(await page.locator('wechat-follow-login').count(), 0);

    await page.getByRole('button', { name: 'Sign out' }).click();
    await stateIs(page, 'ready');
    await page.reload();
    await stateIs(page, 'ready');
    assert.deepEqual(await context.cookies(origin), []);
    assert.deepEqual(
      complaints.filter((complaint) => !complaint.includes('favicon')),
      [],
    );
  } finally {
    await context.close();
    await server.stop();
    await sandbox.close();
  }
});

test('examples/next: without the cookie nobody gets a session', async () => {
  const port = await freePortFrom(0);
  const url = `http://127.0.0.1:${port}`;
  const server = await serve('next', ['next', 'start', '--hostname', '127.0.0.1', '--port', String(port)], url, {
    COMPANION_SECRETS: randomBytes(32).toString('hex'),
    SESSION_SECRET: randomBytes(32).toString('hex'),
  });
  try {
    for (const cookie of ['', '__Host-wechat-login=forged']) {
      const answer = await fetch(`${url}/session`, { method: 'POST', headers: { cookie } });
      assert.equal(answer.status, 401);
      assert.equal(answer.headers.get('set-cookie'), null);
    }
  } finally {
    await server.stop();
  }
});
