// Lit as the drop-in carries it: nobody else uses this copy, so it announces itself to nobody.
import path from 'node:path';
import { root } from './local.mjs';

const STAND_IN = path.join(root, 'packages/element/build/lit-drop-in.js');
/** lit-html adds its version to a list on `globalThis`, and looks there for a polyfill's hook. */
const ANNOUNCEMENT = /\(\w+\.litHtmlVersions\?\?=\[\]\)\.push\("[\d.]+"\)/;
const HOOK = /\w+\.litHtmlPolyfillSupport/;

/** A rollup plugin. Fails the build where a new version of lit-html no longer reads as expected. */
export function litForOurselves() {
  return {
    name: 'lit-for-ourselves',
    resolveId: (id) => (id === 'lit' ? STAND_IN : null),
    transform(code, id) {
      if (!/[\\/]node_modules[\\/]lit-html[\\/]lit-html\.js$/.test(id)) return null;
      if (!ANNOUNCEMENT.test(code) || !HOOK.test(code))
        throw new Error(`${id} is not the lit-html that this plugin knows`);
      return { code: code.replace(ANNOUNCEMENT, '0').replace(HOOK, 'void 0'), map: null };
    },
  };
}
