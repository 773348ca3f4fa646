import { createHash, timingSafeEqual } from 'node:crypto';
import type { Call } from '../http.ts';

const BEARER = /^Bearer +(\S+)$/i;

/** Whether the call carries this key as Bearer. Digests are compared: equal lengths, in constant time. */
export function holdsKey({ header }: Pick<Call, 'header'>, key: string): boolean {
  const given = BEARER.exec(header('authorization') ?? '')?.[1];
  return given !== undefined && timingSafeEqual(digest(given), digest(key));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
