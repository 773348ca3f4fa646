// What each part of the drop-in weighs, and what other people's widgets for the same login weigh, built in this run the way the
// drop-in is. Needs a build. `node bench/size.mjs [--fresh]`: with --fresh the peers are built anew, not taken from the last run.
import { parseArgs } from 'node:util';
import { weighOurs } from './size/ours.mjs';
import { weighPeers } from './size/peers.mjs';

const LIMITS = { 'drop-in': 17_000, 'npm entry': 12_000 };

const { values } = parseArgs({ options: { fresh: { type: 'boolean', default: false } } });

function row(name, weight, more = '') {
  const bytes = Object.values(weight).map((n) => n.toLocaleString('en-US').padStart(11));
  console.log(`${name.padEnd(24)}${bytes.join('')}   ${more}`.trimEnd());
}

const { rows, whole, npm } = await weighOurs();
const peers = await weighPeers(values);

console.log(`bytes${' '.repeat(19)}${['minified', 'gzip -9', 'brotli 11'].map((word) => word.padStart(11)).join('')}`);
for (const [name, weight] of rows) row(name, weight);
console.log('');
let isOver = false;
for (const [name, weight] of [
  ['drop-in', whole],
  ['npm entry', npm],
]) {
  const over = weight.brotli > LIMITS[name];
  isOver ||= over;
  row(name, weight, `limit ${LIMITS[name].toLocaleString('en-US')}${over ? ': OVER' : ''}`);
}
console.log('');
for (const [name, weight] of peers.rows) row(name, weight, `${(weight.brotli / whole.brotli).toFixed(1)} × ours`);
console.log(`
The parts of ours are what the drop-in would be lighter by without them. npm entry: without lit and nanoevents, which npm installs.
Peers: the same rollup, commonjs and terser as ours, whose own names are shortened too; × ours is brotli against the drop-in.${
  peers.isKept ? ' Their figures are those of an\nearlier run with the same versions (--fresh builds them anew).' : ''
}`);
process.exitCode = isOver ? 1 : 0;
