// Which files are tests. Expanded here because Node 20 takes no patterns, and of a folder runs the .js files only.
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { root } from './local.mjs';

/** Paths from the root, sorted. */
function filesBelow(dir, ending) {
  const start = path.join(root, dir);
  if (!existsSync(start)) return [];
  return readdirSync(start, { recursive: true })
    .filter((file) => file.endsWith(ending) && !/(^|[\\/])(node_modules|dist)[\\/]/.test(file))
    .map((file) => path.join(dir, file))
    .sort();
}

const packages = readdirSync(path.join(root, 'packages'));

export const nodeTests = () => [
  ...packages.flatMap((name) => [
    ...filesBelow(`packages/${name}/src`, '.test.ts'),
    ...filesBelow(`packages/${name}/test/node`, '.test.ts'),
  ]),
  ...filesBelow('examples/demo/src', '.test.ts'),
  ...filesBelow('examples/express/src', '.test.ts'),
  ...filesBelow('tools', '.test.mjs'),
];
export const browserTests = () =>
  filesBelow('packages/element/test', '.test.ts').filter((file) => !nodeTests().includes(file));
export const e2eTests = () => filesBelow('examples/e2e/test', '.test.ts');
