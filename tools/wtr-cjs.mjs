// A CommonJS file served to the test browser as one ES module: default export = module.exports.
import { realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { build } from 'esbuild';
import { root } from './local.mjs';

/** A web-test-runner plugin. Stands before esbuildPlugin: the first `serve` wins. */
export function bundleCommonJs(specifier) {
  const file = realpathSync(createRequire(path.join(root, 'package.json')).resolve(specifier));
  let body;
  return {
    name: 'bundle-commonjs',
    async serve({ path: url }) {
      if (path.join(root, decodeURIComponent(url)) !== file) return undefined;
      body ??= (await build({ entryPoints: [file], bundle: true, format: 'esm', platform: 'browser', write: false }))
        .outputFiles[0].text;
      return { body, type: 'js' };
    },
  };
}
