// `npm run build`: the three packages' dist, from nothing, the element's manifest, and the script tag of the READMEs.
import { copyFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { bin, run } from './run.mjs';
import { root } from './local.mjs';
import { writeManifest } from './manifest.mjs';
import { writeSnippets } from './readme-snippet.mjs';

for (const name of ['element', 'server', 'sandbox']) {
  // npm packs a licence that lies in the package, not the repository's.
  copyFileSync(path.join(root, 'LICENSE'), path.join(root, 'packages', name, 'LICENSE'));
  rmSync(path.join(root, 'packages', name, 'dist'), { recursive: true, force: true });
}
const { status } = run(process.execPath, [bin('rollup'), '-c', '--silent']);
if (status !== 0) process.exit(status ?? 1);
writeManifest();
writeSnippets();
console.log('built packages/{element,server,sandbox}/dist');
