// What the peers weigh, built the way ours is. Terser takes a minute over one of them, so the figures are kept until a version changes.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import commonjs from '@rollup/plugin-commonjs';
import { nodeResolve } from '@rollup/plugin-node-resolve';
import { minify } from '../../rollup.config.mjs';
import { weigh } from '../../tools/compressed.mjs';
import { cache, root } from '../../tools/local.mjs';
import { installPeers, versionOf } from '../support/peers.mjs';
import { standIn, weightOf } from './build.mjs';

const CODE = {
  'authing-js-sdk': `export { AuthenticationClient } from 'authing-js-sdk';`,
  '@authing/guard': `export { Guard } from '@authing/guard';`,
};
/** Minified by its makers, and needed beside the code. */
const GUARD_CSS = '@authing/guard/dist/esm/guard.min.css';

const kept = path.join(cache, 'peer-sizes.json');

/** Everything that the figures hang on. */
function fingerprint() {
  const { devDependencies } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  const hash = createHash('sha256').update(process.version).update(minify.toString());
  hash.update(JSON.stringify(Object.entries(devDependencies).filter(([name]) => name.includes('rollup'))));
  for (const file of ['bench/peers/package-lock.json', 'bench/size/peers.mjs', 'bench/size/build.mjs']) {
    hash.update(readFileSync(path.join(root, file)));
  }
  return hash.digest('hex');
}

/** @returns {Promise<{ rows: [string, { raw: number, gzip: number, brotli: number }][], isKept: boolean }>} */
export async function weighPeers({ fresh }) {
  const key = fingerprint();
  if (!fresh && existsSync(kept)) {
    const { key: keyThen, rows } = JSON.parse(readFileSync(kept, 'utf8'));
    if (keyThen === key) return { rows, isKept: true };
  }
  const home = installPeers();
  console.log('bench: building the peers, a minute or two …');
  const rows = await Promise.all(
    Object.entries(CODE).map(async ([name, source]) => [`${name} ${versionOf(name)}`, await weighPeer(home, source)]),
  );
  rows.push(['  and its CSS', weigh(readFileSync(path.join(home, 'node_modules', GUARD_CSS)))]);
  writeFileSync(kept, JSON.stringify({ key, rows }));
  return { rows, isKept: false };
}

/**
 * Our plugins less esbuild, which only takes types out of ours: these have none, and it would resolve axios's file for Node before
 * the `browser` field can name the one for browsers, to the peer's disadvantage.
 */
function weighPeer(home, source) {
  const input = path.join(home, 'size-of.js');
  return weightOf({
    input,
    plugins: [
      standIn(input, source),
      nodeResolve({ browser: true, exportConditions: ['production', 'module'], preferBuiltins: false }),
      commonjs(),
    ],
    onwarn(warning) {
      if (warning.code === 'UNRESOLVED_IMPORT') throw new Error(warning.message); // it would count for nothing
    },
  });
}
