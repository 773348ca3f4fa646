import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { settle } from '../test/fake-clock.ts';
import { Harness, PAGE } from '../test/harness.ts';
import { createMemoryStore } from './stores/memory.ts';

const CHALLENGE = 'A'.repeat(43);
const JSON_TYPE = { 'content-type': 'application/json' };
const post = (body: unknown, headers: Record<string, string | null> = {}) => ({
  method: 'POST',
  headers: { ...JSON_TYPE, ...headers },
  body,
});
const code = async (response: Response): Promise<string> => {
  const body = (await response.json()) as { code: string; status: number };
  assert.equal(body.status, response.status);
  return `${response.status} ${body.code}`;
};

test('a problem has exactly the fields of RFC 9457 and ours, and nothing from inside', async () => {
  const response = await new Harness().request('/attempts', post('{'));
  assert.equal(response.headers.get('content-type'), 'application/problem+json');
  const body = (await response.json()) as Record<string, unknown>;
  assert.deepEqual(Object.keys(body), ['type', 'title', 'status', 'code', 'retryable', 'requestId']);
  assert.deepEqual([body.type, body.status, body.code, body.retryable], ['about:blank', 400, 'invalid_request', false]);
  assert.equal(body.requestId, response.headers.get('x-request-id'));
});

test('only listed origins may begin, and a missing one is refused', async () => {
  const harness = new Harness();
  for (const origin of [
    null,
    'null',
    'https://evil.example',
    'https://shop.example.evil.example',
    'http://shop.example',
    'https://SHOP.example',
    'https://shop.example.',
    'https://shop.example:443',
    `${PAGE}/`,
    `${PAGE}, https://evil.example`,
  ]) {
    const response = await harness.request('/attempts', post({ challenge: CHALLENGE }, { origin }));
    assert.equal(await code(response), '403 origin_not_allowed', String(origin));
    assert.equal(response.headers.get('access-control-allow-origin'), null);
    assert.equal(response.headers.get('vary'), 'Origin');
  }
  assert.equal(harness.authing.count('create'), 0);
});

test('an origin that is not listed is refused on every call, before the token is looked at', async () => {
  const harness = new Harness();
  const browser = await harness.begin();
  for (const [suffix, method] of [
    ['', 'GET'],
    ['/events', 'GET'],
    ['', 'DELETE'],
    ['/claim', 'POST'],
  ] as const) {
    const evil = { origin: 'https://evil.example' };
    assert.equal(await code(await browser.call(suffix, { method, headers: evil })), '403 origin_not_allowed');
    assert.equal(
      await code(await browser.call(suffix, { method, headers: { ...evil, authorization: 'Bearer x' } })),
      '403 origin_not_allowed',
    );
  }
  for (const path of ['/healthz', '/nothing']) {
    assert.equal(
      await code(await harness.request(path, { headers: { origin: 'https://evil.example' } })),
      '403 origin_not_allowed',
    );
  }
});

test("a listed origin that is not the attempt's own is refused, a missing one is accepted with the token", async () => {
  const browser = await new Harness().begin();
  assert.equal(
    await code(await browser.call('', { headers: { origin: 'https://other.example' } })),
    '403 origin_not_allowed',
  );
  assert.equal((await browser.call('', { headers: { origin: null } })).status, 200);
});

test('the sandboxed origin "null" is let in only when listed', async () => {
  const harness = new Harness({ allowedOrigins: ['null'] });
  const response = await harness.request('/attempts', post({ challenge: CHALLENGE }, { origin: 'null' }));
  assert.equal(response.status, 201);
  assert.equal(response.headers.get('access-control-allow-origin'), 'null');
});

test('answers carry the headers that keep them private', async () => {
  const harness = new Harness();
  const browser = await harness.begin();
  for (const response of [
    await browser.call(),
    await browser.claim('x'),
    await harness.request('/nothing'),
    await browser.cancel(),
  ]) {
    assert.equal(response.headers.get('cache-control'), 'no-store');
    assert.equal(response.headers.get('vary'), 'Origin');
    assert.equal(response.headers.get('access-control-allow-origin'), PAGE);
    assert.equal(response.headers.get('access-control-expose-headers'), 'retry-after, x-request-id');
    assert.equal(response.headers.get('access-control-allow-credentials'), null);
    assert.equal(response.headers.get('x-content-type-options'), 'nosniff');
    assert.equal(response.headers.get('referrer-policy'), 'no-referrer');
  }
  const stream = await browser.call('/events').catch(() => null);
  assert.ok(stream);
});

