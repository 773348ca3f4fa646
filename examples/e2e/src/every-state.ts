import type { BrowserContext, Page } from 'playwright';
import { openScripted, tell, type ScriptedOptions } from './scripted-page.ts';
import { tag } from './site.ts';
import { stateIs } from './world.ts';

const ENDPOINT = 'https://login.test/wechat-login';
const ended = (code: string, more: object = {}) => ({ seq: 4, error: { code, retryable: true, ...more } });

/** How a page gets into each state, from a fresh element on: by the companion's answers alone. */
const WAYS: Record<string, { attributes?: string; go?: (page: Page) => Promise<unknown> } & ScriptedOptions> = {
  idle: { attributes: 'manual' },
  loading: { set: { refusal: 'never' } },
  ready: {},
  scanned: { go: (page) => tell(page, { seq: 1, status: 'scanned', newFollower: true }) },
  confirming: {
    set: { attempt: { expiresIn: 120, confirmNumber: '42', account: { name: 'Lantern Leaf', avatar: null } } },
    go: (page) => tell(page, { seq: 2, status: 'confirming' }),
  },
  authorized: { set: { holdsClaims: true }, go: (page) => tell(page, { seq: 3, status: 'authorized' }) },
  success: { go: (page) => tell(page, { seq: 3, status: 'authorized' }) },
  expired: { attributes: 'auto-refresh="0"', go: (page) => tell(page, { status: 'expired', ...ended('expired') }) },
  cancelled: { go: (page) => tell(page, { status: 'cancelled', ...ended('attempt_cancelled') }) },
  'step-required': {
    go: (page) =>
      tell(page, { status: 'step_required', ...ended('step_required', { url: 'https://login.test/step' }) }),
  },
  error: {
    set: { refusal: { status: 503, body: { status: 503, code: 'upstream_unavailable', retryable: true } } },
  },
};

export const STATES = Object.keys(WAYS);

export async function openIn(state: string, context: BrowserContext, lang = 'en'): Promise<Page> {
  const { attributes, go, ...options } = WAYS[state]!;
  const page = await openScripted(context, tag(ENDPOINT, attributes), { ...options, lang });
  if (go) {
    await stateIs(page, 'ready');
    await page.waitForFunction(
      () => (globalThis as unknown as { companion: { streams: [] } }).companion.streams.length,
    );
    await go(page);
  }
  await stateIs(page, state);
  return page;
}
