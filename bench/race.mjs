// How often a login succeeds when the network misbehaves: our flow as it is built, and beside it authing-js-sdk's `wechatmpqrcode`,
// unmodified, over the same network in the same run. Fails unless ours succeeds exactly once in every trace.
// Needs a build and a browser. `node bench/race.mjs`
//
// Success is the moment in which the page has what it can sign the person in with: our `success` event, after the claim; the peer's
// `onSuccess`, with `autoExchangeUserInfo` on so that it makes its second call too. Faults: bench/race/network.mjs; where they
// strike: bench/race/traces.mjs. Ours watches by its stream and, behind a proxy that holds streams back, by the long poll; a row has both.
import { runOurs } from './race/ours.mjs';
import { openPeer } from './race/theirs.mjs';
import { LATENCIES, NAMES, tracesOfOurs, tracesOfTheirs, undisturbed, WAYS } from './race/traces.mjs';

/** Outcomes by the name of what goes wrong; the undisturbed run comes first and says where there is something to go wrong. */
async function race(run, base, tracesOf) {
  const clean = await run(base);
  const outcomes = { undisturbed: [{ trace: base, ...clean }] };
  for (const [name, traces] of Object.entries(tracesOf(base, clean.calls))) {
    outcomes[name] = [];
    for (const trace of traces) outcomes[name].push({ trace, ...(await run(trace)) });
  }
  return outcomes;
}

const merged = (a, b) => Object.fromEntries(NAMES.map((name) => [name, [...a[name], ...b[name]]]));

function cells(outcomes) {
  const count = (test) => outcomes.filter(test).length;
  const times = outcomes.map(({ ms }) => ms).filter((ms) => ms >= 0);
  times.sort((a, b) => a - b);
  return [
    outcomes.length,
    count(({ successes }) => successes === 1),
    count(({ successes }) => successes === 0),
    count(({ successes }) => successes > 1),
    count(({ errors }) => errors > 0),
    times[Math.floor(times.length / 2)] ?? '-',
    times.at(-1) ?? '-',
  ];
}

const HEAD = ['runs', 'once', 'never', 'more', 'error', 'ms', 'most'];
const line = (name, ours, theirs) => {
  const half = (values) => values.map((value) => String(value).padStart(7)).join('');
  console.log(`${name.padEnd(30)}${half(ours)}  |${half(theirs)}`);
};

const peer = await openPeer();
const wrong = [];
const successesWithTicket = [];
try {
  console.log(`${' '.repeat(30)}${'ours'.padEnd(51)}|  authing-js-sdk ${peer.version}`);
  line('', HEAD, HEAD);
  for (const latency of LATENCIES) {
    let ours;
    for (const way of WAYS) {
      const outcomes = await race(runOurs, undisturbed(latency, way), tracesOfOurs);
      ours = ours ? merged(ours, outcomes) : outcomes;
    }
    const theirs = await race(peer.run, undisturbed(latency), tracesOfTheirs);
    for (const name of NAMES) line(`${latency} ms, ${name}`, cells(ours[name]), cells(theirs[name]));
    wrong.push(
      ...Object.values(ours)
        .flat()
        .filter(({ successes }) => successes !== 1),
    );
    const { successes } = await peer.run({ ...undisturbed(latency), keepsTicket: true });
    successesWithTicket.push(successes);
  }
} finally {
  await peer.close();
}
console.log(`
once, never, more: runs with one success, none, several. error: runs that told the page of an error. ms: scan to first success,
median and most, of the runs that had one; the person takes 1,000 of them to follow.
Peer, undisturbed, without the second call: ${successesWithTicket.join(', ')} successes at ${LATENCIES.join(', ')} ms.`);
for (const { trace, successes } of wrong) console.error(`ours succeeded ${successes} times: ${JSON.stringify(trace)}`);
process.exitCode = wrong.length > 0 ? 1 : 0;
