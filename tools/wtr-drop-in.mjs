// A web-test-runner plugin under which tests that import the element's source meet the drop-in instead: it carries its own
// stand-in for Lit's element and shortened names, and must behave like what npm users get.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { root } from './local.mjs';

const SOURCE = '/packages/element/src/define.ts';
const DROP_IN = path.join(root, 'packages/element/dist/wechat-follow-login.min.js');

export function serveDropIn() {
  return {
    name: 'drop-in',
    async serve({ path: url }) {
      return url === SOURCE ? { body: await readFile(DROP_IN, 'utf8'), type: 'js' } : undefined;
    },
  };
}
