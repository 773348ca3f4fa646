import assert from 'node:assert/strict';
import test from 'node:test';
import { createLog, foreignText, shortId } from './log.ts';

test('one JSON line an event, whatever the fields hold', () => {
  const lines: string[] = [];
  createLog(
    'info',
    'json',
    (line) => lines.push(line),
    () => 0,
  ).warn('a.b', { cause: 'two\nlines \u001b[31m', n: 1 });
  assert.equal(lines.length, 1);
  assert.equal(lines[0]!.split('\n').length, 2);
  assert.deepEqual(JSON.parse(lines[0]!), {
    time: '1970-01-01T00:00:00.000Z',
    level: 'warn',
    event: 'a.b',
    cause: 'two\nlines \u001b[31m',
    n: 1,
  });
});

test('events below the level are left out, and silent says nothing', () => {
  const lines: string[] = [];
  const log = createLog(
    'warn',
    'text',
    (line) => lines.push(line),
    () => 0,
  );
  log.info('no');
  log.warn('yes');
  createLog('silent', 'text', (line) => lines.push(line)).error('no');
  assert.equal(lines.length, 1);
  assert.match(lines[0]!, /warn {2}yes \{\}\n$/);
});

test("somebody else's text loses control characters, whatever could be a secret, and its end", () => {
  const ticket = 'gQFK8DoAAAAAAAAAASxodHRwOi8vd2VpeGluLnFxLmNvbS9xL3kweXE0T3JscWY3UTltc3ZP';
  assert.equal(foreignText(`no ticket ${ticket}\nhere\u202e`), 'no ticket … here ');
  assert.equal(
    foreignText('invalid ip 120.244.112.8 ipv6 ::ffff:120.244.112.8, not in whitelist'),
    'invalid ip 120.244.112.8 ipv6 ::ffff:120.244.112.8, not in whitelist',
  );
  assert.equal(foreignText('很'.repeat(500)).length, 200);
});

test('a short id finds its lines and opens nothing', () => {
  assert.equal(shortId('Jk3abcdefghijklmnopqrs').length, 6);
});
