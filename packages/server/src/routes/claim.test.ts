import assert from 'node:assert/strict';
import test from 'node:test';
import { Harness, type Browser } from '../../test/harness.ts';
import { ok, tokenSet } from '../../test/scripted-authing.ts';
import { readLogin, type CompanionOptions } from '../index.ts';

/** Where the harness' companion is, so also the origin of its page. */
const OWN = 'https://login.example';
/** Listed, all of them, and none of them the companion's own. */
const NEIGHBOURS = [
  'https://shop.login.example',
  'https://example',
  'https://login.example.evil.example',
  'https://login.example:8443',
  'http://login.example',
  'https://evil-login.example',
  'null',
];

type Headers = Record<string, string | null>;

async function ready(origin = OWN, options: Partial<CompanionOptions> = {}) {
  const harness = new Harness({ delivery: 'cookie', allowedOrigins: [OWN, ...NEIGHBOURS], ...options });
  const browser = await harness.begin({ origin });
  harness.authing.script.status = [ok({ status: 'AUTHORIZED', ticket: 'login-ticket' })];
  harness.authing.script.exchange = [ok(await tokenSet(harness.clock.now()))];
  await harness.clock.advance(3_000);
  return { harness, browser };
}

function claim(browser: Browser, headers: Headers, body: unknown = { verifier: browser.verifier }): Promise<Response> {
  return browser.call('/claim', { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body });
}

async function refused(response: Response): Promise<string> {
  assert.equal(response.headers.get('set-cookie'), null);
  return `${response.status} ${((await response.json()) as { code: string }).code}`;
}

const SAME = { origin: OWN, 'sec-fetch-site': 'same-origin' };
const cookieIn = (response: Response): string => response.headers.get('set-cookie')!.split(';')[0]!;
const carrying = (cookie: string): Request => new Request('https://login.example/begin', { headers: { cookie } });

test('the page gets who signed in and a sealed cookie, no token, and the back end reads the user from it', async () => {
  const { harness, browser } = await ready();
  const response = await claim(browser, SAME);
  assert.equal(response.status, 200);
  assert.equal(response.headers.get('cache-control'), 'no-store');
  assert.deepEqual(await response.json(), {
    delivery: 'cookie',
    user: { sub: 'user-1', name: '小明', picture: null },
  });
  const setCookie = response.headers.get('set-cookie')!;
  assert.match(setCookie, /^__Host-wechat-login=[A-Za-z0-9_-]+; Path=\/; Secure; HttpOnly; SameSite=Lax; Max-Age=300$/);
  assert.ok(!setCookie.includes('user-1'));
  const exp = Math.floor(harness.clock.now() / 1000) + 300;
  assert.deepEqual(readLogin(carrying(cookieIn(response)), { secrets: harness.secrets, clock: harness.clock }), {
    sub: 'user-1',
    exp,
  });
});

test('a repeated claim sets the cookie again, and makes the login no younger', async () => {
  const { harness, browser } = await ready();
  const opened = async () =>
    readLogin(carrying(cookieIn(await claim(browser, SAME))), { secrets: harness.secrets, clock: harness.clock });
  const first = await opened();
  await harness.clock.advance(59_000);
  assert.deepEqual(await opened(), first);
  await harness.clock.advance(1_000);
  assert.equal(await refused(await claim(browser, SAME)), '410 attempt_expired');
});

test('a page of another origin gets no cookie, however listed it is and however near its name', async () => {
  for (const origin of NEIGHBOURS) {
    const { browser } = await ready(origin);
    // A browser of today says how near the page is; one of before 2023 says nothing.
    for (const site of ['same-site', 'cross-site', 'none', '', 'same-origin, same-site', null]) {
      assert.equal(await refused(await claim(browser, { origin, 'sec-fetch-site': site })), '403 origin_not_allowed');
    }
    assert.equal((await browser.snapshotFrom(origin)).status, 'authorized', 'and the result is not spent');
  }
});

test('even a browser that vouches for it: no origin on which a Secure cookie cannot be kept', async () => {
  for (const origin of ['http://login.example', 'null']) {
    const { browser } = await ready(origin);
    const answer = await claim(browser, { origin, 'sec-fetch-site': 'same-origin' });
    assert.equal(await refused(answer), '403 origin_not_allowed', origin);
  }
});

test('a claim without an Origin is refused: every browser sends it with a POST', async () => {
  const { browser } = await ready();
  for (const site of ['same-origin', null]) {
    assert.equal(
      await refused(await claim(browser, { origin: null, 'sec-fetch-site': site })),
      '403 origin_not_allowed',
    );
  }
});