test('a stream is announced as one that nobody may keep, change or hold back', async () => {
  const stream = await (await new Harness().begin()).stream();
  const { headers } = stream.response;
  assert.equal(headers.get('content-type'), 'text/event-stream');
  assert.equal(headers.get('cache-control'), 'no-store, no-transform');
  assert.equal(headers.get('x-accel-buffering'), 'no');
  assert.equal(headers.get('access-control-allow-origin'), PAGE);
  await stream.leave();
});

test('a preflight is answered with what the protocol needs and no more', async () => {
  const harness = new Harness();
  const response = await harness.request('/attempts', {
    method: 'OPTIONS',
    headers: { 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type' },
  });
  assert.equal(response.status, 204);
  assert.equal(response.headers.get('access-control-allow-origin'), PAGE);
  assert.equal(response.headers.get('access-control-allow-headers'), 'authorization, content-type, last-event-id');
  assert.equal(response.headers.get('access-control-allow-methods'), 'GET, POST, DELETE');
  assert.equal(response.headers.get('access-control-max-age'), '600');
  assert.equal(response.headers.get('vary'), 'Origin');
  const refused = await harness.request('/attempts', {
    method: 'OPTIONS',
    headers: { origin: 'https://evil.example' },
  });
  assert.equal(refused.status, 403);
  assert.equal(refused.headers.get('access-control-allow-origin'), null);
});

test('every token that is not this attempt’s is refused alike', async () => {
  const harness = new Harness();
  const browser = await harness.begin();
  const other = await harness.begin();
  const token = browser.attempt.watchToken;
  const wrong: Array<string | null> = [
    null,
    '',
    'Bearer',
    `Bearer ${token.slice(0, -1)}`,
    `Bearer ${token}A`,
    `Bearer ${token}=`,
    `Basic ${token}`,
    token,
    `Bearer ${other.attempt.watchToken}`,
    `Bearer ${browser.attempt.id}`,
    `Bearer ${token}, Bearer ${token}`,
  ];
  for (let i = 0; i < token.length; i += 7) {
    wrong.push(`Bearer ${token.slice(0, i)}${token[i] === 'A' ? 'B' : 'A'}${token.slice(i + 1)}`);
  }
  const bodies = new Set<string>();
  for (const authorization of wrong) {
    for (const [suffix, method] of [
      ['', 'GET'],
      ['/events', 'GET'],
      ['', 'DELETE'],
      ['/claim', 'POST'],
    ] as const) {
      const response = await browser.call(suffix, {
        method,
        headers: { authorization, ...JSON_TYPE },
        ...(method === 'POST' ? { body: { verifier: browser.verifier } } : {}),
      });
      assert.equal(response.status, 401, `${method} ${suffix} ${String(authorization)}`);
      bodies.add(JSON.stringify({ ...((await response.json()) as object), requestId: '' }));
    }
  }
  assert.equal(bodies.size, 1);
});

test('what is not there is 404, and a wrong method names the right ones', async () => {
  const harness = new Harness();
  for (const path of [
    '/',
    '/attempts/',
    '/attempts/a/b',
    '/attempts/a/events/',
    '/metricsx',
    '/codes',
    '/attempts/%2e%2e/claim',
  ]) {
    assert.equal(await code(await harness.request(path)), '404 not_found', path);
  }
  for (const [path, method, allow] of [
    ['/attempts', 'GET', 'POST, OPTIONS'],
    ['/attempts/abc', 'PUT', 'GET, DELETE, OPTIONS'],
    ['/attempts/abc/events', 'POST', 'GET, OPTIONS'],
    ['/attempts/abc/claim', 'GET', 'POST, OPTIONS'],
    ['/healthz', 'POST', 'GET, HEAD, OPTIONS'],
  ] as const) {
    const response = await harness.request(path, { method });
    assert.equal(await code(response), '405 method_not_allowed');
    assert.equal(response.headers.get('allow'), allow);
  }
});

test('what lies beside the base path is not ours', async () => {
  const { companion } = new Harness();
  for (const path of ['/attempts', '/wechat-loginx/attempts', '/x/wechat-login/attempts', '//wechat-login/attempts']) {
    const response = await companion.fetch(
      new Request(`https://login.example${path}`, { method: 'POST', headers: { origin: PAGE } }),
    );
    assert.equal(response.status, 404, path);
  }
});

test('the body must be JSON, by its type, its text and its fields', async () => {
  const harness = new Harness();
  const begin = async (body: unknown, headers = {}) => code(await harness.request('/attempts', post(body, headers)));
  for (const type of [
    null,
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data',
    'application/jsonp',
  ]) {
    assert.equal(
      await begin({ challenge: CHALLENGE }, { 'content-type': type }),
      '415 unsupported_media_type',
      String(type),
    );
  }
  for (const body of [
    '',
    '{',
    '[]',
    'null',
    '"x"',
    '{}',
    { challenge: 7 },
    { challenge: 'A'.repeat(42) },
    { challenge: 'A'.repeat(44) },
    { challenge: `${'A'.repeat(42)}=` },
    { challenge: CHALLENGE, locale: 7 },
    { challenge: CHALLENGE, locale: 'zh_CN;' },
    { challenge: CHALLENGE, locale: 'x'.repeat(100) },
  ]) {
    assert.equal(await begin(body), '400 invalid_request', JSON.stringify(body));
  }
  assert.equal(await begin(`{"challenge":"${'A'.repeat(9000)}"}`), '413 body_too_large');
  assert.equal(harness.authing.count('create'), 0);
  const response = await harness.request(
    '/attempts',
    post({ challenge: CHALLENGE, locale: null, unknown: 1 }, { 'content-type': 'Application/JSON; charset=utf-8' }),
  );
  assert.equal(response.status, 201);
});

test('nothing that a browser adds changes what Authing is asked', async () => {
  const harness = new Harness();
  const asked = new Set<string>();
  await fc.assert(
    fc.asyncProperty(fc.dictionary(fc.string(), fc.jsonValue()), async (more) => {
      const response = await harness.request('/attempts', post({ ...more, challenge: CHALLENGE, locale: 'en' }));
      assert.equal(response.status, 201);
      const { context, ...rest } = JSON.parse(String(harness.authing.calls.at(-1)!.init.body)) as {
        context: { wfl: string };
      };
      assert.match(context.wfl, /^[A-Za-z0-9_-]{22}$/);
      asked.add(JSON.stringify(rest));
    }),
    { numRuns: 50 },
  );
  assert.deepEqual([...asked], ['{"type":"WECHAT_OFFICIAL_ACCOUNT"}']);
});

test('one peer begins 20 times at once and once a second, others go on', async () => {
  const harness = new Harness();
  const begin = (address: string) => harness.request('/attempts', { ...post({ challenge: CHALLENGE }), address });
  for (let i = 0; i < 20; i++) assert.equal((await begin('192.0.2.1')).status, 201);
  const refused = await begin('192.0.2.1');
  assert.equal(refused.headers.get('retry-after'), '1');
  assert.equal(await code(refused), '429 rate_limited');
  assert.equal((await begin('192.0.2.2')).status, 201);
  await harness.clock.advance(1000);
  assert.equal((await begin('192.0.2.1')).status, 201);
});

test('a long poll answers when the status moves on, or after its time, or at once when there is news', async () => {
  const harness = new Harness();
  const browser = await harness.begin();
  let answered: string | null = null;
  const poll = (query: string) => {
    answered = null;
    void browser.snapshot(query).then(({ status }) => (answered = status));
  };
  poll('?wait=20&after=0');
  await harness.clock.advance(19_999);
  assert.equal(answered, null);
  await harness.clock.advance(1);
  assert.equal(answered, 'pending');
  poll('?wait=20');
  await settle();
  assert.equal(answered, 'pending');
  poll('?wait=20&after=0');
  harness.authing.script.status = [{ body: { statusCode: 200, data: { status: 'SCANNED' } } }];
  await harness.clock.advance(3000);
  assert.equal(answered, 'scanned');
  poll('?wait=20&after=0');
  await settle();
  assert.equal(answered, 'scanned');
});

test('a long poll whose peer has gone leaves nothing behind', async () => {
  const harness = new Harness();
  const browser = await harness.begin();
  const leaving = new AbortController();
  const poll = browser.call('?wait=20&after=0', { signal: leaving.signal }).catch(() => null);
  await settle();
  leaving.abort();
  await poll;
  await harness.clock.advance(11_000);
  assert.equal(harness.clock.pending, 0);
});

test('wait and after are checked', async () => {
  const browser = await new Harness().begin();
  for (const query of [
    '?wait=26',
    '?wait=-1',
    '?wait=x',
    '?wait=1.5',
    '?after=5',
    '?after=-2',
    '?wait=1&wait=2',
    '?wait=',
  ]) {
    assert.equal(await code(await browser.call(query)), '400 invalid_request', query);
  }
  assert.equal((await browser.call('?wait=0&after=-1')).status, 200);
});

test('the newest stream of an attempt ends its predecessor', async () => {
  const harness = new Harness();
  const browser = await harness.begin();
  const first = await browser.stream();
  const second = await browser.stream();
  await settle();
  assert.deepEqual([first.ended, second.ended], [true, false]);
  assert.deepEqual(second.statuses, ['pending']);
});

test('a stream is kept alive by a comment at least every 15 s', async () => {
  const harness = new Harness();
  const stream = await (await harness.begin()).stream();
  await harness.clock.advance(60_000);
  const beats = stream.text.match(/^: *$/gm)!.length;
  assert.ok(beats >= 4 && beats <= 5, String(beats));
});

test('50 streams of one peer are enough, and its neighbour still gets one', async () => {
  const harness = new Harness();
  const browsers = await Promise.all(Array.from({ length: 52 }, () => harness.begin()));
  for (const browser of browsers.slice(0, 50)) await browser.stream({ address: '192.0.2.1' });
  const refused = await browsers[50]!.call('/events', { address: '192.0.2.1' });
  assert.ok(Number(refused.headers.get('retry-after')) > 0);
  assert.equal(await code(refused), '429 too_many_streams');
  const neighbour = await browsers[51]!.stream({ address: '192.0.2.2' });
  await settle();
  assert.deepEqual(neighbour.statuses, ['pending']);
});

test('a reader that does not drain is dropped, and others go on', async () => {
  const harness = new Harness();
  const slow = await harness.begin();
  const response = await slow.call('/events'); // never read
  const lively = await (await harness.begin()).stream();
  await settle();
  assert.ok(response.body);
  await harness.clock.advance(130_000);
  assert.deepEqual(lively.statuses, ['pending']);
});

test('a stream whose reader has left costs nothing more: no looks, no timers', async () => {
  const harness = new Harness();
  const browser = await harness.begin();
  const stream = await browser.stream();
  await harness.clock.advance(9_000);
  const looks = harness.authing.count('status');
  assert.ok(looks >= 3, String(looks));
  await stream.leave();
  await harness.clock.advance(60_000);
  assert.ok(harness.authing.count('status') - looks <= 1);
  assert.equal(harness.clock.pending, 0);
});

test('health answers while it lives, readiness ends with the shutdown', async () => {
  const harness = new Harness();
  assert.equal((await harness.request('/healthz', { headers: { origin: null } })).status, 200);
  assert.equal((await harness.request('/readyz', { headers: { origin: null } })).status, 200);
  const probe = await harness.request('/healthz', { method: 'HEAD', headers: { origin: null } });
  assert.deepEqual([probe.status, await probe.text()], [200, '']);
  const browser = await harness.begin();
  const stream = await browser.stream();
  const poll = browser.snapshot('?wait=20&after=0');
  const closing = harness.companion.close(5000);
  assert.equal((await harness.request('/readyz')).status, 503);
  const refused = await browser.call('/events');
  assert.equal(await code(refused), '503 too_many_streams');
  assert.equal((await poll).status, 'pending');
  await harness.clock.advance(5000);
  await closing;
  assert.ok(stream.ended);
});

test('an unexpected error is a 500 whose words stay inside, the log included', async () => {
  const harness = new Harness();
  const store = createMemoryStore(harness.clock);
  store.advance = () => Promise.reject(new RangeError('SECRET-CANARY'));
  const broken = new Harness({ store });
  const response = await broken.request('/attempts', post({ challenge: CHALLENGE }));
  const text = await response.text();
  assert.equal((JSON.parse(text) as { code: string }).code, 'internal_error');
  assert.equal(response.status, 500);
  assert.ok(!text.includes('CANARY'));
  const line = broken.log.find((entry) => entry.includes('request.failed'));
  assert.match(line!, /RangeError/);
  assert.ok(!line!.includes('CANARY'));
});
