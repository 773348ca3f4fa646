// What CI runs, on a machine with Node and npm and nothing else: bootstrap, build, every check, every test. One line a
// check at the end, then `N passed, N failed` over tests and checks. With --checks: the checks alone.
import { bootstrap } from './bootstrap.mjs';
import { run, runAndRead } from './run.mjs';

const checksOnly = process.argv.includes('--checks');
const summary = [];
const totals = { passed: 0, failed: 0 };

async function step(name, work) {
  console.log(`\n== ${name}`);
  const start = performance.now();
  let result;
  try {
    result = await work();
  } catch (error) {
    console.error(`${name}: ${error.message}`);
    result = { passed: 0, failed: 1 };
  }
  totals.passed += result.passed;
  totals.failed += result.failed;
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  const verdict = result.failed > 0 ? 'FAILED' : 'ok';
  const counted = result.passed + result.failed > 1 ? ` (${result.passed} passed, ${result.failed} failed)` : '';
  summary.push(`${verdict.padEnd(6)} ${name}${counted}, ${seconds} s`);
  return result.failed === 0;
}

const asOne = (ok) => ({ passed: ok ? 1 : 0, failed: ok ? 0 : 1 });

const ready = await step('bootstrap', async () => {
  await bootstrap({ browser: true }); // the packed element is looked at in one, too
  return asOne(true);
});
if (ready) {
  const built = await step('build', async () => asOne(run(process.execPath, ['tools/build.mjs']).status === 0));
  // Late imports: before the bootstrap there is nothing installed that they could find.
  const { CHECKS } = await import('./checks.mjs');
  for (const { name, command, args, afterBuild } of CHECKS) {
    if (afterBuild && !built) continue; // the failed build is counted already
    await step(name, async () => asOne((await runAndRead(command, args, { echo: true })).status === 0));
  }
  if (!checksOnly && built) {
    const { PARTS, runPart } = await import('./test.mjs');
    for (const part of PARTS) await step(`${part} tests`, () => runPart(part));
    // Chromium has had its turn: it is the browser of the part before.
    const { testInBrowser } = await import('./test-browsers.mjs');
    for (const name of ['firefox', 'webkit']) await step(`browser tests in ${name}`, () => testInBrowser(name));
  }
}

console.log(`\n${summary.join('\n')}\n\n${totals.passed} passed, ${totals.failed} failed`);
process.exitCode = totals.failed > 0 ? 1 : 0;
