// Child processes, the one way our scripts start them: stdin closed, the root as the working folder.
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './local.mjs';

/** The script behind a package's command, to be run by the same Node: no shell, no npx, the same on every system. */
export function bin(packageName, command = packageName) {
  const home = path.join(root, 'node_modules', packageName);
  const { bin: commands } = JSON.parse(readFileSync(path.join(home, 'package.json'), 'utf8'));
  return path.join(home, typeof commands === 'string' ? commands : commands[command]);
}

/** @param {import('node:child_process').SpawnSyncOptions} [options] */
export function run(command, args, options = {}) {
  return spawnSync(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], ...options });
}

/** Runs npm with the very npm that runs us, if one does: another on PATH may be of another major. */
export function npm(args, options = {}) {
  const self = process.env.npm_execpath;
  if (self && /\.[cm]?js$/.test(self)) return run(process.execPath, [self, ...args], options);
  return run(process.platform === 'win32' ? 'npm.cmd' : 'npm', args, {
    shell: process.platform === 'win32', // npm.cmd is a batch file
    ...options,
  });
}

/** Like `run`, but hands back what the child wrote: `{ status, output }`; with `echo` it is shown as it comes, too. */
export function runAndRead(command, args, { echo, ...options } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], ...options });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8');
      stream.on('data', (text) => {
        output += text;
        if (echo) process.stdout.write(text);
      });
    }
    child.on('error', (error) => resolve({ status: 127, output: `${output}${error.message}\n` }));
    child.on('close', (status, signal) => resolve({ status: status ?? 1, signal, output }));
  });
}
