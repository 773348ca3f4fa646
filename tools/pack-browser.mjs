// The packed element in a real browser: from npm through a page's bundler, wrapped for React, and as a script tag.
import { createServer } from 'node:http';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { chromium } from 'playwright';
import { requireBrowser } from './local.mjs';

const ENDPOINT = `endpoint="/wechat-login" lang="en" manual`;
const PAGES = {
  '/define': {
    html: `<wechat-follow-login ${ENDPOINT}></wechat-follow-login>`,
    code: `import 'wechat-follow-login/define';`,
  },
  '/class': {
    html: `<my-login ${ENDPOINT}></my-login>`,
    code: `import { WechatFollowLogin } from 'wechat-follow-login';
      if (customElements.get('wechat-follow-login')) throw new Error('the import has registered the tag');
      customElements.define('my-login', class extends WechatFollowLogin {});`,
  },
  '/react': {
    html: '<div id="root"></div>',
    code: `import { createElement } from 'react';
      import { createRoot } from 'react-dom/client';
      import { WechatFollowLogin } from 'wechat-follow-login/react';
      const login = createElement(WechatFollowLogin, { endpoint: '/wechat-login', lang: 'en', manual: true });
      createRoot(document.getElementById('root')).render(login);`,
  },
  '/drop-in': {
    html: `<wechat-follow-login ${ENDPOINT}></wechat-follow-login>`,
    file: 'node_modules/wechat-follow-login/dist/wechat-follow-login.min.js',
  },
};

/** @param {string} home where the packages are installed @returns {Promise<string[]>} */
export async function complaintsOfBrowser(home) {
  const scripts = new Map();
  for (const [page, { code, file }] of Object.entries(PAGES)) {
    scripts.set(`${page}.js`, file ? readFileSync(path.join(home, file), 'utf8') : await bundle(home, code));
  }
  const server = createServer(({ url }, response) => {
    const script = scripts.get(url);
    const page = PAGES[url];
    response.writeHead(script || page ? 200 : 404, {
      'content-type': script ? 'text/javascript; charset=utf-8' : 'text/html; charset=utf-8',
    });
    response.end(script ?? (page ? `<!doctype html>${page.html}<script type="module" src="${url}.js"></script>` : ''));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { exe, env } = requireBrowser();
  const browser = await chromium.launch({ executablePath: exe, env: { ...process.env, ...env } });
  try {
    const complaints = [];
    for (const page of Object.keys(PAGES)) {
      complaints.push(...(await look(browser, `http://127.0.0.1:${server.address().port}${page}`)));
    }
    return complaints;
  } finally {
    await browser.close();
    server.closeAllConnections();
    server.close();
  }
}

async function bundle(home, contents) {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: home },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    define: { 'process.env.NODE_ENV': '"production"' },
    logLevel: 'error',
    logOverride: { 'module-level-directive': 'silent' }, // 'use client' is for those who render on a server
  });
  return outputFiles[0].text;
}

/** Registered, drawn, and said what it has to say. */
async function look(browser, address) {
  const page = await browser.newPage();
  const complaints = [];
  page.on('pageerror', (error) => complaints.push(`${address}: ${error}`));
  try {
    await page.goto(address);
    const card = page.locator('wechat-follow-login, my-login').locator('[part="card"]');
    await card.getByRole('button', { name: 'Show code' }).waitFor({ timeout: 10_000 });
    const { width } = (await card.boundingBox()) ?? { width: 0 };
    if (width < 100) complaints.push(`${address}: the card is ${width} px wide`);
  } catch (error) {
    complaints.push(`${address}: ${error.message}`);
  } finally {
    await page.close();
  }
  return complaints;
}
