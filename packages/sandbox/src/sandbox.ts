import { randomBytes } from 'node:crypto';
import type { JWK } from 'jose';
import { internalError, authingV3Routes } from './authing/v3.ts';
import { authingV2Routes } from './authing/v2.ts';
import { tooMany } from './authing/envelope.ts';
import { eventsPath, eventsRoutes } from './authing/events.ts';
import { createLoginCodes } from './authing/login-codes.ts';
import { oidcRoutes } from './authing/oidc.ts';
import { pictureRoutes } from './authing/pictures.ts';
import { createTokens } from './authing/tokens.ts';
import type { SandboxClock } from './clock.ts';
import { realClock } from './clock.ts';
import { controlRoutes } from './control.ts';
import { SANDBOX_DEFAULTS } from './defaults.ts';
import type { Faults } from './faults.ts';
import { createFaults } from './faults.ts';
import { corsHeaders, text } from './http.ts';
import type { CallEntry, SandboxLog } from './log.ts';
import { append, createLog, withoutSecrets } from './log.ts';
import { phonePageRoutes } from './phone-page.ts';
import type { RandomBytes } from './random-text.ts';
import { createServerUrl } from './server-url.ts';
import type { Switches, SwitchValues } from './switches.ts';
import { createSwitches } from './switches.ts';
import { errcode, wechatRoutes } from './wechat/api.ts';
import { createDeliverer } from './wechat/delivery.ts';
import { createPeople } from './wechat/people.ts';
import type { Phone } from './wechat/phone.ts';
import { createPhone } from './wechat/phone.ts';
import { createWechatPlatform } from './wechat/platform.ts';
import type { PushMode } from './wechat/push.ts';
import type { Tamper, Tampering } from './wechat/tamper.ts';
import type { UrlCheck } from './wechat/verify-url.ts';
import type { Account, Call, Route, World } from './world.ts';
import { findRoute } from './world.ts';

export interface SandboxOptions extends Partial<Account> {
  /** Origin of the addresses the clouds hand out (issuer, pictures). Default: the origin of the request. */
  baseUrl?: string;
  /** Where WeChat pushes. Default: Authing's own events endpoint in this sandbox (Mode 1). */
  pushUrl?: string | null;
  /** How WeChat pushes. Default `secure`. */
  mode?: PushMode;
  switches?: Partial<SwitchValues>;
  /** What happens to the first pushes on their way. */
  tamper?: readonly Tamper[];
  /** Time in milliseconds and timers; give all three for a fake clock, or `now` alone. */
  clock?: SandboxClock;
  now?: () => number;
  random?: RandomBytes;
  /** Sends the pushes to `pushUrl`. Default: the global one. */
  fetch?: typeof globalThis.fetch;
  /** Private RSA JWK that signs the tokens. Default: generated on first use. */
  keys?: JWK;
  /** Authing's 安全域. Default: not restricted. */
  allowedOrigins?: readonly string[];
  /** Custom code after authentication: gets `{context, userId, appId}` (the switch O29 shapes `context`). */
  pipeline?: (input: unknown) => unknown;
}

export interface Sandbox {
  /** Answers any host name: only the path counts. Throws a TypeError where a fault breaks the connection. */
  fetch(request: Request): Promise<Response>;
  readonly switches: Switches;
  readonly phone: Phone;
  readonly faults: Faults;
  /** What happens to pushes on their way: forged, repeated, delayed … */
  readonly tamper: Tampering;
  readonly log: SandboxLog;
  /** The ids and secrets this sandbox plays with. */
  readonly account: Readonly<Account>;
  /** Path of Authing's events endpoint. */
  readonly eventsPath: string;
  /** Where WeChat pushes from now on; null is Mode 1. */
  setPushUrl(url: string | null): void;
  setMode(mode: PushMode): void;
  /** What the console does when the server configuration is saved: asks the push URL to prove that it knows the Token. */
  verifyUrl(): Promise<UrlCheck>;
  /** Codes, people, chats, faults, log and switches back to the start; the signing key stays. */
  reset(): void;
  /** Ends hanging requests and forgets timers. */
  close(): void;
}

const INTERNAL_BASE = 'http://sandbox.invalid';

function accountOf(options: SandboxOptions): Account {
  const account: Record<string, unknown> = { ...SANDBOX_DEFAULTS };
  for (const name of Object.keys(SANDBOX_DEFAULTS)) {
    const value = options[name as keyof Account];
    if (value !== undefined) account[name] = value;
  }
  return account as unknown as Account;
}

