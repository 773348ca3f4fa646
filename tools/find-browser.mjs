// Finds a Chromium that really starts: a file of that name may be a stub, or lack its libraries.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { aptInstall } from './apt.mjs';
import { readLocal, root } from './local.mjs';
import { npmChromium } from './npm-chromium.mjs';
import { run } from './run.mjs';

const START_DEADLINE_MS = 20_000;

/** @returns {Promise<import('./local.mjs').Browser>} the first that starts; throws with the remedies when none does */
export async function findBrowser() {
  const named = process.env.CHROME_PATH;
  if (named) {
    if (await starts({ exe: named, env: {} })) return { exe: named, env: {} };
    throw new Error('CHROME_PATH is set, but what it names does not start as a Chromium with remote debugging');
  }
  for (const find of [
    () => readLocal().browser,
    () => ofTheSystem(),
    () => ofPlaywright(),
    () => npmChromium(),
    () => installedByPlaywright(),
    () => installedByApt(),
  ]) {
    for (const browser of [await find()].flat().filter(Boolean)) {
      if (await starts(browser)) return browser;
    }
  }
  throw new Error(
    'No Chromium could be found or installed. Either set CHROME_PATH to one, or install one ' +
      '(Debian: apt-get install chromium fonts-wqy-microhei), or run: npx playwright install chromium',
  );
}

const SYSTEM_NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge'];
const SYSTEM_PLACES = {
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  ],
  win32: ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA'].flatMap((name) =>
    ['Google/Chrome', 'Microsoft/Edge'].map((vendor) =>
      path.join(process.env[name] ?? '', vendor, 'Application', vendor.endsWith('Edge') ? 'msedge.exe' : 'chrome.exe'),
    ),
  ),
};

function ofTheSystem() {
  const onPath = (process.env.PATH ?? '')
    .split(path.delimiter)
    .filter(Boolean)
    .flatMap((dir) => SYSTEM_NAMES.map((name) => path.join(dir, name)));
  return [...(process.platform === 'win32' ? [] : onPath), ...(SYSTEM_PLACES[process.platform] ?? [])]
    .filter((exe) => existsSync(exe))
    .map((exe) => ({ exe, env: {} }));
}

async function ofPlaywright() {
  // Imported late: before `npm ci` there is none.
  const { chromium } = await import('playwright');
  const exe = chromium.executablePath();
  return exe && existsSync(exe) ? { exe, env: {} } : undefined;
}

async function installedByPlaywright() {
  // Never --with-deps: it fetches 110 system packages before it finds out that the browser cannot be had.
  const cli = createRequire(path.join(root, 'package.json')).resolve('playwright/package.json');
  if (run(process.execPath, [path.join(path.dirname(cli), 'cli.js'), 'install', 'chromium']).status) return undefined;
  return ofPlaywright();
}

function installedByApt() {
  return aptInstall('chromium', 'fonts-wqy-microhei') ? ofTheSystem() : undefined;
}

/** Whether it comes up and listens for a debugger. (`--dump-dom` would hang in the Chromium of the npm package.) */
function starts({ exe, env }) {
  const profile = mkdtempSync(path.join(os.tmpdir(), 'browser-probe-'));
  const child = spawn(
    exe,
    [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      `--user-data-dir=${profile}`,
      '--remote-debugging-port=0',
      'about:blank',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, ...env } },
  );
  return new Promise((resolve) => {
    let heard = '';
    let up = false;
    const deadline = setTimeout(() => child.kill('SIGKILL'), START_DEADLINE_MS);
    child.stderr.on('data', (text) => {
      heard += text;
      if (up || !heard.includes('DevTools listening on ws:')) return;
      up = true;
      child.kill('SIGKILL');
    });
    const end = () => {
      clearTimeout(deadline);
      rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
      resolve(up);
    };
    child.once('error', end);
    child.once('close', end);
  });
}
