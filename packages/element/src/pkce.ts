import { LoginError } from './errors.ts';

/** The secret that releases a result, and what may be shown of it. */
export interface Proof {
  /** 32 random bytes, base64url, 43 chars. Leaves the browser only in the body of a claim. */
  verifier: string;
  /** base64url(SHA-256(verifier)), 43 chars. */
  challenge: string;
}

let prepared: Promise<Proof> | null = null;

/** Makes the next one ahead: digests are made on another thread, and a page's first request would wait for its own. */
export function prepareProof(): void {
  prepared ??= makeProof();
  prepared.catch(() => {}); // told to who asks for it
}

/** Throws LoginError `insecure_context` on plain http: without crypto.subtle there is no proof, and no weaker one. */
export function createProof(): Promise<Proof> {
  const proof = prepared ?? makeProof();
  prepared = null; // no two attempts share one
  return proof;
}

async function makeProof(): Promise<Proof> {
  if (!globalThis.crypto?.subtle) {
    throw new LoginError('insecure_context', 'Needs a secure context: serve the page over https');
  }
  const verifier = base64url(crypto.getRandomValues(new Uint8Array(32)));
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier));
  return { verifier, challenge: base64url(new Uint8Array(digest)) };
}

function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}
