import { CompanionError } from '../errors.ts';
import { json, type Call, type Reply } from '../http.ts';
import type { Context } from './context.ts';

/** `GET /healthz`: the process answers. */
export async function health(call: Call): Promise<Reply> {
  return forMethod(call, json(200, { status: 'ok' }));
}

/** `GET /readyz`: it can also serve logins. */
export async function ready(call: Call, _id: string, { store, streams, log }: Context): Promise<Reply> {
  if (streams.closing) throw new CompanionError('upstream_unavailable', 'shutting down', { retryAfter: 5 });
  try {
    await store.ping();
  } catch (error) {
    log.error('store.unavailable', { cause: error instanceof Error ? error.name : 'unknown' });
    throw new CompanionError('upstream_unavailable', 'the store cannot be reached', { cause: error, retryAfter: 5 });
  }
  return forMethod(call, json(200, { status: 'ready' }));
}

/** Many balancers probe with HEAD. */
function forMethod(call: Call, reply: Reply): Reply {
  return call.method === 'HEAD' ? { ...reply, body: null } : reply;
}
