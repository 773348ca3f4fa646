// packages/element/custom-elements.json, which editors and documentation tools read, and what VS Code wants of it.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { writeEditorData } from './editor-data.mjs';
import { root } from './local.mjs';
import { bin, run } from './run.mjs';

const home = path.join(root, 'packages/element');

/** Source file → where the published package has what it declares. Everything else is our own business. */
const PUBLISHED = new Map([
  ['src/wechat-follow-login.ts', 'dist/index.js'],
  ['src/define.ts', 'dist/define.js'],
]);

export function writeManifest() {
  const analyze = ['analyze', '--litelement', '--quiet', '--globs', 'src/**/*.ts', '--exclude', 'src/**/*.test.ts'];
  const { status } = run(process.execPath, [bin('@custom-elements-manifest/analyzer', 'cem'), ...analyze], {
    cwd: home,
  });
  if (status !== 0) throw new Error('the custom-elements manifest could not be made; its message is above');
  const file = path.join(home, 'custom-elements.json');
  const manifest = JSON.parse(readFileSync(file, 'utf8'));
  manifest.modules = manifest.modules.filter(({ path: source }) => PUBLISHED.has(source)).map(asPublished);
  if (manifest.modules.length !== PUBLISHED.size) {
    throw new Error(`the manifest must describe ${[...PUBLISHED.keys()].join(' and ')}`);
  }
  writeFileSync(file, `${JSON.stringify(manifest, null, 2)}\n`);
  writeEditorData(home, manifest);
}

function asPublished(module) {
  const text = JSON.stringify(module, (key, value) => {
    if (key === 'members' || key === 'attributes') return value.filter(({ privacy }) => privacy !== 'private');
    if (key === 'path' || key === 'module') return PUBLISHED.get(value.replace(/^\//, '')) ?? value;
    return value;
  });
  return JSON.parse(text);
}
