// What is played to both: a person scans 5 s after the code came on screen and has followed a second later, while the network does
// one thing wrong, to one call at a time, at every position that a call has in an undisturbed run.

/**
 * @typedef {object} Trace
 * @property {number} latency ms, there and back
 * @property {'stream' | 'long poll'} [way] how ours watches; the peer knows one way
 * @property {{ kind: string, nth: number }} [at] the call that meets the fault
 * @property {import('./network.mjs').Fault} [fault]
 * @property {number} scanAfter
 * @property {number} followAfter
 * @property {number} watchFor
 *
 * @typedef {{ kind: string, nth: number, bytes: number, frames: number }} Call and how much of an answer it had
 * @typedef {{ successes: number, errors: number, ms: number, calls: Call[] }} Outcome
 */

export const LATENCIES = [50, 1500, 3000];
export const WAYS = ['stream', 'long poll'];
/** More than the peer's pause between two polls, so that the next answer overtakes. */
const OVERTAKEN = 1000;

const ONE_CALL = {
  'one reply lost': [{ lose: 'request' }, { lose: 'answer' }, { lose: 'silently' }],
  'one reply repeated': [{ repeat: true }],
  'one reply overtaken': [{ late: OVERTAKEN }],
};
const CUT = 'one reply cut';
export const NAMES = ['undisturbed', ...Object.keys(ONE_CALL), CUT];

/** @returns {Trace} */
export const undisturbed = (latency, way) => ({ latency, way, scanAfter: 5000, followAfter: 1000, watchFor: 60_000 });

const hit = (base, { kind, nth }, fault) => ({ ...base, at: { kind, nth }, fault });
const each = (count, make) => Array.from({ length: count }, (_, nth) => make(nth));

/** @param {Trace} base @param {Call[]} calls of the undisturbed run @returns {Record<string, Trace[]>} */
function onEveryCall(base, calls) {
  return Object.fromEntries(
    Object.entries(ONE_CALL).map(([name, faults]) => [
      name,
      calls.flatMap((call) => faults.map((fault) => hit(base, call, fault))),
    ]),
  );
}

export function tracesOfOurs(base, calls) {
  const traces = onEveryCall(base, calls);
  const stream = calls.find(({ kind }) => kind === 'stream');
  // Not the last two: `claimed` follows from our own claim, so it cannot come before the `authorized` that we claim on.
  const frames = each(Math.max(0, stream.frames - 2), (swap) => hit(base, stream, { swap }));
  traces['one reply overtaken'].push(...frames);
  // The stream at every byte on every line; every other body too, and the stream ended as if that were all, on one of them.
  const cut = (call, end) => each(call.bytes, (bytes) => hit(base, call, { cut: bytes, end }));
  traces[CUT] = cut(stream, 'reset');
  if (base.latency === LATENCIES[0]) {
    traces[CUT].push(...cut(stream, 'closed'));
    for (const call of calls) if (call !== stream) traces[CUT].push(...cut(call, 'reset'), ...cut(call, 'closed'));
  }
  return traces;
}

/** To a poller it is all one at which byte its answer is cut: XMLHttpRequest reports that the call has failed. */
export function tracesOfTheirs(base, calls) {
  return { ...onEveryCall(base, calls), [CUT]: calls.map((call) => hit(base, call, { cut: 0 })) };
}
