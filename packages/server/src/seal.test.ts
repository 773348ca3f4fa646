import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import test from 'node:test';
import fc from 'fast-check';
import { createKeyRing } from './seal.ts';

const old = randomBytes(32);
const fresh = randomBytes(32);

test('what was sealed opens again, for its purpose and its binding only', () => {
  const keys = createKeyRing([fresh]);
  const sealed = keys.seal('result', 'text', 'attempt-1');
  assert.equal(keys.open('result', sealed, 'attempt-1'), 'text');
  assert.equal(keys.open('result', sealed, 'attempt-2'), null);
  assert.equal(keys.open('result', sealed), null);
  assert.equal(keys.open('watch-token', sealed, 'attempt-1'), null);
});

test('two seals of one text share nothing, and none shows the text', () => {
  const keys = createKeyRing([fresh]);
  const [a, b] = [keys.seal('result', 'secret text'), keys.seal('result', 'secret text')];
  assert.notEqual(a, b);
  assert.ok(!Buffer.from(a, 'base64url').includes('secret'));
});

test('rotation: the new key seals, the old one still opens, and without it nothing does', () => {
  const before = createKeyRing([old]).seal('watch-token', 'text');
  assert.equal(createKeyRing([fresh, old]).open('watch-token', before), 'text');
  assert.equal(createKeyRing([fresh]).open('watch-token', before), null);
  const after = createKeyRing([fresh, old]).seal('watch-token', 'text');
  assert.equal(createKeyRing([fresh]).open('watch-token', after), 'text');
});

test('every flipped bit, every cut and every other spelling is refused', () => {
  const keys = createKeyRing([fresh]);
  const sealed = keys.seal('watch-token', 'some text that is long enough');
  const bytes = Buffer.from(sealed, 'base64url');
  for (let i = 0; i < bytes.length * 8; i++) {
    const broken = Buffer.from(bytes);
    broken[i >> 3]! ^= 1 << (i & 7);
    assert.equal(keys.open('watch-token', broken.toString('base64url')), null);
  }
  for (let length = 0; length < sealed.length; length++)
    assert.equal(keys.open('watch-token', sealed.slice(0, length)), null);
  for (const other of [`${sealed}=`, ` ${sealed}`, `${sealed}\n`, `${sealed}A`])
    assert.equal(keys.open('watch-token', other), null);
});

test('no text at all makes it throw', () => {
  const keys = createKeyRing([fresh]);
  fc.assert(fc.property(fc.string(), (text) => keys.open('watch-token', text) === null));
});

test('keys of fewer than 32 bytes, or none, are refused by name', () => {
  assert.throws(() => createKeyRing([]), /"secrets"/);
  assert.throws(() => createKeyRing([fresh, randomBytes(31)]), /"secrets".*32/);
});

test('what was named under an older secret is among the names, the current one first', () => {
  const [old, fresh] = [randomBytes(32), randomBytes(32)];
  const before = createKeyRing([old]).mac('person', 'x');
  const ring = createKeyRing([fresh, old]);
  assert.deepEqual(ring.macs('person', 'x'), [ring.mac('person', 'x'), before]);
  assert.notEqual(ring.mac('person', 'x'), ring.mac('handle', 'x'));
  assert.ok(!createKeyRing([fresh]).macs('person', 'x').includes(before));
});
