// How long from a scan to the first news of it on the page, in a real browser on loopback: pushed (Mode 2) beside polled (Mode 1).
// Needs a build. `node bench/push-latency.mjs [--runs N]`
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { tsImport } from 'tsx/esm/api';

const { values } = parseArgs({ options: { runs: { type: 'string', default: '25' } } });
const runs = Number(values.runs);
if (!(Number.isInteger(runs) && runs > 0)) throw new TypeError('--runs expects a positive whole number');

const { codeOnScreen, launch, openDemo, stateIs, statusPolls } = await tsImport(
  '../examples/e2e/src/world.ts',
  import.meta.url,
);

/** The companion asks every 2 s: scans are spread evenly over that, or all would fall on the same moment of the pause. */
const POLL_EVERY_MS = 2000;

/** Milliseconds of each run, sorted, and how many status calls to Authing fell in between. */
async function measure(browser, mode) {
  const world = await openDemo(browser, { mode });
  const { phone } = world.demo.sandbox.sandbox;
  const took = [];
  let polls = 0;
  try {
    for (let run = 0; run < runs; run++) {
      const text = await codeOnScreen(world);
      await sleep((run / runs) * POLL_EVERY_MS);
      const scannedAt = Date.now();
      await phone.scan(text, 'bob');
      const toldAt = await firstNews(world, scannedAt);
      took.push(toldAt - scannedAt);
      polls += statusPolls(world, scannedAt, toldAt);
      await stateIs(world.page, 'success');
      await world.page.locator('#sign-out').click();
    }
  } finally {
    await world.close();
  }
  return { took: took.sort((a, b) => a - b), polls };
}

async function firstNews({ page }, since) {
  const found = await page.waitForFunction(
    (from) =>
      globalThis.heard.find(
        ({ type, at, detail }) => type === 'login-status' && at >= from && detail.status !== 'pending',
      )?.at,
    since,
    { polling: 50, timeout: 30_000 },
  );
  return found.jsonValue();
}

const quantile = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];

function row(name, { took, polls }) {
  const figures = [quantile(took, 0.5), quantile(took, 0.9), took.at(-1), polls / took.length];
  console.log(name.padEnd(20) + figures.map((figure) => String(Math.round(figure * 10) / 10).padStart(10)).join(''));
}

const browser = await launch();
try {
  const pushed = await measure(browser, 2);
  const polled = await measure(browser, 1);
  console.log(
    `scan to the page's first event, ms, ${runs} runs each${' '.repeat(4)}(polls: status calls in between, mean)`,
  );
  console.log(' '.repeat(20) + ['median', 'p90', 'max', 'polls'].map((word) => word.padStart(10)).join(''));
  row('pushed (Mode 2)', pushed);
  row('polled (Mode 1)', polled);
  console.log(
    `polled / pushed     ${Math.round(quantile(polled.took, 0.5) / Math.max(quantile(pushed.took, 0.5), 1))} times (medians)`,
  );
} finally {
  await browser.close();
}
