import { createCipheriv, createDecipheriv, createHash } from 'node:crypto';

/** WeChat's message encryption (wechat.md §6): AES-256-CBC over random16 | length u32be | message | appid, padded to 32. */
const BLOCK = 32;
const HEAD = 20;

export type RefusalReason =
  | 'signature-mismatch'
  | 'bad-key'
  | 'bad-base64'
  | 'bad-ciphertext-length'
  | 'bad-padding'
  | 'too-short'
  | 'bad-length'
  | 'bad-utf8'
  | 'appid-mismatch';

export class CryptoRefusal extends Error {
  override name = 'CryptoRefusal';
  readonly reason: RefusalReason;
  constructor(reason: RefusalReason) {
    super(reason);
    this.reason = reason;
  }
}

/** Lower-case hex SHA-1 over the parts, sorted bytewise and glued together. */
export function sign(...parts: string[]): string {
  const bytes = parts.map((part) => Buffer.from(part)).sort(Buffer.compare);
  return createHash('sha1').update(Buffer.concat(bytes)).digest('hex');
}

export interface SignedParts {
  token: string;
  timestamp: string;
  nonce: string;
  /** Part of `msg_signature` only. */
  encrypt?: string;
}

export const signatureFits = ({ token, timestamp, nonce, encrypt }: SignedParts, signature: string): boolean =>
  sign(...[token, timestamp, nonce, ...(encrypt === undefined ? [] : [encrypt])]) === signature;

function keyOf(encodingAESKey: string): Buffer {
  // Node's decoder is lenient about the last two bits of character 43, as it has to be: they may be anything.
  if (!/^[A-Za-z0-9]{43}$/.test(encodingAESKey)) throw new CryptoRefusal('bad-key');
  return Buffer.from(`${encodingAESKey}=`, 'base64');
}

export interface EncryptInput {
  encodingAESKey: string;
  appId: string;
  plaintext: string;
  /** 16 bytes; WeChat's own are ASCII hex digits. */
  random: Uint8Array;
}

/** The base64 content of `<Encrypt>`. */
export function encrypt({ encodingAESKey, appId, plaintext, random }: EncryptInput): string {
  if (random.length !== 16) throw new TypeError(`"random" must be 16 bytes, got ${random.length}`);
  const key = keyOf(encodingAESKey);
  const message = Buffer.from(plaintext);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(message.length);
  const full = Buffer.concat([random, length, message, Buffer.from(appId)]);
  const pad = BLOCK - (full.length % BLOCK);
  const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false);
  return Buffer.concat([cipher.update(Buffer.concat([full, Buffer.alloc(pad, pad)])), cipher.final()]).toString(
    'base64',
  );
}

export interface DecryptInput {
  encodingAESKey: string;
  appId: string;
  encrypt: string;
}

/** Strict, in the order of wechat.md §6.3; throws CryptoRefusal. Says nothing about a signature. */
export function decrypt({ encodingAESKey, appId, encrypt: base64 }: DecryptInput): {
  plaintext: string;
  random: Buffer;
} {
  const key = keyOf(encodingAESKey);
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(base64) || base64.length % 4 !== 0) throw new CryptoRefusal('bad-base64');
  const ciphertext = Buffer.from(base64, 'base64');
  if (ciphertext.length === 0 || ciphertext.length % BLOCK !== 0) throw new CryptoRefusal('bad-ciphertext-length');
  const decipher = createDecipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false);
  const padded = Buffer.concat([decipher.update(ciphertext), decipher.final()]);
  const pad = padded[padded.length - 1] ?? 0;
  if (pad < 1 || pad > BLOCK || padded.subarray(-pad).some((byte) => byte !== pad)) {
    throw new CryptoRefusal('bad-padding');
  }
  const full = padded.subarray(0, -pad);
  if (full.length < HEAD) throw new CryptoRefusal('too-short');
  const length = full.readUInt32BE(16);
  if (length > full.length - HEAD) throw new CryptoRefusal('bad-length');
  const message = full.subarray(HEAD, HEAD + length);
  const plaintext = message.toString();
  if (!Buffer.from(plaintext).equals(message)) throw new CryptoRefusal('bad-utf8');
  if (!full.subarray(HEAD + length).equals(Buffer.from(appId))) throw new CryptoRefusal('appid-mismatch');
  return { plaintext, random: full.subarray(0, 16) };
}
