// Finds what the tests need of Firefox and WebKit beside the Chromium of find-browser.mjs.
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { aptInstall } from './apt.mjs';

const MAC_FIREFOX = '/Applications/Firefox.app/Contents/MacOS/firefox';

/** @returns {string} its executable; throws with the remedies */
export function findFirefox() {
  const named = process.env.FIREFOX_PATH;
  if (named && !existsSync(named)) throw new Error('FIREFOX_PATH is set, but names no file');
  const installed = () =>
    named ?? onPath('firefox-esr') ?? onPath('firefox') ?? (existsSync(MAC_FIREFOX) ? MAC_FIREFOX : undefined);
  const found = installed() ?? (aptInstall('firefox-esr', 'fonts-wqy-microhei') ? installed() : undefined);
  if (found) return found;
  throw new Error(
    'No Firefox could be found or installed. Either set FIREFOX_PATH to one, or install one (Debian: apt-get install ' +
      'firefox-esr fonts-wqy-microhei), or name the other browsers alone: npm run test:browsers -- chromium webkit',
  );
}

/**
 * WebKit runs as WebKitGTK's own little browser, on a screen that nobody sees. Throws with the remedies.
 * @returns {{ driver: string, browser: string, display: string }}
 */
export function findWebKit() {
  const installed = () => {
    const [driver, browser, display] = [onPath('WebKitWebDriver'), miniBrowser(), onPath('Xvfb')];
    return driver && browser && display ? { driver, browser, display } : undefined;
  };
  const found =
    installed() ?? (aptInstall('webkit2gtk-driver', 'xvfb', 'fonts-wqy-microhei') ? installed() : undefined);
  if (found) return found;
  throw new Error(
    'WebKitGTK with its WebDriver and Xvfb could not be found or installed. Either install them (Debian: apt-get install ' +
      'webkit2gtk-driver xvfb fonts-wqy-microhei; other systems than Linux have none), or name the other browsers alone: ' +
      'npm run test:browsers -- chromium firefox',
  );
}

function onPath(name) {
  return (process.env.PATH ?? '')
    .split(path.delimiter)
    .filter(Boolean)
    .map((dir) => path.join(dir, name))
    .find((file) => existsSync(file));
}

/** It stands beside the library: /usr/lib/x86_64-linux-gnu/webkit2gtk-4.1 in Debian, without the middle part elsewhere. */
function miniBrowser() {
  const below = (dir) => (existsSync(dir) ? readdirSync(dir).map((name) => path.join(dir, name)) : []);
  return ['/usr/lib', '/usr/lib64', '/usr/libexec']
    .flatMap((dir) => [
      ...below(dir),
      ...below(dir)
        .filter((place) => place.endsWith('-linux-gnu'))
        .flatMap(below),
    ])
    .filter((place) => /[\\/]webkit2?gtk-[\d.]+$/.test(place))
    .map((place) => path.join(place, 'MiniBrowser'))
    .filter((file) => existsSync(file))
    .sort()
    .at(-1); // where there are several, the newest interface
}
