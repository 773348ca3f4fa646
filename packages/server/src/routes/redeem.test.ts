import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import test from 'node:test';
import { FakeClock } from '../../test/fake-clock.ts';
import { Harness, PAGE, type Browser } from '../../test/harness.ts';
import { ok, tokenSet } from '../../test/scripted-authing.ts';
import { createMemoryStore, type CompanionOptions, type Store } from '../index.ts';

const API_KEY = 'api-key-CANARY-0123456789abcdef0';
const TOKEN_NAMES = ['access_token', 'expires_in', 'id_token', 'scope', 'token_type'];

/** A login that is ready to be claimed. */
async function ready(options: Partial<CompanionOptions> = {}) {
  const harness = new Harness({ delivery: 'code', apiKey: API_KEY, ...options });
  const browser = await authorized(harness);
  return { harness, browser };
}

async function authorized(harness: Harness): Promise<Browser> {
  const browser = await harness.begin();
  harness.authing.script.status = [ok({ status: 'AUTHORIZED', ticket: 'login-ticket' })];
  harness.authing.script.exchange = [ok(await tokenSet(harness.clock.now()))];
  await harness.clock.advance(3_000);
  return browser;
}

type Result = { delivery: string; user: object; code: string; expiresIn: number };
const resultOf = async (browser: Browser): Promise<Result> => (await (await browser.claim()).json()) as Result;

function handIn(
  harness: Harness,
  code: unknown,
  headers: Record<string, string | null> = {},
  method = 'POST',
): Promise<Response> {
  return harness.request('/codes/redeem', {
    method,
    headers: { origin: null, authorization: `Bearer ${API_KEY}`, 'content-type': 'application/json', ...headers },
    ...(method === 'POST' ? { body: typeof code === 'string' && code.startsWith('{') ? code : { code } } : {}),
  });
}

/** 200, or status and code in one word. */
async function redeemed(...args: Parameters<typeof handIn>): Promise<string> {
  const response = await handIn(...args);
  const body = (await response.json()) as { code?: string };
  return response.status === 200 ? '200' : `${response.status} ${body.code}`;
}

test('the browser gets a code and who it is, never a token; the back end gets tokens and user for it', async () => {
  const { harness, browser } = await ready();
  const result = await resultOf(browser);
  const user = { sub: 'user-1', name: '小明', picture: null };
  assert.deepEqual(result, { delivery: 'code', user, code: result.code, expiresIn: 60 });
  assert.match(result.code, /^[A-Za-z0-9_-]{43}$/);
  const answer = await handIn(harness, result.code);
  assert.equal(answer.status, 200);
  assert.equal(answer.headers.get('cache-control'), 'no-store');
  const body = (await answer.json()) as { tokens: Record<string, unknown>; user: object };
  assert.deepEqual(Object.keys(body).sort(), ['tokens', 'user']);
  assert.deepEqual(body.user, user);
  assert.deepEqual(Object.keys(body.tokens).sort(), TOKEN_NAMES);
  assert.equal(body.tokens.access_token, 'access-token-CANARY');
});

test('a code is good once, also when the claim is repeated after it was redeemed', async () => {
  const { harness, browser } = await ready();
  const { code } = await resultOf(browser);
  assert.equal(await redeemed(harness, code), '200');
  assert.equal(await redeemed(harness, code), '410 code_expired');
  assert.equal((await resultOf(browser)).code, code);
  assert.equal(await redeemed(harness, code), '410 code_expired');
});

test('of many that redeem one code at once, one gets the tokens', async () => {
  const { harness, browser } = await ready();
  const { code } = await resultOf(browser);
  const answers = await Promise.all(Array.from({ length: 50 }, () => redeemed(harness, code)));
  assert.equal(answers.filter((answer) => answer === '200').length, 1);
  assert.equal(answers.filter((answer) => answer === '410 code_expired').length, 49);
});

test('a repeated claim gives the same code and the time left; 60 s after the first both are over', async () => {
  const { harness, browser } = await ready();
  const first = await resultOf(browser);
  await harness.clock.advance(30_500);
  assert.deepEqual(await resultOf(browser), { ...first, expiresIn: 30 });
  await harness.clock.advance(29_400);
  assert.deepEqual(await resultOf(browser), { ...first, expiresIn: 1 });
  await harness.clock.advance(100);
  assert.equal(await browser.claimed(), '410 attempt_expired');
  assert.equal(await redeemed(harness, first.code), '410 code_expired');
});

test('a code lives to its last moment', async () => {
  const { harness, browser } = await ready();
  const { code } = await resultOf(browser);
  await harness.clock.advance(59_999);
  assert.equal(await redeemed(harness, code), '200');
});

test('a claim in the last second of a held result still gives a code of 60 s', async () => {
  const { harness, browser } = await ready();
  await browser.snapshot();
  await harness.clock.advance(179_000);
  const first = await resultOf(browser);
  assert.equal(first.expiresIn, 60);
  await harness.clock.advance(59_000);
  assert.deepEqual(await resultOf(browser), { ...first, expiresIn: 1 });
  assert.equal(await redeemed(harness, first.code), '200');
});

