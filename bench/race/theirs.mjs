// The peer in a page of a real browser, unmodified: it draws on a canvas and waits for images, so nothing less than a page runs it.
import { fileURLToPath } from 'node:url';
import path from 'node:path';
import { build } from 'esbuild';
import { chromium } from 'playwright';
import { requireBrowser } from '../../tools/local.mjs';
import { installPeers, versionOf } from '../support/peers.mjs';

const PAGE = 'https://shop.example/'; // secure, as a page that signs people in is; nothing of it is fetched
const here = (file) => fileURLToPath(new URL(file, import.meta.url));

/** @returns {Promise<{ version: string, run(trace): Promise<import('./traces.mjs').Outcome>, close(): Promise<void> }>} */
export async function openPeer() {
  const home = installPeers();
  const { outputFiles } = await build({
    entryPoints: [here('./peer-page.mjs')],
    inject: [here('./set-immediate.mjs')],
    bundle: true,
    format: 'iife',
    platform: 'browser',
    conditions: ['production', 'module'],
    alias: { 'authing-js-sdk': path.join(home, 'node_modules/authing-js-sdk') },
    write: false,
    logLevel: 'error',
  });
  const { exe, env } = requireBrowser();
  const browser = await chromium.launch({ executablePath: exe, env: { ...process.env, ...env } });
  const page = await browser.newPage();
  await page.route('**/*', (route) =>
    route.request().url() === PAGE
      ? route.fulfill({ contentType: 'text/html', body: '<!doctype html><div id="qr"></div>' })
      : route.abort(),
  );
  await page.goto(PAGE);
  await page.addScriptTag({ content: outputFiles[0].text });
  return {
    version: versionOf('authing-js-sdk'),
    run: (trace) => page.evaluate((one) => globalThis.runPeer(one), trace),
    close: () => browser.close(),
  };
}
