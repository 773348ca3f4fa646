// `npm run test:browsers`: the element's browser tests in Chromium, Firefox and WebKit; `-- firefox` for one of them.
// A run each, one after another: a browser that cannot start fails its own run and no other, and three at once would
// take from each other the time that some tests measure.
import { pathToFileURL } from 'node:url';
import { bootstrap } from './bootstrap.mjs';
import { findFirefox, findWebKit } from './find-other-browsers.mjs';
import { webTestRunner } from './test.mjs';
import { withWebKitDriver } from './webkit-driver.mjs';

const run = (signal, browser) =>
  webTestRunner({ signal, env: { ...process.env, TEST_BROWSER: JSON.stringify(browser) } });

const RUNS = {
  chromium: (signal) => run(signal, { name: 'chromium' }),
  firefox: (signal) => run(signal, { name: 'firefox', executable: findFirefox() }),
  webkit(signal) {
    const found = findWebKit();
    return withWebKitDriver(found, signal, (port) => run(signal, { name: 'webkit', port, executable: found.browser }));
  },
};
const BROWSERS = Object.keys(RUNS);

/** The bootstrap must have run. @returns {Promise<{ passed: number, failed: number }>} */
export async function testInBrowser(name) {
  const stopping = new AbortController();
  const stop = (signal) => {
    stopping.abort(); // ends the children before it returns
    process.kill(process.pid, signal);
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.once(signal, stop);
  try {
    return await RUNS[name](stopping.signal);
  } finally {
    for (const signal of signals) process.removeListener(signal, stop);
  }
}

async function testInBrowsers(names) {
  await bootstrap({ browser: names.includes('chromium') });
  const totals = { passed: 0, failed: 0 };
  const lines = [];
  for (const name of names) {
    console.log(`\n== ${name}`);
    const { passed, failed } = await testInBrowser(name).catch((error) => {
      console.error(`${name}: ${error.message}`);
      return { passed: 0, failed: 1 };
    });
    totals.passed += passed;
    totals.failed += failed;
    lines.push(`${name}: ${passed} passed, ${failed} failed`);
  }
  console.log(`\n${lines.join('\n')}\n\n${totals.passed} passed, ${totals.failed} failed`);
  return totals;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const asked = process.argv.slice(2);
  const unknown = asked.filter((name) => !BROWSERS.includes(name));
  if (unknown.length > 0) {
    console.error(`test-browsers: unknown browser ${unknown.join(', ')}; expected any of ${BROWSERS.join(', ')}`);
    process.exit(2);
  }
  try {
    const { failed } = await testInBrowsers(asked.length > 0 ? asked : BROWSERS);
    process.exitCode = failed > 0 ? 1 : 0;
  } catch (error) {
    console.error(`test-browsers: ${error.message}`);
    console.log('\n0 passed, 1 failed');
    process.exitCode = 1;
  }
}
