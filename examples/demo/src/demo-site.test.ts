import assert from 'node:assert/strict';
import test from 'node:test';
import { serveDemoSite } from './demo-site.ts';

const neighbours = { companion: 'http://127.0.0.1:8081/wechat-login', sandbox: 'http://127.0.0.1:8082' };

test('the page allows its own files, its companion and the phone, and nothing else', async () => {
  const site = await serveDemoSite(0);
  try {
    site.meet(neighbours);
    const page = await fetch(`${site.origin}/?lang=en`);
    const policy = page.headers.get('content-security-policy') ?? '';
    for (const part of [
      `default-src 'none'`,
      `script-src 'self'`,
      `style-src 'self'`,
      'connect-src http://127.0.0.1:8081;',
      'frame-src http://127.0.0.1:8082;',
      `require-trusted-types-for 'script'`,
      'trusted-types lit-html',
    ]) {
      assert.ok(policy.includes(part), `${part} is not in ${policy}`);
    }
    assert.doesNotMatch(policy, /unsafe|\*/);
    const html = await page.text();
    assert.doesNotMatch(html, /<style|\sstyle=|<script>|\son\w+=/, 'nothing inline');
    for (const [, file] of html.matchAll(/(?:src|href)="(\/[\w.-]+\.(?:css|svg|js))"/g)) {
      if (file === '/wechat-follow-login.min.js') continue; // the build's
      assert.equal((await fetch(`${site.origin}${file}`)).status, 200, file);
    }
    assert.equal((await fetch(`${site.origin}/nothing-here`)).status, 404);
  } finally {
    await site.close();
  }
});

test('the gallery is as strict, talks to nobody, and every file that it asks for is there', async () => {
  const site = await serveDemoSite(0);
  try {
    for (const lang of ['en', 'zh-CN']) {
      const page = await fetch(`${site.origin}/gallery?lang=${lang}`);
      const policy = page.headers.get('content-security-policy') ?? '';
      assert.match(policy, /connect-src 'none'.*require-trusted-types-for 'script'/);
      assert.doesNotMatch(policy, /unsafe|\*/);
      const html = await page.text();
      assert.match(html, new RegExp(`<html lang="${lang}"`));
      assert.doesNotMatch(html, /<style|\sstyle=|<script>|\son\w+=|undefined/, 'nothing inline, no word missing');
      const asked = [...html.matchAll(/(?:src|href)="(\/[\w./-]+\.(?:css|svg|js))"/g)].map(([, file]) => file!);
      assert.ok(asked.length >= 6);
      for (let file; (file = asked.pop());) {
        if (file === '/wechat-follow-login.min.js') continue; // the build's
        const answer = await fetch(site.origin + file);
        assert.equal(answer.status, 200, file);
        for (const [, module] of (await answer.text()).matchAll(/from '\.(\/[\w-]+\.js)'/g)) {
          const { status } = await fetch(`${site.origin}/gallery${module}`);
          assert.equal(status, 200, module);
        }
      }
    }
    site.meet(neighbours);
    assert.match(await (await fetch(`${site.origin}/?lang=en`)).text(), /href="\/gallery\?lang=en"/);
    for (const path of ['/gallery/..%2fsite.css', '/gallery/nothing.js', '/demo-site.ts', '/gallery/']) {
      assert.equal((await fetch(site.origin + path)).status, 404, path);
    }
  } finally {
    await site.close();
  }
});

test('the hint beside the phone speaks of the number only where the chat asks for it', async () => {
  const site = await serveDemoSite(0);
  try {
    const hint = async (confirm: boolean): Promise<boolean> => {
      site.meet({ ...neighbours, confirm });
      return (await (await fetch(`${site.origin}/?lang=en`)).text()).includes('the number that the page shows');
    };
    assert.equal(await hint(true), true);
    assert.equal(await hint(false), false);
  } finally {
    await site.close();
  }
});

test('the language is the one asked for, else the one the browser prefers', async () => {
  const site = await serveDemoSite(0);
  try {
    site.meet(neighbours);
    const lang = async (path: string, accept: string): Promise<string | undefined> =>
      /<html lang="([^"]+)"/.exec(
        await (await fetch(`${site.origin}${path}`, { headers: { 'accept-language': accept } })).text(),
      )?.[1];
    assert.equal(await lang('/?lang=zh-CN', 'en'), 'zh-CN');
    assert.equal(await lang('/?lang=en', 'zh-CN'), 'en');
    assert.equal(await lang('/', 'zh-TW,en;q=0.5'), 'zh-CN');
    assert.equal(await lang('/', 'fr'), 'en');
  } finally {
    await site.close();
  }
});
