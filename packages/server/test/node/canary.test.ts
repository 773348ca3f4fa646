import assert from 'node:assert/strict';
import test from 'node:test';
import { SANDBOX_DEFAULTS } from '../../../sandbox/src/index.ts';
import { withClouds } from '../clouds.ts';
import { PAGE, type Browser, type Harness } from '../harness.ts';

/** Every string inside a JSON value that is long enough to be a secret, by the name of its field. */
function strings(value: unknown, into: Map<string, string>, name = ''): void {
  if (typeof value === 'string' && value.length >= 16) into.set(value, name);
  else if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value)) strings(inner, into, key);
  }
}

const SECRET_FIELDS = new Set(['qrcodeId', 'ticket', 'access_token', 'id_token', 'refresh_token', 'url']);

type Delivery = 'tokens' | 'code' | 'cookie';

/** Where a secret is handed to whom it is for; everywhere else it must not be. The claim and the redemption by their bodies. */
const MAY_HOLD: Record<Delivery, Record<string, string[]>> = {
  tokens: { 'POST /attempts': ['watchToken'], claim: ['access_token', 'id_token'] },
  code: { 'POST /attempts': ['watchToken'], claim: ['code'], redeem: ['access_token', 'id_token'] },
  cookie: { 'POST /attempts': ['watchToken'], 'headers of the claim': ['cookie'] },
};
const API_KEY = 'api-key-CANARY-0123456789abcdef0';

for (const delivery of ['tokens', 'code', 'cookie'] as const) {
  test(`delivery ${delivery}: no answer, stream, log line or URL ever holds the QR id, a ticket, a token, a key or the app secret, save to whom it is for`, async () => {
    const { secrets, seen, handedOut } = await walk(delivery);
    // The walk was a real one: what is handed out was, and many secrets were heard.
    const names = new Set(secrets.values());
    for (const name of [
      'qrcodeId',
      'ticket',
      'WeChat ticket',
      'access_token',
      'id_token',
      'refresh_token',
      'appSecret',
    ])
      assert.ok(names.has(name), name);
    assert.deepEqual([...handedOut].sort(), Object.keys(MAY_HOLD[delivery]).sort());
    assert.ok(seen.length > 30 && seen.some(({ where }) => where === 'log'));
    for (const { where, text } of seen) {
      for (const [value, name] of secrets) {
        if (MAY_HOLD[delivery][where]?.includes(name)) continue;
        // The start of an address is only its host.
        const forms = name === 'url' ? [value] : [value, encodeURIComponent(value), value.slice(0, 24)];
        for (const form of forms) assert.ok(!text.includes(form), `${where} holds the ${name}`);
      }
    }
  });
}

