import { PROBLEMS, type Problem } from '@wechat-follow-login/protocol';
import { CompanionError, NoAnswer } from './errors.ts';
import { json, type Call, type Reply } from './http.ts';
import { cancel } from './routes/cancel.ts';
import { claim } from './routes/claim.ts';
import type { Context } from './routes/context.ts';
import { create } from './routes/create.ts';
import { events } from './routes/events.ts';
import { health, ready } from './routes/health.ts';
import { metrics } from './routes/metrics.ts';
import { push, verifyUrl } from './routes/push.ts';
import { redeem } from './routes/redeem.ts';
import { snapshot } from './routes/snapshot.ts';

type Route = (call: Call, id: string, context: Context) => Promise<Reply>;

/** Every path below the base path, with its methods. `{id}` is what `attempt` matches. */
const ROUTES: ReadonlyArray<readonly [RegExp, Readonly<Record<string, Route>>]> = [
  [/^\/attempts$/, { POST: (call, _id, context) => create(call, context) }],
  [/^\/attempts\/([A-Za-z0-9_-]{1,64})$/, { GET: snapshot, DELETE: cancel }],
  [/^\/attempts\/([A-Za-z0-9_-]{1,64})\/events$/, { GET: events }],
  [/^\/attempts\/([A-Za-z0-9_-]{1,64})\/claim$/, { POST: claim }],
  [/^\/wechat\/push$/, { GET: verifyUrl, POST: push }],
  [/^\/healthz$/, { GET: health, HEAD: health }],
  [/^\/readyz$/, { GET: ready, HEAD: ready }],
  [/^\/metrics$/, { GET: metrics }],
];

/** There with delivery `code` alone. A back end's call: no page's origin is let in, however listed. */
const REDEEM = /^\/codes\/redeem$/;

const SECURITY_HEADERS = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
};

/** Call → Reply, and the only place where an error becomes a problem. */
export function createHandler(
  context: Context,
  { basePath, allowedOrigins }: { basePath: string; allowedOrigins: ReadonlySet<string> },
): (call: Call) => Promise<Reply> {
  const routes = context.redeemKey === null ? ROUTES : ([...ROUTES, [REDEEM, { POST: redeem }]] as const);
  const pathOf = (call: Call): string => (call.path.startsWith(`${basePath}/`) ? call.path.slice(basePath.length) : '');
  return async (call) => {
    const path = pathOf(call);
    const isForPages = context.redeemKey === null || !REDEEM.test(path);
    const requestId = context.random.token(9);
    const origin = call.header('origin');
    const isAllowed = origin !== null && isForPages && allowedOrigins.has(origin);
    const reply = await (async () => {
      try {
        if (origin !== null && !isAllowed) throw new CompanionError('origin_not_allowed');
        return await dispatch(call, path, routes, context);
      } catch (error) {
        if (error instanceof NoAnswer) throw error;
        return problem(error, requestId, context);
      }
    })();
    return {
      ...reply,
      headers: {
        ...SECURITY_HEADERS,
        'cache-control': 'no-store',
        vary: 'Origin',
        'x-request-id': requestId,
        ...(isAllowed
          ? { 'access-control-allow-origin': origin, 'access-control-expose-headers': 'retry-after, x-request-id' }
          : {}),
        ...reply.headers,
      },
    };
  };
}

async function dispatch(call: Call, path: string, routes: typeof ROUTES, context: Context): Promise<Reply> {
  for (const [pattern, methods] of routes) {
    const match = pattern.exec(path);
    if (!match) continue;
    if (call.method === 'OPTIONS') return preflight(call, methods);
    const route = Object.hasOwn(methods, call.method) ? methods[call.method] : undefined;
    if (!route) throw new CompanionError('method_not_allowed', undefined, { headers: { allow: allow(methods) } });
    return route(call, match[1] ?? '', context);
  }
  throw new CompanionError('not_found');
}

function allow(methods: Readonly<Record<string, Route>>): string {
  return [...Object.keys(methods), 'OPTIONS'].join(', ');
}

function preflight(call: Call, methods: Readonly<Record<string, Route>>): Reply {
  const cors: Record<string, string> =
    call.header('origin') === null
      ? {}
      : {
          'access-control-allow-headers': 'authorization, content-type, last-event-id',
          'access-control-allow-methods': 'GET, POST, DELETE',
          'access-control-max-age': '600',
        };
  return { status: 204, headers: { allow: allow(methods), ...cors }, body: null };
}

function problem(error: unknown, requestId: string, { log, metrics: counters }: Context): Reply {
  const known =
    error instanceof CompanionError ? error : new CompanionError('internal_error', undefined, { cause: error });
  const { code, status, retryAfter, headers } = known;
  counters.count('problems', code);
  if (!(error instanceof CompanionError)) {
    log.error('request.failed', {
      requestId,
      cause: error instanceof Error ? `${error.name} at ${firstFrame(error)}` : 'unknown',
    });
  } else {
    log.debug('request.refused', { requestId, code, status });
  }
  const { title, retryable } = PROBLEMS[code];
  const body: Problem = { type: 'about:blank', title, status, code, retryable, requestId };
  const wait = retryAfter ?? (status === 429 || status === 503 ? 5 : null);
  return json(status, body, {
    'content-type': 'application/problem+json',
    ...(wait === null ? {} : { 'retry-after': String(wait) }),
    ...headers,
  });
}

/** Where an unexpected error arose. Its message is left out: nobody has checked that it holds no secret. */
function firstFrame(error: Error): string {
  return /\n\s+at (.+)/.exec(error.stack ?? '')?.[1]?.replace(/\(?(?:file:\/\/)?\/.*\//, '(') ?? 'unknown';
}
