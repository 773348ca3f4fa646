import { crc32, deflateSync } from 'node:zlib';
import type { Bitmap } from './qr-matrix.ts';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}

/** A grey-scale PNG of one bit a pixel; `scale` pixels a module. */
export function pngOf(bitmap: Bitmap, scale = 8): Buffer {
  const side = bitmap.size * scale;
  const rowLength = 1 + Math.ceil(side / 8);
  const pixels = Buffer.alloc(rowLength * side);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      if (bitmap.isDark(Math.floor(x / scale), Math.floor(y / scale))) continue;
      const at = y * rowLength + 1 + (x >> 3);
      pixels[at] = (pixels[at] ?? 0) | (0x80 >> (x & 7));
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header[8] = 1;
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(pixels)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}
