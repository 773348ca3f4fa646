// Every check there is, in the order in which they fail fastest. `afterBuild` ones look at dist.
import { bin } from './run.mjs';

const node = (...args) => ({ command: process.execPath, args });

export const CHECKS = [
  { name: 'lock', ...node('tools/check-lock.mjs') },
  { name: 'text', ...node('tools/check-text.mjs') },
  { name: 'format', ...node(bin('prettier'), '--check', '--log-level=warn', '.') },
  { name: 'types', ...node(bin('typescript', 'tsc'), '-p', 'tsconfig.json') },
  { name: 'lint', ...node(bin('oxlint'), '--deny-warnings', '.') },
  { name: 'imports', ...node('tools/check-imports.mjs') },
  { name: 'knip', ...node(bin('knip'), '--no-progress') },
  { name: 'snippet', ...node('tools/readme-snippet.mjs', '--check'), afterBuild: true },
  { name: 'size', ...node('tools/check-size.mjs'), afterBuild: true },
  ...['element', 'server', 'sandbox'].map((name) => ({
    name: `publint ${name}`,
    ...node(bin('publint'), 'run', `packages/${name}`, '--strict'),
    afterBuild: true,
  })),
  { name: 'frameworks', ...node('tools/check-frameworks.mjs'), afterBuild: true },
  { name: 'pack', ...node('tools/check-pack.mjs'), afterBuild: true },
];
