// What each part of the drop-in file weighs, built in this run the way the drop-in is.
import path from 'node:path';
import { rollup } from 'rollup';
import { codeOfDropIn, minifyDropIn } from '../rollup.config.mjs';
import { inWords, weigh } from '../tools/compressed.mjs';
import { root } from '../tools/local.mjs';

const PARTS = {
  lit: `export { LitElement, html, css, nothing } from 'lit';`,
  'qrcode core': `export { default as qr } from 'qrcode/lib/core/qrcode.js';`,
  nanoevents: `export { createNanoEvents } from 'nanoevents';`,
};

async function build(input, plugins = []) {
  const bundle = await rollup({
    input,
    plugins: [...plugins, ...codeOfDropIn()],
  });
  const { output } = await bundle.generate({ format: 'es', plugins: [minifyDropIn()] });
  await bundle.close();
  return weigh(output[0].code);
}

/** Builds a source text as if it were a file of the element's. */
function buildText(source) {
  const entry = path.join(root, 'packages/element/src/size-of.js');
  const text = {
    name: 'text',
    resolveId: (id) => (id === entry ? id : null),
    load: (id) => (id === entry ? source : null),
  };
  return build(entry, [text]);
}

const whole = await build(path.join(root, 'packages/element/src/define.ts'));
const borrowed = await buildText(Object.values(PARTS).join('\n'));
const rest = Object.fromEntries(Object.keys(whole).map((key) => [key, whole[key] - borrowed[key]]));
const rows = [];
for (const [name, source] of Object.entries(PARTS)) rows.push([name, await buildText(source)]);
rows.push(['these three together', borrowed], ['ours (what is left)', rest], ['drop-in', whole]);
for (const [name, weight] of rows) console.log(`${name.padEnd(22)}${inWords(weight)}`);
