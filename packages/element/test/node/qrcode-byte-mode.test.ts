import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import core from 'qrcode/lib/core/qrcode.js';
// @ts-expect-error plain JavaScript, as the build takes it
import slim from '../../build/qrcode-byte-mode.js';

interface Created {
  modules: { size: number; data: Uint8Array };
}

const bytes = new TextEncoder();
const original = (text: string) =>
  // Given its segments, the original does not look for shorter ones.
  core.create([{ data: bytes.encode(text), mode: 'byte' }] as unknown as string, {
    errorCorrectionLevel: 'M',
    maskPattern: 2,
  }).modules;
const ours = (text: string) => (slim as { create(text: string): Created }).create(text).modules;

function assertSame(text: string) {
  const [a, b] = [ours(text), original(text)];
  assert.equal(a.size, b.size);
  assert.deepEqual([...a.data], Array.from(b.data, Number));
}

test('every version has the same modules as from the original', () => {
  const sizes = new Set<number>();
  for (let length = 1; length <= 666; length += length < 130 ? 1 : 7) {
    assertSame('x'.repeat(length));
    sizes.add(ours('x'.repeat(length)).size);
  }
  assert.equal(sizes.size, 20);
});

test('any text has the same modules as from the original', () => {
  fc.assert(fc.property(fc.string({ minLength: 1, maxLength: 50, unit: 'grapheme' }), assertSame), { numRuns: 150 });
});

test('the longest text of each version fits, one byte more takes the next', () => {
  for (const [version, most] of [
    [1, 14],
    [3, 42],
    [9, 180],
    [10, 213],
    [20, 666],
  ] as const) {
    assert.equal(ours('x'.repeat(most)).size, 17 + 4 * version);
    if (version < 20) assert.equal(ours('x'.repeat(most + 1)).size, 21 + 4 * version);
  }
  assert.throws(() => ours('x'.repeat(667)), RangeError);
});
