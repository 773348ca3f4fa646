// Makes a bare clone ready to run: dependencies, and with --browser a Chromium. Node's own modules only, since it runs
// before anything is installed. Says nothing and costs nothing when all is in place.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { findBrowser } from './find-browser.mjs';
import { root, writeLocal } from './local.mjs';
import { npm } from './run.mjs';

const OLDEST_NODE = [20, 19];

/** @param {{ browser?: boolean }} [needs] */
export async function bootstrap({ browser = false } = {}) {
  requireNode();
  installDependencies();
  if (browser) writeLocal({ browser: await findBrowser() });
}

function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  const [oldestMajor, oldestMinor] = OLDEST_NODE;
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return;
  throw new Error(`Node ${OLDEST_NODE.join('.')} or newer is needed; this is ${process.versions.node}`);
}

/** Of what an installation depends on: another platform needs other binaries from the same lock. */
function wantedStamp() {
  const lock = readFileSync(path.join(root, 'package-lock.json'));
  return createHash('sha256').update(lock).update(`${process.platform} ${process.arch}`).digest('hex');
}

function installDependencies() {
  const stamp = path.join(root, 'node_modules/.bootstrapped');
  const wanted = wantedStamp();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  console.log('bootstrap: installing dependencies (npm ci) …');
  const env = { ...process.env, PUPPETEER_SKIP_DOWNLOAD: '1', PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD: '1' };
  const { status } = npm(['ci', '--no-audit', '--no-fund', '--prefer-offline'], { env });
  if (status !== 0) throw new Error('npm ci failed; its message is above');
  writeFileSync(stamp, wanted);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const unknown = process.argv.slice(2).filter((flag) => flag !== '--browser');
  if (unknown.length > 0) {
    console.error(`bootstrap: unknown flag ${unknown.join(', ')}; expected nothing or --browser`);
    process.exit(2);
  }
  try {
    await bootstrap({ browser: process.argv.includes('--browser') });
  } catch (error) {
    console.error(`bootstrap: ${error.message}`);
    process.exit(1);
  }
}
