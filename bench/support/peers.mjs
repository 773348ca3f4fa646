// Other people's widgets for the same job, which the benches weigh and race beside ours. They have a lock of their own and are
// installed when a bench first needs them: at the root they would bring a second React, and 50 MB to everybody's `npm ci`.
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { cache, root } from '../../tools/local.mjs';
import { npm } from '../../tools/run.mjs';

const listed = path.join(root, 'bench/peers');
const home = path.join(cache, 'peers');

/** @returns {string} the folder under which the peers' `node_modules` lies */
export function installPeers() {
  const lock = createHash('sha256')
    .update(readFileSync(path.join(listed, 'package-lock.json')))
    .digest('hex');
  const ready = path.join(home, 'ready');
  if (existsSync(ready) && readFileSync(ready, 'utf8') === lock) return home;
  console.log('bench: installing the peers …');
  rmSync(home, { recursive: true, force: true });
  mkdirSync(home, { recursive: true });
  cpSync(listed, home, { recursive: true }); // with the lock: integrity is checked
  // None of their install scripts is needed to read their code, so none is run.
  const { status } = npm(['ci', '--prefix', home, '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: home });
  if (status !== 0) throw new Error('the peers cannot be installed: npm ci in .cache/peers has failed');
  writeFileSync(ready, lock);
  return home;
}

/** @returns {string} the version that is installed, for the bench to print */
export function versionOf(name) {
  return JSON.parse(readFileSync(path.join(home, 'node_modules', name, 'package.json'), 'utf8')).version;
}
