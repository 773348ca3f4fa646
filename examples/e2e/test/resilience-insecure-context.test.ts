import assert from 'node:assert/strict';
import { test } from 'node:test';
import { serveSite, tag } from '../src/site.ts';
import { launch, stateIs } from '../src/world.ts';

test('on plain http it says that signing in is not possible here, tells the page why, and offers no retry', async () => {
  const site = await serveSite();
  const browser = await launch({ args: ['--host-resolver-rules=MAP shop.test 127.0.0.1'] });
  try {
    site.body = tag(`${site.origin}/wechat-login`);
    const page = await browser.newPage();
    const complaints: string[] = [];
    const asked: string[] = [];
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await page.addInitScript(() => {
      addEventListener('login-error', (event) => Object.assign(globalThis, { why: (event as CustomEvent).detail }));
    });
    await page.goto(site.origin.replace('127.0.0.1', 'shop.test'));
    assert.equal(await page.evaluate(() => isSecureContext), false);
    await stateIs(page, 'error');
    const { code, retryable, message } = await page.evaluate(
      () => (globalThis as unknown as { why: { code: string; retryable: boolean; message: string } }).why,
    );
    assert.deepEqual({ code, retryable }, { code: 'insecure_context', retryable: false });
    assert.match(message, /https/);
    assert.equal(await page.getByRole('group', { name: 'Sign in with WeChat' }).getByRole('status').count(), 1);
    assert.match(await page.getByRole('status').innerText(), /^Signing in isn’t possible here\s*$/);
    assert.equal(await page.getByRole('button').count(), 0);
    assert.deepEqual(
      asked.filter((path) => path.includes('wechat-login/')),
      [],
    );
    assert.deepEqual(
      complaints.filter((text) => !/favicon|404/.test(text)),
      [],
    );
  } finally {
    await browser.close();
    await site.close();
  }
});
