// `npm run bench`: every bench, one after the other on a machine that should do nothing else. Builds first where the build is older than
// the sources; fails when one of them fails.
import { bootstrap } from '../tools/bootstrap.mjs';
import { isBuilt } from '../tools/is-built.mjs';
import { run } from '../tools/run.mjs';

const node = (file) => run(process.execPath, [file]).status === 0;

await bootstrap({ browser: true });
if (!isBuilt() && !node('tools/build.mjs')) process.exit(1);
for (const name of ['size', 'race', 'paint', 'push-latency']) {
  console.log(`\n== ${name}`);
  if (!node(`bench/${name}.mjs`)) process.exitCode = 1;
}
