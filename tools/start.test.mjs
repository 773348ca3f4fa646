import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import test from 'node:test';
import { fileURLToPath } from 'node:url';

const start = (...args) =>
  spawnSync(process.execPath, [fileURLToPath(new URL('start.mjs', import.meta.url)), ...args], { encoding: 'utf8' });

test('npm start names every unknown flag and every bad value at once, with exit code 2', () => {
  const { status, stderr } = start('--opne', '--port', '70000', '--mode=3', 'extra');
  assert.equal(status, 2);
  for (const named of ['--opne', '"extra"', '--port expects a number', '--mode expects 1 or 2']) {
    assert.ok(stderr.includes(named), stderr);
  }
});

test('npm start asks a question in the chat only where the companion has the chat', () => {
  const { status, stderr } = start('--confirm');
  assert.equal(status, 2);
  assert.match(stderr, /--confirm expects --mode 2/);
});

test('npm start --help tells its flags and starts nothing', () => {
  const { status, stdout } = start('--help');
  assert.equal(status, 0);
  assert.match(stdout, /--no-open/);
  assert.match(stdout, /--mode M/);
});
