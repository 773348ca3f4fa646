import { createHash, timingSafeEqual } from 'node:crypto';

const HEX_SHA1 = /^[0-9a-f]{40}$/;

/**
 * WeChat's signature: lower-case hex SHA-1 over the parts sorted bytewise and glued together. Nothing separates them, so
 * digits can move from one part to its neighbour under the same signature: whoever trusts a part must check its shape.
 */
export function sign(...parts: readonly string[]): string {
  const sorted = parts.map((part) => Buffer.from(part)).sort(Buffer.compare);
  return createHash('sha1').update(Buffer.concat(sorted)).digest('hex');
}

/** Constant time; whatever is not 40 lower-case hex digits is no signature. */
export function signatureFits(signature: string, ...parts: readonly string[]): boolean {
  if (!HEX_SHA1.test(signature)) return false;
  return timingSafeEqual(Buffer.from(signature, 'hex'), Buffer.from(sign(...parts), 'hex'));
}
