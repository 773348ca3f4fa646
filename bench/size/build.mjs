// One way from an entry to bytes, for ours and for everybody else's.
import { rollup } from 'rollup';
import { minify } from '../../rollup.config.mjs';
import { weigh } from '../../tools/compressed.mjs';

/** @param {import('rollup').RollupOptions} options what the one chunk that they make weighs, minified as the drop-in is */
export async function weightOf(options) {
  const made = await rollup(options);
  const { output } = await made.generate({ format: 'es', inlineDynamicImports: true, plugins: [minify()] });
  await made.close();
  return weigh(output[0].code);
}

/** Stands in for the file at `path`, whether there is one or not. */
export function standIn(path, source) {
  return {
    name: 'stand-in',
    resolveId: (id) => (id === path ? id : null),
    load: (id) => (id === path ? source : null),
  };
}

/** What the first has more than the others together. */
export function difference(weight, ...others) {
  return Object.fromEntries(
    Object.entries(weight).map(([key, bytes]) => [key, others.reduce((left, other) => left - other[key], bytes)]),
  );
}
