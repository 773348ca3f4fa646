import { createCipheriv, createDecipheriv } from 'node:crypto';

/** WeChat's message encryption: AES-256-CBC over random16 | length u32be | message | app id, padded to blocks of 32. */
const BLOCK = 32;
const RANDOM = 16;
const HEAD = RANDOM + 4;
const KEY_SHAPE = /^[A-Za-z0-9]{43}$/;
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

export type CryptoFault =
  | 'bad-key'
  | 'bad-base64'
  | 'bad-ciphertext-length'
  | 'bad-padding'
  | 'too-short'
  | 'bad-length'
  | 'bad-utf8'
  | 'appid-mismatch';

/** For the log alone: told to a caller, the kind of fault would be an oracle. */
export class CryptoError extends Error {
  override name = 'CryptoError';
  readonly fault: CryptoFault;
  constructor(fault: CryptoFault) {
    super(fault);
    this.fault = fault;
  }
}

export function isEncodingAESKey(text: string): boolean {
  return KEY_SHAPE.test(text);
}

/** The last two bits of character 43 may be anything (Node's decoder ignores them). Throws CryptoError `bad-key`. */
export function keyOf(encodingAESKey: string): Buffer {
  if (!isEncodingAESKey(encodingAESKey)) throw new CryptoError('bad-key');
  return Buffer.from(`${encodingAESKey}=`, 'base64');
}

/** `random` is 16 bytes. Answers base64. */
export function encrypt(key: Buffer, appId: string, message: string, random: Uint8Array): string {
  const text = Buffer.from(message);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(text.length);
  const full = Buffer.concat([random, length, text, Buffer.from(appId)]);
  const pad = BLOCK - (full.length % BLOCK);
  const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false);
  return Buffer.concat([cipher.update(full), cipher.update(Buffer.alloc(pad, pad)), cipher.final()]).toString('base64');
}

/**
 * Every byte is checked: base64, length, each pad byte, message length (bytes, unsigned), UTF-8, and the app id as the
 * exact rest. Call it only after the signature. Throws CryptoError.
 */
export function decrypt(key: Buffer, appId: string, base64: string): { message: string; random: Buffer } {
  if (!BASE64.test(base64) || base64.length % 4 !== 0) throw new CryptoError('bad-base64');
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.length === 0 || bytes.length % BLOCK !== 0) throw new CryptoError('bad-ciphertext-length');
  // Node's own unpadder knows blocks of 16 and refuses pads of 17 to 32.
  const decipher = createDecipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false);
  const padded = Buffer.concat([decipher.update(bytes), decipher.final()]);
  const pad = padded[padded.length - 1]!;
  if (pad < 1 || pad > BLOCK || padded.subarray(-pad).some((byte) => byte !== pad))
    throw new CryptoError('bad-padding');
  const full = padded.subarray(0, padded.length - pad);
  if (full.length < HEAD) throw new CryptoError('too-short');
  const length = full.readUInt32BE(RANDOM);
  if (length > full.length - HEAD) throw new CryptoError('bad-length');
  const text = full.subarray(HEAD, HEAD + length);
  const message = text.toString('utf8');
  if (!Buffer.from(message).equals(text)) throw new CryptoError('bad-utf8');
  if (!full.subarray(HEAD + length).equals(Buffer.from(appId))) throw new CryptoError('appid-mismatch');
  return { message, random: full.subarray(0, RANDOM) };
}
