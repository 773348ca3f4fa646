// What the builds take for qrcode/lib/core/qrcode.js: the same matrix, for byte mode at level M with mask 2, up to
// version 20. The original brings numeric, alphanumeric and kanji segments, a shortest-path search between them, the
// choice among eight masks, the tables of three more levels and of codes too dense to be read from a card: most of its
// weight, and a WeChat address, of some 50 bytes, needs none of it. The arithmetic of error correction is the
// original's; test/node/qrcode-byte-mode.test.ts holds the two side by side in every version.
// Numbers in comments are sections of ISO/IEC 18004:2015.
import polynomials from 'qrcode/lib/core/polynomial.js';

/** Of 97 modules, for 666 bytes. */
const MOST = 20;
const BYTE_MODE = 4;
/** Generators of the codes that protect format and version (7.9, 7.10), and what the format is masked with. */
const FORMAT_POLYNOMIAL = 0x537;
const FORMAT_MASK = 0x5412;
/** See qr-code.ts, which asks the original for the same one. */
const MASK = 2;
const VERSION_POLYNOMIAL = 0x1f25;

/** Of level M, by version (7.5.1): blocks, and correction codewords in each. */
const BLOCKS = [1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16];
const CORRECTION = [10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26];

const blocksOf = (version) => BLOCKS[version - 1];
const correctionOf = (version) => CORRECTION[version - 1];
const sizeOf = (version) => 17 + 4 * version;

/** Rows and columns of the alignment patterns' centres (annex E). */
function centresOf(version) {
  if (version === 1) return [];
  const last = Math.floor(version / 7) + 1;
  const step = 2 * Math.ceil((sizeOf(version) - 13) / (2 * last));
  return Array.from({ length: last + 1 }, (_, i) => (i ? sizeOf(version) - 7 - (last - i) * step : 6));
}

/** The value with its remainder by the polynomial of that degree behind it. */
function protect(value, degree, polynomial) {
  let rest = value << degree;
  for (let shift = 5; shift >= 0; shift--) if ((rest >> (shift + degree)) & 1) rest ^= polynomial << shift;
  return (value << degree) | rest;
}

const countBits = (version) => (version < 10 ? 8 : 16);

function create(text) {
  const bytes = new TextEncoder().encode(text);
  for (let version = 1; version <= MOST; version++) {
    const modules = createModules(sizeOf(version));
    drawPatterns(modules, version);
    const room = Math.floor(modules.free / 8) - blocksOf(version) * correctionOf(version);
    if (4 + countBits(version) + 8 * bytes.length > 8 * room) continue;
    drawData(modules, interleave(dataOf(bytes, version, room), version));
    return { modules };
  }
  throw new RangeError('The text is too long for a QR code');
}

/** Mode, count, bytes, terminator, padding: everything after the first nibble is off by four bits. */
function dataOf(bytes, version, room) {
  const nibbles = [BYTE_MODE];
  for (let shift = countBits(version) - 4; shift >= 0; shift -= 4) nibbles.push((bytes.length >> shift) & 15);
  for (const byte of bytes) nibbles.push(byte >> 4, byte & 15);
  nibbles.push(0);
  return Uint8Array.from({ length: room }, (_, i) => {
    if (2 * i < nibbles.length) return (nibbles[2 * i] << 4) | nibbles[2 * i + 1];
    return (i - nibbles.length / 2) % 2 ? 0x11 : 0xec;
  });
}

function interleave(data, version) {
  const blocks = blocksOf(version);
  const correction = correctionOf(version);
  const short = Math.floor(data.length / blocks);
  const generator = polynomials.generateECPolynomial(correction);
  const dataBlocks = [];
  for (let block = 0, from = 0; block < blocks; block++) {
    const to = from + short + (block < blocks - (data.length % blocks) ? 0 : 1);
    dataBlocks.push(data.subarray(from, to));
    from = to;
  }
  const all = [];
  const take = (length, list) => {
    for (let i = 0; i < length; i++) for (const block of list) if (i < block.length) all.push(block[i]);
  };
  take(short + 1, dataBlocks);
  take(
    correction,
    dataBlocks.map((block) => correct(block, generator)),
  );
  return all;
}

