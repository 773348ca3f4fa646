// What the builds take for qrcode/lib/core/qrcode.js: the same matrix out of the same parts, for byte mode at level M.
// The original brings numeric, alphanumeric and kanji segments and a shortest-path search between them, half of its
// weight, and a WeChat address needs none of it. test/node/qrcode-byte-mode.test.ts holds the two side by side.
import alignment from 'qrcode/lib/core/alignment-pattern.js';
import BitMatrix from 'qrcode/lib/core/bit-matrix.js';
import formatInfo from 'qrcode/lib/core/format-info.js';
import masks from 'qrcode/lib/core/mask-pattern.js';
import ReedSolomon from 'qrcode/lib/core/reed-solomon-encoder.js';
import utils from 'qrcode/lib/core/utils.js';

const MOST = 40;
const BYTE_MODE = 4;
const VERSION_POLYNOMIAL = 0x1f25;

/** Level M restores 15 %; its own number in the format bits. */
const LEVEL_M = { bit: 0 };
/** Of level M, by version (ISO/IEC 18004, table 9): blocks, and correction codewords in each; then it is always 28. */
const BLOCKS = [
  1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16, 17, 17, 18, 20, 21, 23, 25, 26, 28, 29, 31, 33, 35,
  37, 38, 40, 43, 45, 47, 49,
];
const CORRECTION = [10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26, 26];

const blocksOf = (version) => BLOCKS[version - 1];
const correctionOf = (version) => CORRECTION[version - 1] ?? 28;
/** Codewords left for data. */
const roomOf = (version) => utils.getSymbolTotalCodewords(version) - blocksOf(version) * correctionOf(version);
const countBits = (version) => (version < 10 ? 8 : 16);

function create(text) {
  const bytes = new TextEncoder().encode(text);
  let version = 1;
  while (version <= MOST && 4 + countBits(version) + 8 * bytes.length > 8 * roomOf(version)) version++;
  if (version > MOST) throw new RangeError('The text is too long for a QR code');
  const modules = new BitMatrix(utils.getSymbolSize(version));
  drawPatterns(modules, version);
  drawData(modules, interleave(dataOf(bytes, version), version));
  const mask = masks.getBestMask(modules, (pattern) => drawFormat(modules, pattern));
  masks.applyMask(mask, modules);
  drawFormat(modules, mask);
  return { modules };
}

/** Mode, count, bytes, terminator, padding: everything after the first nibble is off by four bits. */
function dataOf(bytes, version) {
  const room = roomOf(version);
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
  const encoder = new ReedSolomon(correction);
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
    dataBlocks.map((block) => encoder.encode(block)),
  );
  return all;
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
  for (const [row, col] of alignment.getPositions(version)) rings(row, col, 2, (ring) => ring !== 1);
  drawFormat(modules, 0);
  if (version >= 7) drawVersion(modules, version);
}

function drawFormat(modules, mask) {
  const { size } = modules;
  const bits = formatInfo.getEncodedBits(LEVEL_M, mask);
  for (let i = 0; i < 15; i++) {
    const dark = (bits >> i) & 1;
    modules.set(i < 6 ? i : i < 8 ? i + 1 : size - 15 + i, 8, dark, true);
    modules.set(8, i < 8 ? size - i - 1 : i < 9 ? 7 : 14 - i, dark, true);
  }
  modules.set(size - 8, 8, 1, true);
}

function drawVersion(modules, version) {
  let rest = version << 12;
  for (let shift = 5; shift >= 0; shift--) if ((rest >> (shift + 12)) & 1) rest ^= VERSION_POLYNOMIAL << shift;
  const bits = (version << 12) | rest;
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
        modules.set(row, col, (data[at >> 3] >> (7 - (at & 7))) & 1);
        at++;
      }
    }
  }
}

export default { create };
