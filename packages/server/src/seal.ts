import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';

const NONCE = 12;
const TAG = 16;
export const MIN_SECRET_BYTES = 32;

/** What a key is for. Each purpose has a key of its own, so that nothing sealed for one opens as another. */
export type Purpose =
  | 'watch-token'
  | 'result'
  | 'handed-over'
  | 'code'
  | 'code-name'
  | 'login-cookie'
  | 'handle'
  | 'push'
  | 'hold'
  | 'outbox'
  | 'attempt'
  | 'person';

/** Sealing with the first secret, opening with any: how secrets are rotated without a failed login. */
export interface KeyRing {
  /** AES-256-GCM, base64url. `bind` is authenticated with it and must be given again to open. */
  seal(purpose: Purpose, text: string, bind?: string): string;
  /** Null for whatever was not sealed here for this purpose and with this `bind`. */
  open(purpose: Purpose, sealed: string, bind?: string): string | null;
  /** HMAC-SHA256 under the first secret, base64url, 22 chars (128 bits). */
  mac(purpose: Purpose, text: string): string;
  /** The same under every secret, the first one first: to find again what was named before secrets were exchanged. */
  macs(purpose: Purpose, text: string): string[];
}

/** Throws TypeError when there is no secret or one of fewer than 32 bytes. */
export function createKeyRing(secrets: readonly Uint8Array[]): KeyRing {
  if (secrets.length === 0) throw new TypeError('"secrets" must hold at least one key');
  if (secrets.some((secret) => secret.length < MIN_SECRET_BYTES)) {
    throw new TypeError(`"secrets" must be keys of at least ${MIN_SECRET_BYTES} bytes`);
  }
  const derived = new Map<Purpose, Buffer[]>();
  const keys = (purpose: Purpose): Buffer[] => {
    let found = derived.get(purpose);
    if (!found) {
      found = secrets.map((secret) =>
        Buffer.from(hkdfSync('sha256', secret, new Uint8Array(0), `wechat-follow-login/1/${purpose}`, 32)),
      );
      derived.set(purpose, found);
    }
    return found;
  };
  const macOf = (key: Buffer, text: string): string =>
    createHmac('sha256', key).update(text).digest().subarray(0, 16).toString('base64url');
  return {
    seal(purpose, text, bind = '') {
      const nonce = randomBytes(NONCE);
      const cipher = createCipheriv('aes-256-gcm', keys(purpose)[0]!, nonce).setAAD(Buffer.from(bind));
      return Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]).toString(
        'base64url',
      );
    },
    open(purpose, sealed, bind = '') {
      const bytes = Buffer.from(sealed, 'base64url');
      // Node reads base64url leniently; only the canonical spelling is ours, so that a token has exactly one form.
      if (bytes.length < NONCE + TAG || bytes.toString('base64url') !== sealed) return null;
      for (const key of keys(purpose)) {
        const text = tryOpen(key, bytes, bind);
        if (text !== null) return text;
      }
      return null;
    },
    mac: (purpose, text) => macOf(keys(purpose)[0]!, text),
    macs: (purpose, text) => keys(purpose).map((key) => macOf(key, text)),
  };
}

function tryOpen(key: Buffer, bytes: Buffer, bind: string): string | null {
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE), { authTagLength: TAG })
    .setAAD(Buffer.from(bind))
    .setAuthTag(bytes.subarray(-TAG));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(NONCE, -TAG)), decipher.final()]).toString('utf8');
  } catch {
    return null;
  }
}