test('an operator whose page is elsewhere is told so, and nobody can flood the log with it', async () => {
  const { harness, browser } = await ready(NEIGHBOURS[0]);
  for (let i = 0; i < 200; i++) await claim(browser, { origin: NEIGHBOURS[0]!, 'sec-fetch-site': 'same-site' });
  const lines = harness.log.filter((line) => line.includes('claim.other_origin'));
  assert.ok(lines.length >= 1 && lines.length <= 10, String(lines.length));
  assert.match(lines[0]!, /shop\.login\.example.*DELIVERY=cookie/);
});

test('an attempt that another page began is not claimed on ours: no login is put into a visitor’s browser', async () => {
  const { browser } = await ready(NEIGHBOURS[0]);
  assert.equal(await refused(await claim(browser, SAME)), '403 origin_not_allowed');
});

test('the origin is looked at before the token, and before a wrong verifier is counted', async () => {
  const { browser } = await ready(NEIGHBOURS[0]);
  const foreign = { origin: NEIGHBOURS[0]!, 'sec-fetch-site': 'same-site' };
  for (const authorization of ['Bearer x', `Bearer ${browser.attempt.watchToken}`]) {
    for (let i = 0; i < 6; i++) {
      const answer = await claim(browser, { ...foreign, authorization }, { verifier: 'A'.repeat(43) });
      assert.equal(await refused(answer), '403 origin_not_allowed');
    }
  }
  assert.equal((await browser.snapshotFrom(NEIGHBOURS[0]!)).status, 'authorized');
});

test('without the browser’s verdict, where the request was sent to has to be the page’s origin', async () => {
  const { browser } = await ready();
  const fitting: Headers[] = [
    { host: 'login.example' },
    { host: 'login.example:443' },
    { host: '127.0.0.1:8787', 'x-forwarded-host': 'login.example' },
    { host: '127.0.0.1:8787', 'x-forwarded-host': 'login.example, inner.proxy.example' },
  ];
  for (const headers of fitting) {
    assert.equal((await claim(browser, { origin: OWN, ...headers })).status, 200, JSON.stringify(headers));
  }
  const others: Headers[] = [
    { host: '127.0.0.1:8787' },
    { host: 'login.example:8443' },
    { host: 'shop.login.example' },
    { host: '' },
    { host: 'a b' },
    { host: '127.0.0.1:8787', 'x-forwarded-host': 'inner.proxy.example, login.example' },
  ];
  for (const headers of others) {
    const answer = await claim(browser, { origin: OWN, ...headers });
    assert.equal(await refused(answer), '403 origin_not_allowed', JSON.stringify(headers));
  }
});

test('behind a proxy that rewrites Host the browser’s verdict is enough', async () => {
  const { browser } = await ready();
  assert.equal((await claim(browser, { ...SAME, host: '127.0.0.1:8787' })).status, 200);
});

test('on loopback, plain http will do', async () => {
  const page = 'http://127.0.0.1:8787';
  const { browser } = await ready(page, { allowedOrigins: [page, 'http://127.0.0.1:5173'] });
  assert.equal((await claim(browser, { origin: page, host: '127.0.0.1:8787' })).status, 200);
  const other = await ready('http://127.0.0.1:5173', { allowedOrigins: [page, 'http://127.0.0.1:5173'] });
  const answer = await claim(other.browser, { origin: 'http://127.0.0.1:5173', host: '127.0.0.1:8787' });
  assert.equal(await refused(answer), '403 origin_not_allowed');
});

test('with another delivery no cookie is set, and any listed page may claim', async () => {
  for (const delivery of ['tokens', 'code'] as const) {
    const { browser } = await ready(NEIGHBOURS[0], { delivery, apiKey: 'k'.repeat(32) });
    const answer = await claim(browser, { origin: NEIGHBOURS[0]!, 'sec-fetch-site': 'same-site' });
    assert.deepEqual([answer.status, answer.headers.get('set-cookie')], [200, null]);
  }
});

test('a held result is replayed for 60 s also when it was claimed at the end of its time', async () => {
  const { harness, browser } = await ready(OWN, { delivery: 'tokens' });
  await browser.snapshotFrom(OWN);
  await harness.clock.advance(179_000);
  const first = await (await claim(browser, SAME)).text();
  await harness.clock.advance(59_000);
  assert.equal(await (await claim(browser, SAME)).text(), first);
  await harness.clock.advance(1_000);
  assert.equal(await refused(await claim(browser, SAME)), '410 attempt_expired');
});
