// The repository's files, as git knows them: checks look at what would be committed, and at nothing else.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './local.mjs';

/** Paths from the root, with `/`, sorted: tracked files and new ones that git would not ignore. */
export function sourceFiles() {
  const list = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const { status, stdout } = spawnSync('git', list, { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  const files = status === 0 ? stdout.split('\0').filter(Boolean) : walk('');
  return [...new Set(files)].filter((file) => existsSync(path.join(root, file))).sort();
}

/** Without git (a copy in a bare container, or one that git distrusts): the tree less what is made. */
function walk(dir) {
  const made = new Set(['node_modules', 'dist', '.git', '.cache', 'custom-elements.json']);
  return readdirSync(path.join(root, dir), { withFileTypes: true })
    .filter(({ name }) => !made.has(name))
    .flatMap((entry) => {
      const file = path.posix.join(dir, entry.name);
      return entry.isDirectory() ? walk(file) : [file];
    });
}

export function read(file) {
  return readFileSync(path.join(root, file), 'utf8');
}

/** Prints what is wrong and sets the exit code; every check ends with this. */
export function report(name, looked, complaints) {
  for (const complaint of complaints) console.error(complaint);
  console.log(`${name}: ${looked}, ${complaints.length} wrong`);
  process.exitCode = complaints.length > 0 ? 1 : 0;
}
