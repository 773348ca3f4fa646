import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import jsqrModule from 'jsqr';
import { drawQrCode } from './qr-code.ts';

const jsqr = jsqrModule as unknown as typeof jsqrModule.default;
const SCALE = 4;

/** Dark cells of a path made of `M x y h n v1 h-n z`. */
function rasterise({ size, path }: { size: number; path: string }): boolean[] {
  const dark = Array<boolean>(size * size).fill(false);
  for (const [, x, y, run] of path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g)) {
    dark.fill(true, Number(y) * size + Number(x), Number(y) * size + Number(x) + Number(run));
  }
  return dark;
}

function read(drawing: { size: number; path: string }): string | undefined {
  const dark = rasterise(drawing);
  const width = drawing.size * SCALE;
  const pixels = new Uint8ClampedArray(width * width * 4).fill(255);
  for (let y = 0; y < width; y++) {
    for (let x = 0; x < width; x++) {
      if (dark[Math.floor(y / SCALE) * drawing.size + Math.floor(x / SCALE)])
        pixels.fill(0, (y * width + x) * 4, (y * width + x) * 4 + 3);
    }
  }
  return jsqr(pixels, width, width)?.data;
}

test('an independent decoder reads what was drawn', () => {
  for (const text of ['http://weixin.qq.com/q/02AbCdEfGhIjKlMnOpQrStUvWx', '扫码关注', 'x']) {
    assert.equal(read(drawQrCode(text)), text);
  }
});

test('a quiet zone of four modules is inside the drawing', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1, maxLength: 80 }), (text) => {
      const { size, path } = drawQrCode(text);
      const dark = rasterise({ size, path });
      assert.ok(dark.some(Boolean));
      dark.forEach((isDark, i) => {
        const [x, y] = [i % size, Math.floor(i / size)];
        if (isDark) assert.ok(Math.min(x, y) >= 4 && Math.max(x, y) < size - 4);
      });
    }),
    { numRuns: 50 },
  );
});
