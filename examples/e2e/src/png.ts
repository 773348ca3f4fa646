import { inflateSync } from 'node:zlib';

/** Pixels as RGBA, as ImageData has them. */
export interface Picture {
  width: number;
  height: number;
  data: Uint8ClampedArray<ArrayBuffer>;
}

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

const SIGNATURE_LENGTH = 8;
const CHANNELS: Record<number, number> = { 0: 1, 2: 3, 6: 4 };

/** A PNG as browsers write it: 8 bits, not interlaced, grey, RGB or RGBA. Smaller than one more dependency. */
export function decodePng(png: Uint8Array): Picture {
  const bytes = Buffer.from(png.buffer, png.byteOffset, png.byteLength);
  const parts: Buffer[] = [];
  let header = bytes.subarray(0, 0);
  for (let at = SIGNATURE_LENGTH; at < bytes.length;) {
    const length = bytes.readUInt32BE(at);
    const type = bytes.toString('latin1', at + 4, at + 8);
    const body = bytes.subarray(at + 8, at + 8 + length);
    if (type === 'IHDR') header = body;
    if (type === 'IDAT') parts.push(body);
    at += length + 12;
  }
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  const [depth, colour, , , interlace] = header.subarray(8);
  const channels = CHANNELS[colour ?? -1];
  if (depth !== 8 || interlace !== 0 || !channels) throw new Error('a PNG of a kind that no browser writes');
  const rows = unfilter(inflateSync(Buffer.concat(parts)), width * channels, height, channels);
  const data = new Uint8ClampedArray(width * height * 4);
  for (let from = 0, to = 0; from < rows.length; from += channels, to += 4) {
    const grey = channels === 1;
    data[to] = rows[from]!;
    data[to + 1] = rows[from + (grey ? 0 : 1)]!;
    data[to + 2] = rows[from + (grey ? 0 : 2)]!;
    data[to + 3] = channels === 4 ? rows[from + 3]! : 255;
  }
  return { width, height, data };
}

/** PNG (third edition), 9.2: each row says how it was filtered. */
function unfilter(filtered: Uint8Array, stride: number, height: number, channels: number): Uint8Array {
  const rows = new Uint8Array(stride * height);
  for (let y = 0; y < height; y++) {
    const kind = filtered[y * (stride + 1)];
    for (let x = 0; x < stride; x++) {
      const at = y * stride + x;
      const left = x < channels ? 0 : rows[at - channels]!;
      const above = y === 0 ? 0 : rows[at - stride]!;
      const corner = x < channels || y === 0 ? 0 : rows[at - stride - channels]!;
      const raw = filtered[y * (stride + 1) + 1 + x]!;
      if (kind === 0) rows[at] = raw;
      else if (kind === 1) rows[at] = raw + left;
      else if (kind === 2) rows[at] = raw + above;
      else if (kind === 3) rows[at] = raw + ((left + above) >> 1);
      else rows[at] = raw + paeth(left, above, corner);
    }
  }
  return rows;
}

function paeth(left: number, above: number, corner: number): number {
  const [toLeft, toAbove, toCorner] = [above - corner, left - corner, left + above - 2 * corner].map(Math.abs);
  if (toLeft! <= toAbove! && toLeft! <= toCorner!) return left;
  return toAbove! <= toCorner! ? above : corner;
}

export function crop({ width, height, data }: Picture, box: Box): Picture {
  const left = Math.max(0, Math.floor(box.x));
  const top = Math.max(0, Math.floor(box.y));
  const right = Math.min(width, Math.ceil(box.x + box.width));
  const bottom = Math.min(height, Math.ceil(box.y + box.height));
  const part = new Uint8ClampedArray((right - left) * (bottom - top) * 4);
  for (let y = top; y < bottom; y++) {
    part.set(data.subarray((y * width + left) * 4, (y * width + right) * 4), (y - top) * (right - left) * 4);
  }
  return { width: right - left, height: bottom - top, data: part };
}
