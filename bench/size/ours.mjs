// What the parts of the element weigh.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { codeOfDropIn, minifyDropIn } from '../../rollup.config.mjs';
import { root } from '../../tools/local.mjs';
import { difference, standIn, weightOf } from './build.mjs';

const home = path.join(root, 'packages/element');
const src = path.join(home, 'src');

const BORROWED = {
  lit: `export { LitElement, html, css, nothing } from 'lit';`,
  'qrcode core': `export { default as qr } from 'qrcode/lib/core/qrcode.js';`,
  nanoevents: `export { createNanoEvents } from 'nanoevents';`,
};

const dropIn = (...plugins) =>
  weightOf({ input: path.join(src, 'define.ts'), plugins: [...plugins, ...codeOfDropIn()] }, minifyDropIn());

/** Builds a source text as if it were a file of the element's. */
function text(source) {
  const input = path.join(src, 'size-of.js');
  return weightOf({ input, plugins: [standIn(input, source), ...codeOfDropIn()] }, minifyDropIn());
}

/**
 * What the drop-in would be lighter by without one of its files, and without whatever only that file needs. A part weighed alone
 * would look heavier than it is: compressed together, the parts share their words.
 */
async function without(whole, file, source) {
  return difference(whole, await dropIn(standIn(path.join(src, file), source)));
}

/** The same exports with nothing in them. */
function emptied(file) {
  const names = [...readFileSync(path.join(src, file), 'utf8').matchAll(/^export const (\w+)/gm)].map(
    ([, name]) => name,
  );
  if (names.length === 0) throw new Error(`${file}: no "export const" that could be left out`);
  return names.map((name) => `export const ${name} = {};`).join('\n');
}

/** @returns rows of name and weight, and the weights of the whole drop-in and of the npm entry */
export async function weighOurs() {
  const whole = await dropIn();
  const borrowed = await text(Object.values(BORROWED).join('\n'));
  const ours = difference(whole, borrowed);
  const rows = [];
  for (const [name, source] of Object.entries(BORROWED)) rows.push([name, await text(source)]);
  rows.push(['these three together', borrowed], ['ours (what is left)', ours]);

  const parts = [
    // It keeps the borrowed part that only the flow uses, or nanoevents would be counted twice.
    ['flow', 'login-flow.ts', `${BORROWED.nanoevents}\nexport class LoginFlow {}`],
    ['styles', 'styles.ts', emptied('styles.ts')],
    ...readdirSync(path.join(src, 'strings'))
      .filter((file) => /^[\w-]+\.ts$/.test(file))
      .map((file) => [`words ${path.basename(file, '.ts')}`, `strings/${file}`, emptied(`strings/${file}`)]),
  ];
  const weighed = [];
  for (const [name, file, source] of parts) weighed.push([`  ${name}`, await without(whole, file, source)]);
  rows.push(...weighed, ['  element (the rest)', difference(ours, ...weighed.map(([, weight]) => weight))]);
  return { rows, whole, npm: await npmEntry() };
}

/** What a bundler makes of `wechat-follow-login/define` as published, beside the dependencies that npm installs with it. */
function npmEntry() {
  const { dependencies } = JSON.parse(readFileSync(path.join(home, 'package.json'), 'utf8'));
  const installed = Object.keys(dependencies);
  return weightOf({
    input: path.join(home, 'dist/define.js'),
    external: (id) => installed.some((name) => id === name || id.startsWith(`${name}/`)),
    onwarn(warning) {
      throw new Error(warning.message); // an import that is no dependency would count for nothing
    },
  });
}
