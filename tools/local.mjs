// Where things are in this work tree, and what bootstrap found on this machine.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url)).replace(/[\\/]$/, '');

/** At the root and not in node_modules/.cache, which `npm ci` wipes. */
export const cache = path.join(root, '.cache');
const file = path.join(cache, 'local.json');

/** @typedef {{ exe: string, env: Record<string, string> }} Browser a Chromium, and what its environment needs in addition */

/** @returns {{ browser?: Browser }} empty before the first bootstrap */
export function readLocal() {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return {};
  }
}

/** @param {{ browser?: Browser }} found */
export function writeLocal(found) {
  mkdirSync(cache, { recursive: true });
  writeFileSync(file, `${JSON.stringify({ ...readLocal(), ...found }, null, 2)}\n`);
}

/** @returns {Browser} or throws, saying what to run */
export function requireBrowser() {
  const { browser } = readLocal();
  if (!browser) throw new Error('No browser is known here yet. Run: node tools/bootstrap.mjs --browser');
  return browser;
}
