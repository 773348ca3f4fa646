import type { KeyRing } from '../seal.ts';

/**
 * An openid as it may stand in a store's key or, shortened, in the log: under a secret, since who has a list of openids could
 * otherwise find each of them there.
 */
export function personOf(keys: KeyRing, openid: string): string {
  return keys.mac('person', openid);
}

/** The same under every secret, the current one first: what was kept before the secrets were exchanged names them so. */
export function namesOf(keys: KeyRing, openid: string): string[] {
  return keys.macs('person', openid);
}
