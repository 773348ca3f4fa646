import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { ask } from '../test/support.ts';
import { OPTIONS, PROBES, stageWith } from '../test/switch-probes.ts';
import { SwitchError, createSandbox } from './index.ts';
import type { SwitchValues } from './switches.ts';
import { createSwitches } from './switches.ts';

for (const { name, values } of createSwitches().all()) {
  test(`every value of ${name} makes a difference: ${values.join(', ')}`, async () => {
    const seen = new Map<string, string>();
    for (const value of values) {
      const observed = JSON.stringify(await PROBES[name](stageWith({ [name]: value }, OPTIONS[name])));
      const same = seen.get(String(observed));
      assert.equal(same, undefined, `${value} looks like ${same}: ${observed}`);
      seen.set(String(observed), value);
    }
    assert.ok(seen.size > 1);
  });
}

test('there is a switch for each of the 36 open points', () => {
  const points = new Set(
    createSwitches()
      .all()
      .map(({ name }) => name.split('-')[0]),
  );
  for (let point = 1; point <= 36; point++) assert.ok(points.has(`O${point}`), `O${point}`);
});

test('wrong names and values are all named, with what is allowed, and nothing changes', () => {
  const { switches } = createSandbox();
  const wrong = { O3: 'http-404', O4: 'nonsense', O99: 'x' } as unknown as Partial<SwitchValues>;
  assert.throws(
    () => switches.set(wrong),
    (error) => error instanceof SwitchError && error.mistakes.length === 2 && /O4.*bare, enveloped/.test(error.message),
  );
  assert.equal(switches.get('O3'), 'present');
});

test('switches are read and set over HTTP', async () => {
  const sandbox = createSandbox();
  const bad = await ask(sandbox, 'PUT', '/sandbox/switches', { O3: 'nope', X: 1 });
  assert.equal(bad.http, 400);
  assert.match(JSON.stringify(bad.body), /O3.*present, http-404, status-code-404/);
  assert.match(JSON.stringify(bad.body), /unknown switch.*X/);
  assert.equal((await ask(sandbox, 'PUT', '/sandbox/switches', { O3: 'http-404' })).http, 200);
  assert.equal((await ask(sandbox, 'PUT', '/sandbox/switches', '{')).http, 400);
  const listed = JSON.stringify((await ask(sandbox, 'GET', '/sandbox/switches')).body);
  assert.ok(listed.includes('"name":"O3","meaning":"get-qrcode-status","value":"http-404","values":["present",'));
});

test('the README lists every switch with its meaning and values', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8').replaceAll(/[ ]+/g, ' ');
  for (const { name, meaning, values } of createSwitches().all()) {
    const row = `| ${name} | ${meaning} | ${values.map((value) => `\`${value}\``).join(' ')} |`;
    assert.ok(readme.includes(row), row);
  }
});
