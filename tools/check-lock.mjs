// Fails when a lock would install here and not elsewhere: npm leaves the binaries of other platforms out of it without
// a word when the registry did not have them, and `npm ci` fails later, on another machine.
import { sourceFiles, read, report } from './sources.mjs';

const EXACT = /^\d+\.\d+\.\d+(-[\w.]+)?$/;

export function wrongsOf(packages) {
  const wrongs = [];
  for (const [place, entry] of Object.entries(packages)) {
    if (entry.resolved && !entry.link) wrongs.push(`${place}: carries a registry's address`);
    if (place.includes('node_modules/') && !entry.link && !entry.integrity) wrongs.push(`${place}: has no integrity`);
    for (const [name, range] of Object.entries(entry.optionalDependencies ?? {})) {
      const found = lookUp(packages, place, name);
      if (!found) wrongs.push(`${place}: its optional ${name}@${range} is not in the lock`);
      else if (EXACT.test(range) && found.version !== range) {
        wrongs.push(`${place}: wants ${name}@${range}, the lock has ${found.version}`);
      }
    }
  }
  return wrongs;
}

/** The entry Node would find for `name` from `from`, walking up node_modules. */
function lookUp(packages, from, name) {
  for (let at = from; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/')))) {
    const hit = !at.endsWith('node_modules') && packages[`${at && `${at}/`}node_modules/${name}`];
    if (hit || !at) return hit;
  }
}

const locks = sourceFiles().filter((file) => file.endsWith('package-lock.json'));
const complaints = locks.flatMap((lock) =>
  wrongsOf(JSON.parse(read(lock)).packages).map((wrong) => `${lock}: ${wrong}`),
);
if (locks.length === 0) complaints.push('no package-lock.json is in the repository');
report('lock', `${locks.length} locks`, complaints);
