// How long after its tag is inserted the element's code is painted, in Chromium, beyond the round trip of its own POST /attempts.
// Needs a build and a browser. `node bench/paint.mjs [--runs N]`
//
// Painted: the frame that has the code in it is done (requestAnimationFrame, then a message). Round trip: PerformanceResourceTiming of
// the very request of that run, so a preflight or a new connection is the network's and not ours. A figure is the median; it is over its
// limit for good, and the exit code 1, when three quarters of the runs are over: one busy moment of the machine is not.
import { availableParallelism, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright';
import { requireBrowser } from '../tools/local.mjs';
import { installMeasure } from './paint/in-page.mjs';
import { startServers } from './paint/servers.mjs';

const { values } = parseArgs({ options: { runs: { type: 'string', default: '31' } } });
const runs = Number(values.runs);
if (!(Number.isInteger(runs) && runs > 0)) throw new TypeError('--runs expects a positive whole number');

const FRAME = 1000 / 60;
const COMPANION_ANSWERS_AFTER = 30;

const { exe, env } = requireBrowser();
const browser = await chromium.launch({ executablePath: exe, env: { ...process.env, ...env } });
const servers = await startServers({ delay: COMPANION_ANSWERS_AFTER });

/** A page of a context of its own, with the module loaded: no code is compiled yet, no connection open, no preflight cached. */
async function freshPage(slower = 1) {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.addInitScript(installMeasure);
  await page.goto(servers.page);
  if (slower > 1) {
    const devtools = await context.newCDPSession(page);
    await devtools.send('Emulation.setCPUThrottlingRate', { rate: slower });
  }
  return {
    measure: (way) => page.evaluate(([one, at]) => globalThis.measure(one, at), [way, servers.endpoint]),
    context,
  };
}

async function warm(way) {
  const { measure, context } = await freshPage();
  for (let before = 0; before < 5; before++) await measure(way);
  const taken = [];
  for (let run = 0; run < runs; run++) taken.push(await measure(way));
  await context.close();
  return taken;
}

async function fresh(way, slower) {
  const taken = [];
  for (let run = 0; run < runs; run++) {
    const { measure, context } = await freshPage(slower);
    taken.push(await measure(way));
    await context.close();
  }
  return taken;
}

const quantile = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];

const COLUMNS = ['network', 'median', 'least', 'p25', 'p95', 'limit', 'to ask', 'to DOM', 'to paint'];

let isOver = false;
function row(name, taken, limit) {
  const at = (what, share = 0.5) =>
    quantile(
      taken.map((one) => one[what]).sort((a, b) => a - b),
      share,
    );
  const over = limit !== undefined && at('beyond') > limit;
  const forGood = over && at('beyond', 0.25) > limit;
  isOver ||= forGood;
  const beyond = [0.5, 0, 0.25, 0.95].map((share) => at('beyond', share));
  const figures = [at('network'), ...beyond, limit, at('before'), at('toDom'), at('toPaint')];
  const cells = figures.map((ms) => (ms?.toFixed(1) ?? '').padStart(9)).join('');
  console.log(`${name.padEnd(36)}${cells}  ${forGood ? 'OVER' : over ? 'over, within noise' : ''}`.trimEnd());
}

try {
  const load = loadavg()[0].toFixed(1);
  console.log(`ms, ${runs} runs each, ${availableParallelism()} cores at a load of ${load} (above the cores: figures too high)
median to limit: what is beyond the network; to ask, to DOM, to paint: where the median of it goes`);
  console.log(' '.repeat(36) + COLUMNS.map((word) => word.padStart(9)).join(''));
  row('warm page: element', await warm('element'), FRAME);
  row('warm page: fetch, then a div', await warm('fetch, then a div'));
  row('warm page: a div, no fetch', await warm('div'));
  row('fresh page: element', await fresh('element'), FRAME + 20);
  row('fresh page: fetch, then a div', await fresh('fetch, then a div'));
  row('fresh page, CPU 4 × slower: element', await fresh('element', 4), 80);
  row('fresh page, CPU 4 × slower: div', await fresh('fetch, then a div', 4));
} finally {
  await browser.close();
  servers.close();
}
process.exitCode = isOver ? 1 : 0;
