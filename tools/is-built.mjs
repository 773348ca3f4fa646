// Whether the build is there and newer than everything it is made of.
import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { root } from './local.mjs';

const PACKAGES = ['protocol', 'element', 'server', 'sandbox'];
/** The last file that each part of the build writes. */
const MADE = [
  'element/dist/wechat-follow-login.min.js',
  'element/custom-elements.json',
  'server/dist/cli.js',
  'sandbox/dist/node.js',
  'sandbox/dist/phone.js',
];

export function isBuilt() {
  const made = MADE.map((file) => path.join(root, 'packages', file));
  if (!made.every((file) => existsSync(file))) return false;
  const oldest = Math.min(...made.map(changed));
  return sources().every((file) => changed(file) <= oldest);
}

function sources() {
  const ofPackages = PACKAGES.flatMap((name) => {
    const dir = path.join(root, 'packages', name);
    const inside = readdirSync(path.join(dir, 'src'), { recursive: true }).filter((file) => !file.endsWith('.test.ts'));
    return [path.join(dir, 'package.json'), ...inside.map((file) => path.join(dir, 'src', file))];
  });
  return [
    ...ofPackages,
    ...['rollup.config.mjs', 'package-lock.json', 'tsconfig.json'].map((file) => path.join(root, file)),
  ];
}

function changed(file) {
  return statSync(file).mtimeMs;
}
