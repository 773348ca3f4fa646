import type { Random, Store, VerifiedLogin } from '../ports.ts';
import type { KeyRing } from '../seal.ts';

/** Codes that stand for a login until the host's back end hands them in. */
export interface Codes {
  /** A new code for the login, good for `ttl` milliseconds. */
  issue(attemptId: string, login: VerifiedLogin, ttl: number): Promise<string>;
  /** What a code stands for, once, however many ask together; null for whatever is no code, or no longer. */
  redeem(code: string): Promise<{ attemptId: string; login: VerifiedLogin } | null>;
  withdraw(code: string): Promise<void>;
}

/** 256 random bits. */
const CODE_BYTES = 32;
const CODE = /^[A-Za-z0-9_-]{43}$/;

export function createCodes({ store, keys, random }: { store: Store; keys: KeyRing; random: Random }): Codes {
  // The store holds neither the code nor the tokens in the clear: who reads it can redeem nothing.
  const nameOf = (mac: string): string => `code:${mac}`;
  const names = (code: string): string[] => keys.macs('code-name', code).map(nameOf);
  return {
    async issue(attemptId, login, ttl) {
      const code = random.token(CODE_BYTES);
      const name = nameOf(keys.mac('code-name', code));
      await store.hold(name, keys.seal('code', JSON.stringify({ attemptId, login }), name), ttl);
      return code;
    },
    async redeem(code) {
      if (!CODE.test(code)) return null;
      for (const name of names(code)) {
        const sealed = await store.take(name);
        const text = sealed === null ? null : keys.open('code', sealed, name);
        if (text !== null) return JSON.parse(text) as { attemptId: string; login: VerifiedLogin };
      }
      return null;
    },
    async withdraw(code) {
      for (const name of names(code)) await store.drop(name);
    },
  };
}
