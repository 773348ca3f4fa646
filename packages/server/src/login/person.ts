import { createHash } from 'node:crypto';

/** An openid as it may stand in a store's key or, shortened, in the log. Not under a secret: secrets are exchanged. */
export function personOf(openid: string): string {
  return createHash('sha256').update(`openid:${openid}`).digest('base64url');
}