test('100 claims at once give one code, and no other one exists', async () => {
  const issued: string[] = [];
  const random = {
    token: (bytes: number) => note(randomBytes(bytes).toString('base64url')),
    between: (from: number) => from,
  };
  const note = (token: string): string => (issued.push(token), token);
  const { harness, browser } = await ready({ random });
  issued.length = 0;
  const results = await Promise.all(Array.from({ length: 100 }, () => resultOf(browser)));
  const codes = new Set(results.map(({ code }) => code));
  assert.equal(codes.size, 1);
  assert.equal(harness.authing.count('exchange'), 1);
  const made = issued.filter((token) => token.length === 43);
  assert.ok(made.length > 1, 'they did meet');
  const answers = await Promise.all(made.map((code) => redeemed(harness, code)));
  assert.equal(answers.filter((answer) => answer === '200').length, 1);
});

test('whatever is no code of ours is answered as one that is over, a near miss too', async () => {
  const { harness, browser } = await ready();
  const { code } = await resultOf(browser);
  const other = await resultOf(await authorized(harness));
  const flipped = `${code.startsWith('A') ? 'B' : 'A'}${code.slice(1)}`;
  const id = browser.attempt.id;
  for (const wrong of [
    '',
    'x',
    flipped,
    code.slice(0, -1),
    `${code}A`,
    `${code} `,
    code.toUpperCase(),
    id,
    browser.verifier,
    `code:${code}`,
  ]) {
    assert.equal(await redeemed(harness, wrong), '410 code_expired', wrong);
  }
  for (const wrong of [undefined, null, 7, [code], { code }, '{', '{"code":7}']) {
    assert.equal(await redeemed(harness, wrong), '400 invalid_request', JSON.stringify(wrong));
  }
  assert.equal(await redeemed(harness, `{"code":"${'A'.repeat(9_000)}"}`), '413 body_too_large');
  assert.equal(await redeemed(harness, code, { 'content-type': 'text/plain' }), '415 unsupported_media_type');
  // None of these has spent it, or its neighbour.
  assert.equal(await redeemed(harness, code), '200');
  assert.equal(await redeemed(harness, other.code), '200');
});

test('a wrong key is refused alike whatever it is, before the body is read, and spends nothing', async () => {
  const { harness, browser } = await ready();
  const { code } = await resultOf(browser);
  const bodies = new Set<string>();
  for (const authorization of [
    null,
    '',
    'Bearer',
    API_KEY,
    `Basic ${API_KEY}`,
    `Bearer ${API_KEY.slice(0, -1)}`,
    `Bearer ${API_KEY}0`,
    `Bearer ${API_KEY.toLowerCase()}`,
    `Bearer ${API_KEY}, Bearer ${API_KEY}`,
    `Bearer ${'x'.repeat(5_000)}`,
    `Bearer ${browser.attempt.watchToken}`,
    `Bearer ${code}`,
  ]) {
    for (const sent of [code, '{', `{"code":"${'A'.repeat(9_000)}"}`]) {
      const response = await handIn(harness, sent, { authorization, 'content-type': 'application/json' });
      assert.equal(response.status, 401, String(authorization));
      assert.equal(response.headers.get('www-authenticate'), 'Bearer');
      bodies.add(JSON.stringify({ ...((await response.json()) as object), requestId: '' }));
    }
  }
  assert.equal(bodies.size, 1);
  assert.match([...bodies][0]!, /"code":"invalid_token"/);
  assert.equal(await redeemed(harness, code), '200');
});

test('a long key is as good as a short one', async () => {
  const apiKey = 'k'.repeat(2_000);
  const { harness, browser } = await ready({ apiKey });
  const { code } = await resultOf(browser);
  assert.equal(await redeemed(harness, code, { authorization: `Bearer ${apiKey.slice(1)}` }), '401 invalid_token');
  assert.equal(await redeemed(harness, code, { authorization: `Bearer ${apiKey}` }), '200');
});

test('a flood of wrong keys neither shuts the right one out nor floods the log', async () => {
  const { harness, browser } = await ready();
  const { code } = await resultOf(browser);
  for (let i = 0; i < 200; i++) await handIn(harness, code, { authorization: `Bearer wrong-${i}` });
  const lines = harness.log.filter((line) => line.includes('redeem.wrong_key'));
  assert.ok(lines.length >= 1 && lines.length <= 10, String(lines.length));
  assert.equal(await redeemed(harness, code), '200');
});

test('no page may redeem: an Origin is refused without a CORS grant, listed or not, preflight or call', async () => {
  const { harness, browser } = await ready();
  const { code } = await resultOf(browser);
  for (const origin of [PAGE, 'https://login.example', 'https://evil.example', 'null']) {
    for (const method of ['POST', 'OPTIONS']) {
      const response = await handIn(harness, code, { origin, 'access-control-request-method': 'POST' }, method);
      assert.equal(response.status, 403, `${method} ${origin}`);
      assert.equal(response.headers.get('access-control-allow-origin'), null);
      assert.equal(((await response.json()) as { code: string }).code, 'origin_not_allowed');
    }
  }
  assert.equal(await redeemed(harness, code), '200');
});

