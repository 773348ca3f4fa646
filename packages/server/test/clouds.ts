import { generateKeyPairSync } from 'node:crypto';
import type { CompanionOptions, WechatOptions } from '../src/index.ts';
import { createSandbox, SANDBOX_DEFAULTS, type Sandbox, type SandboxOptions } from '../../sandbox/src/index.ts';
import { FakeClock } from './fake-clock.ts';
import { Harness } from './harness.ts';

const PUSH_URL = 'https://login.example/wechat-login/wechat/push';
const APP_HOST = 'https://app.authing.example';

/** What a fetch over a network does with what the sandbox answers: redirects and aborts. */
function fetchFrom(sandbox: Sandbox, tickets: string[]): NonNullable<CompanionOptions['fetch']> {
  return (input, init) =>
    new Promise((resolve, reject) => {
      init?.signal?.addEventListener('abort', () => reject(new Error('aborted')), { once: true });
      sandbox.fetch(new Request(input, { ...init, signal: null })).then(async (response) => {
        if (String(input).endsWith('/gene-qrcode')) tickets.push(ticketIn(await response.clone().text()));
        const isRedirect = response.status >= 300 && response.status < 400;
        if (isRedirect && init?.redirect === 'error')
          reject(new TypeError('fetch failed', { cause: new Error('unexpected redirect') }));
        else resolve(response);
      }, reject);
    });
}

/** One for all tests of a file: making an RSA key takes longer than a login. */
const SIGNING_KEY = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' });

/** The sandbox copies its clock's properties, and a class keeps its methods elsewhere. */
function methodsOf(clock: FakeClock): NonNullable<SandboxOptions['clock']> {
  return {
    now: clock.now,
    setTimeout: (run, ms) => clock.setTimeout(run, ms),
    clearTimeout: (timer) => clock.clearTimeout(timer),
  };
}

/** Every id and secret that the sandbox's WeChat account needs of its server. */
export const MODE_2: WechatOptions = {
  appId: SANDBOX_DEFAULTS.wechatAppId,
  token: SANDBOX_DEFAULTS.wechatToken,
  encodingAESKey: SANDBOX_DEFAULTS.encodingAESKey,
  eventsUrl: `${APP_HOST}/connections/social/${SANDBOX_DEFAULTS.identifier}/${SANDBOX_DEFAULTS.userPoolId}/events`,
};

/** The same in Mode 2: WeChat's pushes reach the companion, and it alone tells Authing. */
export function withPushes(
  wechat: Partial<WechatOptions> = {},
  sandboxOptions: SandboxOptions = {},
  companion: Parameters<typeof withClouds>[1] = {},
): ReturnType<typeof withClouds> {
  const clouds = withClouds(
    {
      pushUrl: PUSH_URL,
      // A push that is left without an answer is a connection that closes.
      fetch: (input, init) => clouds.harness.companion.fetch(new Request(input, init)),
      ...sandboxOptions,
    },
    { wechat: { ...MODE_2, ...wechat }, ...companion },
  );
  return clouds;
}

interface Clouds {
  harness: Harness;
  sandbox: Sandbox;
  /** WeChat's, of every code made. */
  tickets: string[];
  /** What the companion reaches the world with, to be listened to or changed. */
  outside: { fetch: NonNullable<CompanionOptions['fetch']> };
}

function ticketIn(answer: string): string {
  return decodeURIComponent(/user-contentsqrcode\/[^/"]+\/([^"]+)\.png/.exec(answer)?.[1] ?? '');
}

/** A companion and the sandbox's clouds on one clock that stands still. */
export function withClouds(
  sandboxOptions: SandboxOptions = {},
  companion: Omit<Partial<CompanionOptions>, 'authing' | 'clock'> & {
    authing?: Partial<CompanionOptions['authing']>;
    clock?: FakeClock;
  } = {},
): Clouds {
  const { clock = new FakeClock() } = companion;
  const tickets: string[] = [];
  const sandbox = createSandbox({ baseUrl: APP_HOST, clock: methodsOf(clock), keys: SIGNING_KEY, ...sandboxOptions });
  const authing = {
    appHost: APP_HOST,
    appId: SANDBOX_DEFAULTS.appId,
    appSecret: SANDBOX_DEFAULTS.appSecret,
    qrHosts: ['app.authing.example'],
    ...companion.authing,
  };
  const outside = { fetch: fetchFrom(sandbox, tickets) };
  const fetch: CompanionOptions['fetch'] = (input, init) => outside.fetch(input, init);
  return { sandbox, tickets, outside, harness: new Harness({ fetch, ...companion, authing }, clock) };
}