/** A login with everything that can go wrong on its way, all secrets of it, and all that was said of it. */
async function walk(delivery: Delivery) {
  const secrets = new Map<string, string>([
    [SANDBOX_DEFAULTS.appSecret, 'appSecret'],
    [API_KEY, 'API key'],
  ]);
  const seen: Array<{ where: string; text: string }> = [];
  const { harness, sandbox } = withClouds(
    { switches: { O8: 'short', O9: 'full' } },
    { account: { name: 'Example' }, delivery, apiKey: API_KEY },
  );
  // Everything that Authing tells the companion, heard on the way.
  const hear = sandbox.fetch;
  sandbox.fetch = async (request) => {
    const response = await hear(request);
    const found = new Map<string, string>();
    strings(
      await response
        .clone()
        .json()
        .catch(() => null),
      found,
    );
    for (const [value, name] of found) {
      if (!SECRET_FIELDS.has(name)) continue;
      secrets.set(value, name);
      if (name === 'url') secrets.set(value.slice(value.lastIndexOf('/') + 1).replace('.png', ''), 'WeChat ticket');
    }
    return response;
  };
  // Everything that the companion tells a browser or a back end, heard on the way.
  const answer = harness.companion.fetch;
  harness.companion.fetch = async (request, peer) => {
    seen.push({ where: 'URL', text: request.url });
    const response = await answer.call(harness.companion, request, peer);
    const { pathname } = new URL(request.url);
    const isClaim = pathname.endsWith('/claim') && response.status === 200;
    const isRedemption = pathname.endsWith('/redeem') && response.status === 200;
    seen.push({
      where: isClaim ? 'headers of the claim' : 'headers',
      text: JSON.stringify([...response.headers]),
    });
    if (!response.headers.get('content-type')?.includes('event-stream')) {
      const what = `${request.method} ${pathname.replace('/wechat-login', '')}`;
      seen.push({
        where: isClaim ? 'claim' : isRedemption ? 'redeem' : what,
        text: await response.clone().text(),
      });
    }
    return response;
  };

  const browser = await harness.begin();
  const stream = await browser.stream();
  await misbehave(harness, browser);
  const { qr } = browser.attempt;
  assert.ok('text' in qr);
  await sandbox.phone.scan(qr.text, 'alice');
  await harness.clock.advance(2_500);
  await browser.snapshot();
  await sandbox.phone.follow('alice');
  await harness.clock.advance(10_000);
  assert.equal(stream.statuses.at(-1), 'authorized');
  await browser.claim(); // with delivery `cookie`, from a page that is not of the companion's origin
  const claim = await browser.call('/claim', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' },
    body: { verifier: browser.verifier },
  });
  const { code } = (await claim.json()) as { code?: string };
  secrets.set(browser.verifier, 'verifier');
  secrets.set(browser.attempt.watchToken, 'watchToken');
  if (code) secrets.set(code, 'code');
  const cookie = /=([^;]+)/.exec(claim.headers.get('set-cookie') ?? '')?.[1];
  if (cookie) secrets.set(cookie, 'cookie');
  for (const key of ['wrong', API_KEY, API_KEY]) {
    await harness.request('/codes/redeem', {
      method: 'POST',
      headers: { origin: null, authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: { code: code ?? 'A'.repeat(43) },
    });
  }
  await harness.clock.advance(1_000);
  await browser.cancel();
  await browser.claim();
  seen.push({ where: 'stream', text: stream.text });
  seen.push({ where: 'metrics', text: await metricsOf(harness) });
  seen.push(...harness.log.map((text) => ({ where: 'log', text })));
  const handedOut = new Set(
    seen
      .filter(({ where, text }) =>
        [...secrets].some(([value, name]) => MAY_HOLD[delivery][where]?.includes(name) && text.includes(value)),
      )
      .map(({ where }) => where),
  );
  return { secrets, seen, handedOut };
}

async function metricsOf(harness: Harness): Promise<string> {
  const answer = await harness.request('/metrics', { headers: { origin: null }, address: '127.0.0.1' });
  assert.equal(answer.status, 200);
  return answer.text();
}

/** Every call with something wrong about it. */
async function misbehave(harness: Harness, browser: Browser): Promise<void> {
  for (const suffix of ['', '/events', '/claim', '/nothing', '?wait=x']) {
    const cases: Array<Record<string, string | null>> = [
      { authorization: null },
      { authorization: 'Bearer wrong' },
      { origin: 'https://evil.example' },
      {},
    ];
    for (const headers of cases) {
      for (const method of ['GET', 'POST', 'DELETE']) {
        if (suffix === '' && method === 'DELETE') continue; // that would cancel the attempt
        if (suffix === '/events' && method === 'GET') continue; // that would take over its stream
        if (suffix === '?wait=x' && method !== 'GET') continue;
        const body = method === 'POST' ? { body: { verifier: 'A'.repeat(43) } } : {};
        await browser.call(suffix, { method, headers: { 'content-type': 'text/plain', ...headers }, ...body });
      }
    }
  }
  await harness.request('/attempts', {
    method: 'POST',
    headers: { origin: PAGE, 'content-type': 'application/json' },
    body: '{',
  });
}
