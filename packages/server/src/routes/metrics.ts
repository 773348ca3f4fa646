import { isIPv6 } from 'node:net';
import { CompanionError } from '../errors.ts';
import type { Call, Reply } from '../http.ts';
import { holdsKey } from './bearer.ts';
import type { Context } from './context.ts';

/** What a proxy adds: then the peer on loopback is the proxy and not the one who asks. */
const FORWARDED = ['x-forwarded-for', 'forwarded', 'x-real-ip'];

/** `GET /metrics`: for this machine itself, else for whoever holds METRICS_TOKEN. */
export async function metrics(call: Call, _id: string, { metrics: { text }, metricsToken }: Context): Promise<Reply> {
  if (!isFromHere(call) && !(metricsToken !== null && holdsKey(call, metricsToken))) {
    throw new CompanionError('invalid_token', undefined, { headers: { 'www-authenticate': 'Bearer' } });
  }
  return { status: 200, headers: { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }, body: text() };
}

function isFromHere({ address, header }: Call): boolean {
  if (address === null || FORWARDED.some((name) => header(name) !== null)) return false;
  return address === '::1' || (!isIPv6(address) && address.startsWith('127.'));
}
