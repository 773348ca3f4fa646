import { MIN_SECRET_BYTES } from './seal.ts';

export const SECRET_FORM = `comma-separated keys of at least ${MIN_SECRET_BYTES} bytes, each as 64 hex digits or base64`;

/** 64 hex digits, else base64 or base64url; null below 32 bytes or with foreign characters. */
export function toKey(entry: string): Uint8Array | null {
  if (/^[0-9a-f]{64}$/i.test(entry)) return Buffer.from(entry, 'hex');
  // Hex of another length is a slip of the hand, not base64 that happens to hold no other letters.
  if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(entry) || /^[0-9a-f]+$/i.test(entry)) return null;
  const bytes = Buffer.from(entry, 'base64');
  return bytes.length >= MIN_SECRET_BYTES ? bytes : null;
}

export function entriesOf(list: string): string[] {
  return list
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}

/** The keys of a COMPANION_SECRETS. Throws TypeError. */
export function parseSecrets(text: string): Uint8Array[] {
  const keys = entriesOf(text).map(toKey);
  if (keys.length === 0 || keys.includes(null)) throw new TypeError(`"secrets" must be ${SECRET_FORM}`);
  return keys as Uint8Array[];
}
