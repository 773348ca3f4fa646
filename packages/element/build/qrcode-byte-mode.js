// What the builds take for qrcode/lib/core/qrcode.js: the same matrix, for byte mode at level M with mask 2, up to
// version 20. The original brings numeric, alphanumeric and kanji segments, a shortest-path search between them, the
// choice among eight masks, the tables of three more levels and of codes too dense to be read from a card: most of its
// weight, and a WeChat address, of some 50 bytes, needs none of it. The arithmetic of error correction is the original's;
// test/node/qrcode-byte-mode.test.ts holds the two side by side in every version.
// Numbers in comments are sections of ISO/IEC 18004:2015.
import polynomials from 'qrcode/lib/core/polynomial.js';

/** By version, from 1, at level M (7.5.1): codewords for data, and the blocks they are dealt to. */
const ROOM = [0, 16, 28, 44, 64, 86, 108, 124, 154, 182, 216, 254, 290, 334, 365, 415, 453, 507, 563, 627, 669];
const BLOCKS = [0, 1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16];
/** A module that no pattern has taken. */
const FREE = 2;

/** Throws RangeError for more than 666 bytes. */
function create(text) {
  const bytes = new TextEncoder().encode(text);
  // Mode and count take 12 bits, from version 10 on 20 bits.
  const version = ROOM.findIndex((room, i) => bytes.length + 2 + (i > 9) <= room);
  if (version < 0) throw new RangeError('Too long for a QR code');
  const size = 17 + 4 * version;
  const data = drawPatterns(version, size);
  const free = inOrder(data, size);
  const stream = codewords(version, bytes, free.length >> 3);
  free.forEach((at, i) => {
    // A few modules may be left over at the end: undefined has no bit set. Mask 2 is every third column (7.8.2).
    data[at] = ((stream[i >> 3] >> (~i & 7)) & 1) ^ ((at % size) % 3 === 0);
  });
  return { modules: { size, data } };
}

/** Everything but data (6.3), the rest FREE. */
function drawPatterns(version, size) {
  const data = new Uint8Array(size * size).fill(FREE);
  /** Dark if the last bit is set. Rows outside are outside of the array, which ignores them; columns would be in another row. */
  const set = (row, col, bits) => {
    if (col >= 0 && col < size) data[row * size + col] = bits & 1;
  };
  /** Square rings around a centre; bit n of `dark` is ring n. */
  const rings = (row, col, reach, dark) => {
    for (let r = -reach; r <= reach; r++) {
      for (let c = -reach; c <= reach; c++) set(row + r, col + c, dark >> Math.max(Math.abs(r), Math.abs(c)));
    }
  };

  rings(3, 3, 4, 0b01011);
  rings(3, size - 4, 4, 0b01011);
  rings(size - 4, 3, 4, 0b01011);

  // Annex E, up to version 20. Version 1, which has none, would have one at 14.
  const centres = [6];
  const step = 2 * Math.ceil((2 * version + 2) / ((version / 7 + 1) | 0));
  for (let at = size - 7; at > 14; at -= step) centres.push(at);
  for (const row of centres) {
    // None on a finder.
    for (const col of centres) if (data[row * size + col] === FREE) rings(row, col, 2, 0b101);
  }

  // Level M and mask 2, protected and masked, are 101111001111100 (7.9.1). These are the bits down column 8 and, reversed,
  // along row 8, both with a gap at 6 for the timing pattern; in the column bit 9 is the module that is always dark.
  for (let i = 0; i < 17; i++) {
    const at = i < 9 ? i : size - 17 + i;
    set(at, 8, 0b10111101010111100 >> i);
    set(8, at, 0b00111110000111101 >> i);
  }

  for (let i = 8; i < size - 8; i++) {
    set(i, 6, ~i);
    set(6, i, ~i);
  }

  if (version > 6) {
    // The version and its remainder (7.10).
    let bits = version;
    for (let i = 0; i < 12; i++) bits = (bits << 1) ^ ((bits >> 11) * 0x1f25);
    bits |= version << 12;
    for (let i = 0; i < 18; i++) {
      set((i / 3) | 0, (i % 3) + size - 11, bits >> i);
      set((i % 3) + size - 11, (i / 3) | 0, bits >> i);
    }
  }
  return data;
}

/** The free modules: column pairs from the right, up and down in turn, past the column of the timing pattern (7.7.3). */
function inOrder(data, size) {
  const free = [];
  for (let right = size - 1; right > 0; right -= 2) {
    if (right === 6) right--;
    for (let i = 0; i < 2 * size; i++) {
      const row = (right + 1) & 2 ? i >> 1 : size - 1 - (i >> 1);
      const at = row * size + right - (i & 1);
      if (data[at] === FREE) free.push(at);
    }
  }
  return free;
}

/** Mode, count, bytes, terminator and padding (7.4), then all in blocks with their correction, interleaved (7.6). */
function codewords(version, bytes, total) {
  const room = ROOM[version];
  const blocks = BLOCKS[version];
  const short = (room / blocks) | 0;
  // The mode takes half a codeword, which puts everything after it between two.
  const halves = [4, ...(version > 9 ? [bytes.length >> 8] : []), bytes.length, ...bytes, 0];
  const data = Uint8Array.from({ length: room }, (_, i) =>
    i < halves.length - 1 ? (halves[i] << 4) | (halves[i + 1] >> 4) : (i - halves.length) % 2 ? 0xec : 0x11,
  );

  const correction = (total - room) / blocks;
  const generator = polynomials.generateECPolynomial(correction);

  const all = [];
  let from = 0;
  for (let block = 0; block < blocks; block++) {
    const part = data.subarray(from, (from += ((room + block) / blocks) | 0));
    const rest = [...polynomials.mod([...part, ...Array(correction).fill(0)], generator)];
    part.forEach((codeword, i) => (all[i * blocks + block] = codeword));
    // The remainder comes without its leading zeros. Where the short blocks have no codeword the long ones have their last.
    for (let i = 0; i < correction; i++)
      all[(short + 1 + i) * blocks + block] = rest[i - correction + rest.length] ?? 0;
  }
  return all.flat(); // without the gaps
}

export default { create };
