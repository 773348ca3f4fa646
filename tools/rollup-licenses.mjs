// Writes the licence texts of what is bundled into a package's dist. They ask to be passed on, and the minifier
// drops them. Taken from what rollup really put in, so that the list cannot go stale.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './local.mjs';

/** Several builds write into one dist; their licences go into one file. */
const bundledInto = new Map();

/** A rollup plugin. @param {string} dir of the package, from the root */
export function bundledLicenses(dir) {
  const packages = bundledInto.get(dir) ?? new Set();
  bundledInto.set(dir, packages);
  return {
    name: 'bundled-licenses',
    generateBundle(_options, bundle) {
      for (const chunk of Object.values(bundle)) {
        for (const [id, { renderedLength }] of Object.entries(chunk.modules ?? {})) {
          const home = /^\0?(.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+)[\\/]/.exec(id)?.[1];
          if (home && renderedLength > 0) packages.add(home);
        }
      }
    },
    writeBundle() {
      if (packages.size === 0) return;
      const texts = [...packages].sort().map(licenseOf);
      writeFileSync(path.join(root, dir, 'dist/THIRD-PARTY-LICENSES.txt'), `${texts.join(`\n${'-'.repeat(78)}\n\n`)}`);
    },
  };
}

function licenseOf(home) {
  const { name, version, license } = JSON.parse(readFileSync(path.join(home, 'package.json'), 'utf8'));
  const file = readdirSync(home).find((entry) => /^licen[cs]e(\.|$)/i.test(entry));
  if (!file) throw new Error(`${name} is bundled, but its package holds no licence text to pass on`);
  return `${name} ${version} (${license})\n\n${readFileSync(path.join(home, file), 'utf8').trim()}\n`;
}
