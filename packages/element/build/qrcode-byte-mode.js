// What the builds take for qrcode/lib/core/qrcode.js: the same matrix, for byte mode at level M with mask 2, up to
// version 20. The original brings numeric, alphanumeric and kanji segments, a shortest-path search between them, the
// choice among eight masks, the tables of three more levels and of codes too dense to be read from a card: most of its
// weight, and a WeChat address, of some 50 bytes, needs none of it. The arithmetic of error correction is the
// original's; test/node/qrcode-byte-mode.test.ts holds the two side by side in every version.
// Numbers in comments are sections of ISO/IEC 18004:2015.
import polynomials from 'qrcode/lib/core/polynomial.js';

/** Of level M, by version, the first one being none (7.5.1): blocks, and correction codewords in each. */
const BLOCKS = [0, 1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16];
const CORRECTION = [0, 10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26];
/** Level M and mask 2, protected and masked (7.9). */
const FORMAT = 0x5e7c;
/** Protects the version (7.10). */
const VERSION_POLYNOMIAL = 0x1f25;
const BYTE_MODE = 4;
/** A module that no pattern has taken. */
const FREE = 2;

/** Throws RangeError for more than 666 bytes. */
function create(text) {
  const bytes = new TextEncoder().encode(text);
  for (let version = 1; version < BLOCKS.length; version++) {
    const counted = version < 10 ? 1 : 2;
    const room = roomOf(version);
    // Mode and count take half a byte more than the count does.
    if (bytes.length + counted + 0.5 <= room)
      return { modules: draw(version, codewords(version, room, bytes, counted)) };
  }
  throw new RangeError('Too long for a QR code');
}

/** Data codewords: what the patterns (6.3) and the correction leave. */
function roomOf(version) {
  const alignments = version > 1 && Math.floor(version / 7) + 2;
  const taken = version > 1 && 25 * alignments ** 2 - 10 * alignments - 55 + (version > 6 && 36);
  return Math.floor(((16 * version + 128) * version + 64 - taken) / 8) - BLOCKS[version] * CORRECTION[version];
}

/** Mode, count, bytes, terminator and padding (7.4), then all in blocks with their correction, interleaved (7.6). */
function codewords(version, room, bytes, counted) {
  const nibbles = [BYTE_MODE];
  for (let shift = 8 * counted - 4; shift >= 0; shift -= 4) nibbles.push((bytes.length >> shift) & 15);
  for (const byte of bytes) nibbles.push(byte >> 4, byte & 15);
  nibbles.push(0);
  const data = Uint8Array.from({ length: room }, (_, i) =>
    2 * i < nibbles.length ? (nibbles[2 * i] << 4) | nibbles[2 * i + 1] : (i - nibbles.length / 2) % 2 ? 0x11 : 0xec,
  );
  const blocks = BLOCKS[version];
  const short = Math.floor(room / blocks);
  const generator = polynomials.generateECPolynomial(CORRECTION[version]);
  const all = [];
  let from = 0;
  for (let block = 0; block < blocks; block++) {
    const isLong = block >= blocks - (room % blocks);
    const part = data.subarray(from, (from += short + isLong));
    // Where the short blocks have no codeword the long ones have their last.
    part.forEach((codeword, i) => (all[i * blocks + block] = codeword));
    correct(part, generator).forEach((codeword, i) => (all[(short + 1 + i) * blocks + block] = codeword));
  }
  return all.filter((codeword) => codeword >= 0);
}

/** The codewords that correct the block: its remainder, from which leading zeros were dropped (7.5.2). */
function correct(block, generator) {
  const shifted = new Uint8Array(block.length + generator.length - 1);
  shifted.set(block);
  const rest = [...polynomials.mod(shifted, generator)];
  return [...Array(generator.length - 1 - rest.length).fill(0), ...rest];
}

function draw(version, stream) {
  const size = 17 + 4 * version;
  const data = new Uint8Array(size * size).fill(FREE);
  const set = (row, col, dark) => {
    if (row >= 0 && col >= 0 && row < size && col < size) data[row * size + col] = dark;
  };
  /** Rings around a centre; `reach` is how far the last one lies. */
  const rings = (row, col, reach, isLight) => {
    for (let r = -reach; r <= reach; r++) {
      for (let c = -reach; c <= reach; c++) set(row + r, col + c, !isLight(Math.max(Math.abs(r), Math.abs(c))));
    }
  };
  const last = size - 7;
  const alignments = Math.floor(version / 7) + 1;
  const step = 2 * Math.ceil((size - 13) / (2 * alignments));
  const centres = Array.from({ length: alignments + 1 }, (_, i) => (i ? last - (alignments - i) * step : 6)); // annex E
  // Timing first, then alignment, then finders: each lies over what came before, where they meet.
  for (let i = 8; i < size - 8; i++) {
    set(i, 6, i % 2 === 0);
    set(6, i, i % 2 === 0);
  }
  for (const row of centres) {
    for (const col of centres) {
      const onFinder = (row === 6 && (col === 6 || col === last)) || (row === last && col === 6);
      if (version > 1 && !onFinder) rings(row, col, 2, (ring) => ring === 1);
    }
  }
  for (const [row, col] of [
    [3, 3],
    [3, size - 4],
    [size - 4, 3],
  ]) {
    rings(row, col, 4, (ring) => ring === 2 || ring === 4);
  }
  for (let i = 0; i < 15; i++) {
    const dark = (FORMAT >> i) & 1;
    set(i < 6 ? i : i < 8 ? i + 1 : size - 15 + i, 8, dark);
    set(8, i < 8 ? size - i - 1 : i < 9 ? 7 : 14 - i, dark);
  }
  set(size - 8, 8, 1);
  if (version > 6) {
    let rest = version << 12;
    for (let bit = 17; bit > 11; bit--) if ((rest >> bit) & 1) rest ^= VERSION_POLYNOMIAL << (bit - 12);
    for (let i = 0; i < 18; i++) {
      const [a, b] = [Math.floor(i / 3), (i % 3) + size - 11];
      const dark = (((version << 12) | rest) >> i) & 1;
      set(a, b, dark);
      set(b, a, dark);
    }
  }
  // Column pairs from the right, up and down in turn, past the column of the timing pattern (7.7.3), masked on the way.
  let at = 0;
  for (let right = size - 1, up = true; right > 0; right -= 2, up = !up) {
    if (right === 6) right--;
    for (let i = 0; i < 2 * size; i++) {
      const row = up ? size - 1 - (i >> 1) : i >> 1;
      const col = right - (i & 1);
      if (data[row * size + col] === FREE) {
        set(row, col, ((stream[at >> 3] >> (7 - (at & 7))) & 1) ^ (col % 3 === 0)); // mask 2 (7.8.2)
        at++;
      }
    }
  }
  return { size, data };
}

export default { create };
