import { randomBytes } from 'node:crypto';
import { DEFAULT_BASE_PATH } from '@wechat-follow-login/protocol';
import { createAuthing } from './authing/client.ts';
import { systemClock } from './clock.ts';
import { toCall, toResponse } from './fetch-adapter.ts';
import { createHandler } from './handler.ts';
import type { Call, Reply } from './http.ts';
import { OpenCount, RateLimit } from './limits.ts';
import { createCodes } from './login/codes.ts';
import { createHandOver } from './login/hand-over.ts';
import { createLogin } from './login/login.ts';
import type { Unforwarded } from './login/outbox.ts';
import { createPace } from './login/pace.ts';
import { createProgress } from './login/progress.ts';
import { createResults } from './login/result.ts';
import { createTicketIndex } from './login/ticket-index.ts';
import { createWatch } from './login/watch.ts';
import { guardLog, SILENT } from './log.ts';
import { createMetrics } from './metrics.ts';
import { checkOptions, type CompanionOptions } from './options.ts';
import { createPushDesk } from './push-desk.ts';
import { systemRandom } from './random.ts';
import { createKeyRing } from './seal.ts';
import { createMemoryStore } from './stores/memory.ts';
import { createStreams } from './streams.ts';

/** The companion server, free of any HTTP library. */
export interface Companion {
  /** `address` is the peer's, as the embedding server knows it; without it only the global limits hold. */
  fetch(request: Request, peer?: { address?: string }): Promise<Response>;
  /** Where the endpoints lie, e.g. `/wechat-login`. */
  readonly basePath: string;
  /** The same for adapters that write to a socket themselves, such as the one in `@wechat-follow-login/server/node`. */
  handle(call: Call): Promise<Reply>;
  /** Pushes that never reached Authing, the newest first: empty without Mode 2. Personal data. */
  unforwarded(): Promise<Unforwarded[]>;
  /** Ends streams (spread over `over` ms, default 0), stops looking, closes the store. */
  close(over?: number): Promise<void>;
}

/** New codes a second: 60 a minute for one peer with 20 at once, and a bound on what all of them can cost. */
const CREATE_PER_PEER = { burst: 20, perSecond: 1 };
const CREATE_ALL = { burst: 200, perSecond: 50 };
/** Lines in the log about what anybody can bring about: one a minute in the long run. */
const WARNINGS = { burst: 5, perSecond: 1 / 60 };

/** Throws TypeError naming the option that is not of its form. */
export function createCompanion(options: CompanionOptions): Companion {
  checkOptions(options);
  const { clock = systemClock, random = systemRandom } = options;
  const log = guardLog(options.log ?? SILENT);
  const basePath = options.basePath ?? DEFAULT_BASE_PATH;
  if (!options.secrets) {
    const isCookie = options.delivery === 'cookie';
    const nobody = isCookie ? ', and no back end can open the cookie of DELIVERY=cookie' : '';
    log.warn('secrets.random', { cause: `no COMPANION_SECRETS: a restart ends the logins under way${nobody}` });
  }
  const keys = createKeyRing(options.secrets ?? [randomBytes(32)]);
  const store = options.store ?? createMemoryStore(clock);
  // Looked up at each call, so that a fetch replaced later (by a mock, by instrumentation) is the one that is used.
  const fetch = options.fetch ?? ((input, init) => globalThis.fetch(input, init));
  const metrics = createMetrics();
  const shared = { store, keys, clock, random, log, metrics };
  const upstream = createAuthing(options.authing, { fetch, clock, log, random });
  const results = createResults({ ...shared, upstream });
  const progress = createProgress({ ...shared, results, hostedLoginUrl: options.hostedLoginUrl ?? null });
  const pace = createPace(clock, options.pollBudget ?? 200);
  const { wechat } = options;
  const watch = createWatch({ ...shared, upstream, progress, pace, isTold: wechat !== undefined });
  const tickets = wechat ? createTicketIndex(shared) : null;
  const { attemptTtl = 120, deliverRefreshToken = false, delivery = 'tokens' } = options;
  const codes = createCodes(shared);
  const handOver = createHandOver({ ...shared, delivery, deliverRefreshToken, results, codes });
  const login = createLogin({
    ...shared,
    upstream,
    results,
    handOver,
    codes,
    progress,
    watch,
    attemptTtl,
    tickets,
    asksInChat: wechat?.confirm === 'number',
  });
  const desk = wechat
    ? createPushDesk(wechat, { ...shared, tickets: tickets!, progress, watch, cancel: login.cancel, fetch })
    : null;
  const streams = createStreams({ clock, random });
  metrics.gauge('streams_open', 'Open event streams', () => streams.size);
  const handle = createHandler(
    {
      ...shared,
      login,
      progress,
      watch,
      streams,
      tickets,
      desk,
      account: options.account ? { name: options.account.name ?? null, avatar: options.account.avatar ?? null } : null,
      createLimits: { perPeer: new RateLimit(clock, CREATE_PER_PEER), all: new RateLimit(clock, CREATE_ALL) },
      metricsToken: options.metricsToken ?? null,
      delivery,
      redeemKey: delivery === 'code' ? (options.apiKey ?? null) : null,
      warnings: new RateLimit(clock, WARNINGS),
      waiting: new OpenCount(),
    },
    { basePath, allowedOrigins: new Set(options.allowedOrigins) },
  );
  return {
    async fetch(request, peer = {}) {
      return toResponse(await handle(toCall(request, peer.address ?? null)), request.signal);
    },
    handle,
    basePath,
    unforwarded: async () => desk?.outbox.unforwarded() ?? [],
    async close(over = 0) {
      await streams.close(over);
      await desk?.outbox.close();
      await watch.close();
      await store.close();
    },
  };
}
