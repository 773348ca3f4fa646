// One way from an entry to bytes, for ours and for everybody else's.
import path from 'node:path';
import { rollup } from 'rollup';
import { minify } from '../../rollup.config.mjs';
import { weigh } from '../../tools/compressed.mjs';

/** @param {import('rollup').RollupOptions} options what the one chunk that they make weighs, minified */
export async function weightOf(options, minified = minify()) {
  const made = await rollup(options);
  const { output } = await made.generate({ format: 'es', inlineDynamicImports: true, plugins: [minified] });
  await made.close();
  return weigh(output[0].code);
}

/** Stands in for `file`, as an entry or where others import it, whether there is such a file or not. */
export function standIn(file, source) {
  // Under a name that no plugin knows: what rewrites the original must leave this alone. Beside it, so that its imports are found.
  const imported = `${file}?stand-in`;
  return {
    name: 'stand-in',
    resolveId(id, importer) {
      if (id === file) return id;
      return importer && path.resolve(path.dirname(importer), id) === file ? imported : null;
    },
    load: (id) => (id === file || id === imported ? source : null),
  };
}

/** What the first has more than the others together. */
export function difference(weight, ...others) {
  return Object.fromEntries(
    Object.entries(weight).map(([key, bytes]) => [key, others.reduce((left, other) => left - other[key], bytes)]),
  );
}
