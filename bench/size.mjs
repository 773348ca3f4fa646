// What each part of the drop-in file weighs, built in this run the way the drop-in is.
import path from 'node:path';
import { rollup } from 'rollup';
import { forBrowser, minify } from '../rollup.config.mjs';
import commonjs from '@rollup/plugin-commonjs';
import { nodeResolve } from '@rollup/plugin-node-resolve';
import esbuild from 'rollup-plugin-esbuild';
import { inWords, weigh } from '../tools/compressed.mjs';
import { root } from '../tools/local.mjs';

const PARTS = {
  lit: `export { LitElement, html, css, svg, nothing } from 'lit'; export { property, state } from 'lit/decorators.js';`,
  'qrcode core': `export { default as qr } from 'qrcode/lib/core/qrcode.js';`,
  nanoevents: `export { createNanoEvents } from 'nanoevents';`,
};
const ALL = Object.values(PARTS).join('\n');
const DROP_IN = `import '${path.join(root, 'packages/element/src/define.ts').replaceAll('\\', '/')}';`;

async function build(source) {
  const entry = path.join(root, 'packages/element/src/size-of.js'); // resolves as the element's own files do
  const bundle = await rollup({
    input: entry,
    plugins: [
      { name: 'entry', resolveId: (id) => (id === entry ? id : null), load: (id) => (id === entry ? source : null) },
      nodeResolve({ extensions: ['.ts', '.mjs', '.js'], ...forBrowser }),
      commonjs(),
      esbuild({ target: 'es2022', tsconfig: path.join(root, 'tsconfig.json') }),
    ],
  });
  const { output } = await bundle.generate({ format: 'es', plugins: [minify()] });
  await bundle.close();
  return weigh(output[0].code);
}

const whole = await build(DROP_IN);
const borrowed = await build(ALL);
const rest = Object.fromEntries(Object.keys(whole).map((key) => [key, whole[key] - borrowed[key]]));
const rows = [];
for (const [name, source] of Object.entries(PARTS)) rows.push([name, await build(source)]);
rows.push(['these three together', borrowed], ['ours (what is left)', rest], ['drop-in', whole]);
for (const [name, weight] of rows) console.log(`${name.padEnd(22)}${inWords(weight)}`);
