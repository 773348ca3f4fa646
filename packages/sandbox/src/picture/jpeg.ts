import type { Bitmap } from './qr-matrix.ts';

/**
 * WeChat's showqrcode serves JPEG. With 8 pixels a module every 8×8 block has one colour, so a block is its DC value and
 * nothing else: baseline JPEG then needs one small Huffman table and no cosine transform.
 */
const PIXELS_A_MODULE = 8;

/** Quantised DC of a block: (grey - 128) * 8, divided by the table's 8. */
const BLACK = -128;
const WHITE = 127;

const marker = (code: number, body: readonly number[]) => [
  0xff,
  code,
  (body.length + 2) >> 8,
  (body.length + 2) & 0xff,
  ...body,
];

/** DC codes for the three sizes that occur: 0 (same colour), 7 (the first block, white), 8 (a change). */
const DC_CODES: Record<number, string> = { 0: '0', 7: '10', 8: '110' };
const DC_TABLE = [0x00, 1, 1, 1, ...new Array<number>(13).fill(0), 0, 7, 8];
/** The one AC code says that the block ends. */
const AC_TABLE = [0x10, 1, ...new Array<number>(15).fill(0), 0x00];
const END_OF_BLOCK = '0';

const bitsOf = (value: number, size: number) =>
  size === 0 ? '' : (value < 0 ? value + 2 ** size - 1 : value).toString(2).padStart(size, '0');

function scan(bitmap: Bitmap): number[] {
  let bits = '';
  let previous = 0;
  for (let y = 0; y < bitmap.size; y++) {
    for (let x = 0; x < bitmap.size; x++) {
      const value = bitmap.isDark(x, y) ? BLACK : WHITE;
      const difference = value - previous;
      const size = difference === 0 ? 0 : Math.floor(Math.log2(Math.abs(difference))) + 1;
      bits += (DC_CODES[size] ?? '') + bitsOf(difference, size) + END_OF_BLOCK;
      previous = value;
    }
  }
  bits = bits.padEnd(Math.ceil(bits.length / 8) * 8, '1');
  const bytes: number[] = [];
  for (let at = 0; at < bits.length; at += 8) {
    const byte = Number.parseInt(bits.slice(at, at + 8), 2);
    bytes.push(byte, ...(byte === 0xff ? [0] : []));
  }
  return bytes;
}

/** A grey-scale baseline JPEG. The picture's upper left module must be white, as a QR code's quiet zone is. */
export function jpegOf(bitmap: Bitmap): Buffer {
  const side = bitmap.size * PIXELS_A_MODULE;
  const size = [side >> 8, side & 0xff];
  return Buffer.from([
    0xff,
    0xd8,
    ...marker(0xe0, [0x4a, 0x46, 0x49, 0x46, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0]),
    ...marker(0xdb, [0, ...new Array<number>(64).fill(8)]),
    ...marker(0xc0, [8, ...size, ...size, 1, 1, 0x11, 0]),
    ...marker(0xc4, DC_TABLE),
    ...marker(0xc4, AC_TABLE),
    ...marker(0xda, [1, 1, 0, 0, 63, 0]),
    ...scan(bitmap),
    0xff,
    0xd9,
  ]);
}