/** The codewords that correct the block: its remainder, from which leading zeros were dropped (7.5.2). */
function correct(block, generator) {
  const degree = generator.length - 1;
  const shifted = new Uint8Array(block.length + degree);
  shifted.set(block);
  const rest = polynomials.mod(shifted, generator);
  const all = new Uint8Array(degree);
  all.set(rest, degree - rest.length);
  return all;
}

/** Patterns are reserved: never masked, and what is left is `free` for data. */
function createModules(size) {
  const data = new Uint8Array(size * size);
  const reserved = [];
  const at = (row, col) => row * size + col;
  return {
    size,
    data,
    free: data.length,
    set(row, col, dark, isReserved) {
      data[at(row, col)] = dark;
      if (!isReserved || reserved[at(row, col)]) return;
      reserved[at(row, col)] = true;
      this.free--;
    },
    isReserved: (row, col) => reserved[at(row, col)],
  };
}

function drawPatterns(modules, version) {
  const { size } = modules;
  /** Rings around a centre; `reach` is how far the last one lies. */
  const rings = (row, col, reach, isDark) => {
    for (let r = -reach; r <= reach; r++) {
      for (let c = -reach; c <= reach; c++) {
        const inside = row + r >= 0 && col + c >= 0 && row + r < size && col + c < size;
        if (inside) modules.set(row + r, col + c, isDark(Math.max(Math.abs(r), Math.abs(c))), true);
      }
    }
  };
  for (let i = 8; i < size - 8; i++) {
    modules.set(i, 6, i % 2 === 0, true);
    modules.set(6, i, i % 2 === 0, true);
  }
  const finder = (ring) => ring < 2 || ring === 3;
  rings(3, 3, 4, finder);
  rings(3, size - 4, 4, finder);
  rings(size - 4, 3, 4, finder);
  const centres = centresOf(version);
  for (const row of centres) {
    for (const col of centres) {
      const onFinder = (row === 6 && (col === 6 || col === size - 7)) || (row === size - 7 && col === 6);
      if (!onFinder) rings(row, col, 2, (ring) => ring !== 1);
    }
  }
  drawFormat(modules);
  if (version >= 7) drawVersion(modules, version);
}

function drawFormat(modules) {
  const { size } = modules;
  // Level M is 00, so that the mask alone is the value.
  const bits = protect(MASK, 10, FORMAT_POLYNOMIAL) ^ FORMAT_MASK;
  for (let i = 0; i < 15; i++) {
    const dark = (bits >> i) & 1;
    modules.set(i < 6 ? i : i < 8 ? i + 1 : size - 15 + i, 8, dark, true);
    modules.set(8, i < 8 ? size - i - 1 : i < 9 ? 7 : 14 - i, dark, true);
  }
  modules.set(size - 8, 8, 1, true);
}

function drawVersion(modules, version) {
  const bits = protect(version, 12, VERSION_POLYNOMIAL);
  for (let i = 0; i < 18; i++) {
    const row = Math.floor(i / 3);
    const col = (i % 3) + modules.size - 11;
    modules.set(row, col, (bits >> i) & 1, true);
    modules.set(col, row, (bits >> i) & 1, true);
  }
}

/** Column pairs from the right, up and down in turn, past the column of the timing pattern. */
function drawData(modules, data) {
  const { size } = modules;
  let at = 0;
  let up = true;
  for (let right = size - 1; right > 0; right -= 2, up = !up) {
    if (right === 6) right--;
    for (let i = 0; i < size; i++) {
      for (const col of [right, right - 1]) {
        const row = up ? size - 1 - i : i;
        if (modules.isReserved(row, col)) continue;
        const bit = (data[at >> 3] >> (7 - (at & 7))) & 1;
        modules.set(row, col, bit ^ (col % 3 === 0)); // mask 2 (7.8.2)
        at++;
      }
    }
  }
}

export default { create };
