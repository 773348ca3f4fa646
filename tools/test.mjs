// `npm test`: everything from a bare clone. `npm test -- node|browser|e2e` runs a part, with what that part needs.
import { pathToFileURL } from 'node:url';
import path from 'node:path';
import { bootstrap } from './bootstrap.mjs';
import { root } from './local.mjs';
import { bin, run, runAndRead } from './run.mjs';
import { browserTests, e2eTests, nodeTests } from './test-files.mjs';

/** A file that takes longer has left something open. */
const FILE_DEADLINE_MS = 240_000;

const RUNNERS = {
  node: () => nodeRunner(nodeTests()),
  browser: () => webTestRunner(),
  'drop-in': () => webTestRunner({ env: { ...process.env, TEST_DROP_IN: '1' } }),
  e2e: () => nodeRunner(e2eTests(), ['--test-concurrency=1']), // each starts servers and a browser of its own
};
export const PARTS = Object.keys(RUNNERS);

/** Bootstrap and build must have run. @returns {Promise<{ passed: number, failed: number }>} none at all is a failure */
export async function runPart(name) {
  const { passed, failed } = await RUNNERS[name]();
  if (passed + failed > 0) return { passed, failed };
  console.error(`${name}: no test ran`);
  return { passed: 0, failed: 1 };
}

async function test(names) {
  await bootstrap({ browser: names.some((name) => name !== 'node') });
  // The tests of the command lines, of the manifest and end to end look at what is shipped.
  if (run(process.execPath, ['tools/build.mjs']).status !== 0) throw new Error('the build failed');
  const totals = { passed: 0, failed: 0 };
  for (const name of names) {
    console.log(`\n== ${name} tests`);
    const { passed, failed } = await runPart(name);
    totals.passed += passed;
    totals.failed += failed;
  }
  return totals;
}

async function nodeRunner(files, options = []) {
  // Without files Node would look for some by itself.
  if (files.length === 0) return { passed: 0, failed: 0 };
  const { status, output } = await runAndRead(
    process.execPath,
    ['--import', tsx(), '--test', '--test-reporter=spec', `--test-timeout=${FILE_DEADLINE_MS}`, ...options, ...files],
    { echo: true },
  );
  // The last such line: a test may run a runner itself.
  const count = (word) => Number([...output.matchAll(new RegExp(`^\\S* ?${word} (\\d+)$`, 'gm'))].at(-1)?.[1] ?? 0);
  return soundly('the node test runner', status, {
    passed: count('pass'),
    failed: count('fail') + count('cancelled'),
  });
}

/** `options` are those of the child process. */
export async function webTestRunner(options = {}) {
  if (browserTests().length === 0) return { passed: 0, failed: 0 };
  const runner = [bin('@web/test-runner', 'wtr')];
  const { status, output } = await runAndRead(process.execPath, runner, { echo: true, ...options });
  const [, passed = 0, failed = 0] = /^(\d+) passed, (\d+) failed$/m.exec(output) ?? [];
  return soundly('the browser test runner', status, { passed: Number(passed), failed: Number(failed) });
}

/** A runner that exits with an error and counts none has failed all the same. */
function soundly(runner, status, { passed, failed }) {
  if (status === 0 || failed > 0) return { passed, failed };
  console.error(`${runner} ended with exit code ${status} and counted no failed test`);
  return { passed, failed: 1 };
}

function tsx() {
  return pathToFileURL(path.join(root, 'node_modules/tsx/dist/loader.mjs')).href;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const asked = process.argv.slice(2);
  const unknown = asked.filter((name) => !PARTS.includes(name));
  if (unknown.length > 0) {
    console.error(`test: unknown part ${unknown.join(', ')}; expected any of ${PARTS.join(', ')}`);
    process.exit(2);
  }
  try {
    const { passed, failed } = await test(asked.length > 0 ? asked : PARTS);
    console.log(`\n${passed} passed, ${failed} failed`);
    process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
  } catch (error) {
    console.error(`test: ${error.message}`);
    console.log('\n0 passed, 1 failed');
    process.exitCode = 1;
  }
}