test('with another delivery there is no such route, whatever the method', async () => {
  for (const delivery of ['tokens', 'cookie'] as const) {
    const harness = new Harness({ delivery, apiKey: API_KEY });
    assert.equal(await redeemed(harness, 'x'), '404 not_found');
    assert.equal((await handIn(harness, 'x', {}, 'GET')).status, 404);
  }
  const { harness } = await ready();
  const wrongMethod = await handIn(harness, 'x', {}, 'GET');
  assert.deepEqual([wrongMethod.status, wrongMethod.headers.get('allow')], [405, 'POST, OPTIONS']);
});

test('a refresh token is in what is redeemed only where the operator asked for it', async () => {
  const { harness, browser } = await ready({ deliverRefreshToken: true });
  const text = await (await browser.claim()).text();
  assert.ok(!text.includes('CANARY'));
  const answer = await handIn(harness, (JSON.parse(text) as Result).code);
  const { tokens } = (await answer.json()) as { tokens: Record<string, unknown> };
  assert.equal(tokens.refresh_token, 'refresh-token-CANARY');
});

test('a login that is cancelled after its code was handed over gives nothing to who redeems the code', async () => {
  const { harness, browser } = await ready();
  const { code } = await resultOf(browser);
  assert.equal((await browser.cancel()).status, 204);
  assert.equal(await redeemed(harness, code), '410 code_expired');
});

test('five wrong verifiers kill a code that was handed over, four do not', async () => {
  for (const [wrong, answer] of [
    [4, '200'],
    [5, '410 code_expired'],
  ] as const) {
    const { harness, browser } = await ready();
    const { code } = await resultOf(browser);
    for (let i = 0; i < wrong; i++) assert.equal(await browser.claimed('A'.repeat(43)), '403 verifier_mismatch');
    assert.equal(await redeemed(harness, code), answer);
  }
});

test('a cancel between any two steps of the claim leaves no code that is good', async () => {
  const ends = new Set<number>();
  for (let at = 0, reached = true; reached; at++) {
    reached = false;
    let steps = 0;
    let cancel: (() => Promise<unknown>) | null = null;
    const clock = new FakeClock();
    const inner = createMemoryStore(clock);
    const store = new Proxy(inner, {
      get: (target, name: keyof Store) =>
        async function step(...args: unknown[]): Promise<unknown> {
          if (cancel && steps++ === at) {
            const now = cancel;
            cancel = null;
            reached = true;
            await now();
          }
          return (target[name] as (...given: unknown[]) => Promise<unknown>)(...args);
        },
    });
    const harness = new Harness({ delivery: 'code', apiKey: API_KEY, store }, clock);
    const browser = await authorized(harness);
    cancel = () => browser.cancel();
    const response = await browser.claim();
    if (!reached) break;
    ends.add(response.status);
    const { code } = (await response.json()) as Result;
    assert.equal(await redeemed(harness, code), '410 code_expired', `before step ${at}`);
  }
  assert.deepEqual([...ends].sort(), [200, 410]);
});

test('a code outlives the companion that made it, and secrets that were exchanged', async () => {
  const secrets = [randomBytes(32)];
  const clock = new FakeClock();
  const store = createMemoryStore(clock);
  const options = { delivery: 'code', apiKey: API_KEY, store } as const;
  const before = new Harness({ ...options, secrets }, clock);
  const { code } = await resultOf(await authorized(before));
  const after = new Harness({ ...options, secrets: [randomBytes(32), ...secrets] }, clock);
  assert.equal(await redeemed(after, code), '200');
  assert.equal(await redeemed(before, code), '410 code_expired');
});

test('who reads the store finds neither code nor token, and after the code was redeemed no sealed token either', async () => {
  const held = new Map<string, string>();
  const clock = new FakeClock();
  const store = createMemoryStore(clock);
  const spied = {
    ...store,
    hold: (key: string, value: string, ttl: number) => (held.set(key, value), store.hold(key, value, ttl)),
    holdFirst: (key: string, value: string, ttl: number) => (held.set(key, value), store.holdFirst(key, value, ttl)),
    drop: (key: string) => (held.delete(key), store.drop(key)),
    take: (key: string) => (held.delete(key), store.take(key)),
  };
  const harness = new Harness({ delivery: 'code', apiKey: API_KEY, store: spied }, clock);
  const { code } = await resultOf(await authorized(harness));
  const dump = JSON.stringify([...held]);
  assert.ok(held.size >= 2 && !dump.includes(code) && !dump.includes('CANARY'));
  assert.equal(await redeemed(harness, code), '200');
  assert.deepEqual(
    [...held.keys()].map((key) => key.split(':')[0]),
    ['handed-over'],
  );
});
