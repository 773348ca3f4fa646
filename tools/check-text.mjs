// Fails on text that belongs to one machine or one evening: registry hosts, absolute paths, notes to self.
import { execFileSync } from 'node:child_process';
import { sourceFiles, read, report } from './sources.mjs';

const NOT_FOR_EVERYONE = [
  [/\bregistry\.(?:npm|yarn)[\w.-]*\.\w+/i, 'names a package registry'],
  [/(?<![\w.~-])\/(?:work|root|home|Users)\/\w/, 'names a path of one machine'],
  [/\b(?:TO(?:DO)|FIX(?:ME)|XX(?:X))\b/, 'is a note to self: do it, or open an issue'],
];
const here = registryHost();
if (here)
  NOT_FOR_EVERYONE.push([new RegExp(`\\b${here.replace(/\W/g, '\\$&')}\\b`, 'i'), 'names the registry in use here']);

function registryHost() {
  try {
    const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
    const address = execFileSync(npm, ['config', 'get', 'registry'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const { hostname } = new URL(address.trim());
    return hostname === 'localhost' || hostname.startsWith('127.') ? undefined : hostname;
  } catch {
    return undefined;
  }
}

const files = sourceFiles().filter((file) => !/\.(png|jpe?g|gif|ico|woff2?|wasm)$/.test(file));
const complaints = files.flatMap((file) =>
  read(file)
    .split('\n')
    .flatMap((line, index) =>
      NOT_FOR_EVERYONE.filter(([pattern]) => pattern.test(line)).map(([, why]) => `${file}:${index + 1}: ${why}`),
    ),
);
report('text', `${files.length} files`, complaints);
