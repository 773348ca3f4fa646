import type { CompanionOptions } from '../src/index.ts';
import { createSandbox, SANDBOX_DEFAULTS, type Sandbox, type SandboxOptions } from '../../sandbox/src/index.ts';
import { FakeClock } from './fake-clock.ts';
import { Harness } from './harness.ts';

const APP_HOST = 'https://app.authing.example';

/** What a fetch over a network does with what the sandbox answers: redirects and aborts. */
function fetchFrom(sandbox: Sandbox): NonNullable<CompanionOptions['fetch']> {
  return (input, init) =>
    new Promise((resolve, reject) => {
      init?.signal?.addEventListener('abort', () => reject(new Error('aborted')), { once: true });
      sandbox.fetch(new Request(input, { ...init, signal: null })).then((response) => {
        const isRedirect = response.status >= 300 && response.status < 400;
        if (isRedirect && init?.redirect === 'error')
          reject(new TypeError('fetch failed', { cause: new Error('unexpected redirect') }));
        else resolve(response);
      }, reject);
    });
}

/** A companion and the sandbox's clouds on one clock that stands still. */
export function withClouds(
  sandboxOptions: SandboxOptions = {},
  companion: Omit<Partial<CompanionOptions>, 'authing'> & { authing?: Partial<CompanionOptions['authing']> } = {},
): { harness: Harness; sandbox: Sandbox } {
  const clock = new FakeClock();
  const sandbox = createSandbox({ baseUrl: APP_HOST, clock, ...sandboxOptions });
  const authing = {
    appHost: APP_HOST,
    appId: SANDBOX_DEFAULTS.appId,
    appSecret: SANDBOX_DEFAULTS.appSecret,
    qrHosts: ['app.authing.example'],
    ...companion.authing,
  };
  return { sandbox, harness: new Harness({ fetch: fetchFrom(sandbox), ...companion, authing }, clock) };
}