export function createSandbox(options: SandboxOptions = {}): Sandbox {
  const now = options.now ?? options.clock?.now ?? realClock.now;
  const clock: SandboxClock = { ...realClock, ...options.clock, now: () => now() };
  const world: World = {
    account: accountOf(options),
    mode: options.mode ?? 'secure',
    pushUrl: options.pushUrl ?? null,
    clock,
    random: options.random ?? ((length) => randomBytes(length)),
    switches: createSwitches(options.switches),
    log: createLog(),
    people: createPeople(() => now()),
    allowedOrigins: options.allowedOrigins ?? [],
  };

  let close = () => {};
  const closed = new Promise<void>((resolve) => {
    close = resolve;
  });
  const platform = createWechatPlatform(world);
  const tokens = createTokens(world, options.keys);
  const codes = createLoginCodes({ world, platform, ...(options.pipeline && { pipeline: options.pipeline }) });
  const v3 = authingV3Routes({ world, platform, codes, tokens });
  const faults = createFaults(
    clock,
    {
      error: (status) => internalError(world, status),
      tooMany: () => tooMany(world),
      errcode: (code) => errcode(world, code),
    },
    closed,
  );

  const serverUrl = createServerUrl(world, {
    base: options.baseUrl ?? INTERNAL_BASE,
    // The global one of the moment: tests put their own in its place.
    fetch: (input, init) => (options.fetch ?? globalThis.fetch)(input, init),
    sandbox: (request) => handle(request),
  });
  const deliverer = createDeliverer(world, serverUrl.push);
  const phone = createPhone({ world, platform, deliverer, onCancel: codes.cancel, waits: serverUrl.isAuthing });
  const { tamper } = deliverer;
  for (const one of options.tamper ?? []) tamper.add(one);

  const reset = () => {
    platform.reset();
    codes.reset();
    v3.reset();
    deliverer.reset();
    world.people.reset();
    world.switches.reset();
    world.log.clear();
    faults.clear();
  };

  const own: Route[] = [
    ...phonePageRoutes(),
    ...controlRoutes({ world, faults, tamper, phone, askUrl: serverUrl.verify, reset }),
  ];
  const clouds: Route[] = [
    ...pictureRoutes(world, codes),
    ...eventsRoutes(world, codes),
    ...oidcRoutes(world, tokens),
    ...authingV2Routes({ world, codes, tokens }),
    ...wechatRoutes(world, platform),
    ...v3.routes,
  ];

  const answerCloud = async (route: Route, call: Call): Promise<Response> => {
    const { request, url } = call;
    const clientIp = world.switches.get('O32') === 'recorded' ? request.headers.get('x-real-ip') : null;
    const entry: CallEntry = {
      at: now(),
      method: request.method,
      path: withoutSecrets(url.pathname),
      status: 'lost',
      ...(clientIp === null ? {} : { clientIp }),
    };
    append(world.log.calls, entry);
    const response = await faults.run(request, url.pathname, async () => route.handle(call));
    entry.status = response.status;
    const origin = request.headers.get('origin');
    if (origin !== null && !response.headers.has('access-control-allow-origin') && url.pathname.startsWith('/api/')) {
      for (const [name, value] of Object.entries(corsHeaders(origin))) response.headers.set(name, value);
    }
    return response;
  };

  const handle = async (request: Request): Promise<Response> => {
    const url = new URL(request.url);
    const base = options.baseUrl ?? url.origin;
    const mine = findRoute(own, request.method, url.pathname);
    if (mine) return mine[0].handle({ request, url, base, params: mine[1] });
    if (request.method === 'OPTIONS' && url.pathname.startsWith('/api/')) {
      return new Response(null, { status: 204, headers: corsHeaders(request.headers.get('origin') ?? '*') });
    }
    const found = findRoute(clouds, request.method, url.pathname);
    if (found) return answerCloud(found[0], { request, url, base, params: found[1] });
    return url.pathname === '/' ? Response.redirect(`${base}/phone`, 302) : text('Not Found', 404);
  };

  return {
    fetch: handle,
    switches: world.switches,
    phone,
    faults,
    tamper,
    log: world.log,
    account: world.account,
    eventsPath: eventsPath(world),
    setPushUrl: (url) => {
      world.pushUrl = url;
    },
    setMode: (mode) => {
      world.mode = mode;
    },
    verifyUrl: serverUrl.verify,
    reset,
    close: () => {
      deliverer.reset();
      close();
    },
  };
}
