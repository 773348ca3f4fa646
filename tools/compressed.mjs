// What a file weighs on the wire, in bytes.
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

/** @param {string | Uint8Array} code @returns {{ raw: number, gzip: number, brotli: number }} at the strongest settings */
export function weigh(code) {
  const bytes = Buffer.from(code);
  return {
    raw: bytes.length,
    gzip: gzipSync(bytes, { level: 9 }).length,
    brotli: brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length,
  };
}

export function inWords({ raw, gzip, brotli }) {
  const bytes = (n) => n.toLocaleString('en-US').padStart(7);
  return `${bytes(raw)} raw ${bytes(gzip)} gzip ${bytes(brotli)} brotli`;
}
