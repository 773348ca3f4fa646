import assert from 'node:assert/strict';
import test from 'node:test';
import { withClouds } from '../test/clouds.ts';
import { settle } from '../test/fake-clock.ts';
import { Harness } from '../test/harness.ts';
import { lost, ok, refused, ScriptedAuthing, silent, TICKET, tokenSet } from '../test/scripted-authing.ts';
import { createCompanion, type CompanionOptions } from './index.ts';

const authorized = ok({ status: 'AUTHORIZED', ticket: 'login-ticket-CANARY' });

async function ready(harness = new Harness()) {
  const browser = await harness.begin();
  harness.authing.script.status = [authorized];
  harness.authing.script.exchange = [ok(await tokenSet(harness.clock.now()))];
  return { harness, browser };
}

test('an attempt tells the page what to draw, and neither ticket nor QR id', async () => {
  const { attempt } = await new Harness({ account: { name: 'Example' } }).begin();
  assert.match(attempt.id, /^[A-Za-z0-9_-]{22}$/);
  assert.deepEqual(attempt.qr, { text: TICKET.url });
  assert.deepEqual(attempt.account, { name: 'Example', avatar: null });
  assert.equal(attempt.expiresIn, 120);
  assert.equal(attempt.confirmNumber, null);
  assert.deepEqual(attempt.snapshot, {
    seq: 0,
    status: 'pending',
    expiresIn: 120,
    newFollower: null,
    user: null,
    error: null,
  });
  assert.ok(!JSON.stringify(attempt).includes(TICKET.ticket.slice(0, 40)));
});

test('a stream says retry, then the snapshot, then every change; the claim ends it', async () => {
  const { harness, browser } = await ready();
  harness.authing.script.status = [ok({ status: 'PENDING' }), ok({ status: 'SCANNED' }), authorized];
  const stream = await browser.stream();
  await settle();
  assert.match(stream.text, /^retry: (\d+)\n\nid: 0\nevent: snapshot\ndata: \{.*\}\n\n$/);
  const retry = Number(/retry: (\d+)/.exec(stream.text)![1]);
  assert.ok(retry >= 1500 && retry <= 4500);
  await harness.clock.advance(10_000);
  assert.deepEqual(stream.statuses, ['pending', 'scanned', 'authorized']);
  assert.deepEqual(stream.snapshots.at(-1)!.user, { name: '小明', picture: null });
  assert.equal(stream.snapshots[0]!.user, null);
  assert.equal(await browser.claimed(), '200');
  await settle();
  assert.deepEqual(stream.statuses.at(-1), 'claimed');
  assert.ok(stream.ended);
  await harness.clock.advance(600_000);
  assert.equal(harness.clock.pending, 0);
});

test('the claim hands out verified tokens, and no refresh token', async () => {
  const { harness, browser } = await ready();
  await harness.clock.advance(3000);
  const body = (await (await browser.claim()).json()) as {
    tokens: Record<string, unknown>;
    user: unknown;
    delivery: string;
  };
  assert.equal(body.delivery, 'tokens');
  assert.deepEqual(body.user, { sub: 'user-1', name: '小明', picture: null });
  assert.deepEqual(Object.keys(body.tokens).sort(), ['access_token', 'expires_in', 'id_token', 'scope', 'token_type']);
  assert.deepEqual([body.tokens.token_type, body.tokens.expires_in], ['Bearer', 7200]);
});

test('a refresh token is handed out where the operator asked for it', async () => {
  const { harness, browser } = await ready(new Harness({ deliverRefreshToken: true }));
  await harness.clock.advance(3000);
  const body = (await (await browser.claim()).json()) as { tokens: Record<string, unknown> };
  assert.equal(body.tokens.refresh_token, 'refresh-token-CANARY');
});

test('the right verifier gets the same answer for 60 s more, then the attempt is over', async () => {
  const { harness, browser } = await ready();
  await harness.clock.advance(3000);
  const first = await (await browser.claim()).text();
  await harness.clock.advance(59_000);
  assert.equal(await (await browser.claim()).text(), first);
  await harness.clock.advance(1_000);
  assert.equal(await browser.claimed(), '410 attempt_expired');
  assert.equal(harness.authing.count('exchange'), 1);
});

test('a replayed claim does not lengthen the time', async () => {
  const { harness, browser } = await ready();
  await harness.clock.advance(3000);
  for (let i = 0; i < 6; i++) {
    assert.equal(await browser.claimed(), '200');
    await harness.clock.advance(10_000);
  }
  assert.equal(await browser.claimed(), '410 attempt_expired');
});

test('100 claims at once make one exchange and 100 equal answers', async () => {
  const { harness, browser } = await ready();
  await harness.clock.advance(3000);
  const bodies = await Promise.all(Array.from({ length: 100 }, async () => (await browser.claim()).text()));
  assert.equal(new Set(bodies).size, 1);
  assert.match(bodies[0]!, /access-token-CANARY/);
  assert.equal(harness.authing.count('exchange'), 1);
});

test('among many claims with other verifiers only the right one gets the tokens', async () => {
  const { harness, browser } = await ready();
  await harness.clock.advance(3000);
  const other = 'A'.repeat(43);
  const answers = await Promise.all([other, browser.verifier, other].map((verifier) => browser.claimed(verifier)));
  assert.deepEqual(answers, ['403 verifier_mismatch', '200', '403 verifier_mismatch']);
});

test('a wrong verifier is refused before the status is looked at, whatever its shape', async () => {
  const { browser } = await ready();
  for (const verifier of ['', null, 7]) {
    assert.equal(await browser.claimed(verifier), '403 verifier_mismatch');
  }
  // A neighbour of the right one: its last character holds unused bits, so only the text tells them apart.
  const last = browser.verifier.at(-1)!;
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const neighbour = browser.verifier.slice(0, -1) + alphabet[alphabet.indexOf(last) ^ 1];
  assert.equal(await browser.claimed(neighbour), '403 verifier_mismatch');
});

test('five wrong verifiers destroy the result, also for the right one', async () => {
  const { harness, browser } = await ready();
  await harness.clock.advance(3000);
  await browser.snapshot();
  for (let i = 0; i < 5; i++) assert.equal(await browser.claimed('A'.repeat(43)), '403 verifier_mismatch');
  assert.equal(await browser.claimed(), '410 attempt_cancelled');
  assert.equal((await browser.snapshot()).status, 'cancelled');
});

test('four wrong verifiers do not', async () => {
  const { harness, browser } = await ready();
  await harness.clock.advance(3000);
  for (let i = 0; i < 4; i++) await browser.claimed('A'.repeat(43));
  assert.equal(await browser.claimed(), '200');
});

test('after the hand-over five wrong verifiers end the replay, and the status stays claimed', async () => {
  const { harness, browser } = await ready();
  await harness.clock.advance(3000);
  assert.equal(await browser.claimed(), '200');
  for (let i = 0; i < 5; i++) await browser.claimed('A'.repeat(43));
  assert.equal(await browser.claimed(), '410 attempt_cancelled');
  assert.equal((await browser.snapshot()).status, 'claimed');
});

test('a claim before the login says so and changes nothing', async () => {
  const { browser } = await ready();
  assert.equal(await browser.claimed(), '409 not_authorized');
  assert.equal((await browser.snapshot()).status, 'pending');
});

test('a cancelled attempt gives nothing, also when Authing says AUTHORIZED afterwards', async () => {
  const { harness, browser } = await ready();
  assert.equal((await browser.cancel()).status, 204);
  await harness.clock.advance(5000);
  assert.equal(await browser.claimed(), '410 attempt_cancelled');
  assert.deepEqual((await browser.snapshot()).error, { code: 'attempt_cancelled', retryable: true });
  assert.equal(harness.authing.count('exchange'), 0);
});

test('a cancel after the hand-over ends the replay', async () => {
  const { harness, browser } = await ready();
  await harness.clock.advance(3000);
  assert.equal(await browser.claimed(), '200');
  assert.equal((await browser.cancel()).status, 204);
  assert.equal(await browser.claimed(), '410 attempt_cancelled');
});

test('a cancel while the exchange is under way wins, and the tokens are destroyed', async () => {
  const { harness, browser } = await ready();
  harness.authing.script.exchange = [silent, ok(await tokenSet(harness.clock.now()))];
  const stream = await browser.stream();
  await harness.clock.advance(2500);
  assert.equal(harness.authing.count('exchange'), 1);
  await browser.cancel();
  await harness.clock.advance(15_000); // the silent exchange ends, the second one answers tokens
  assert.equal(harness.authing.count('exchange'), 2);
  assert.deepEqual(stream.statuses, ['pending', 'cancelled']);
  assert.equal(await browser.claimed(), '410 attempt_cancelled');
});

test('an unclaimed result is held for 180 s', async () => {
  const { harness, browser } = await ready();
  await harness.clock.advance(3000);
  assert.equal((await browser.snapshot()).status, 'authorized');
  await harness.clock.advance(179_000);
  assert.equal((await browser.snapshot()).status, 'authorized');
  await harness.clock.advance(1000);
  assert.deepEqual((await browser.snapshot()).error, { code: 'attempt_expired', retryable: true });
  assert.equal(await browser.claimed(), '410 attempt_expired');
});

test('a code expires 15 s after it left the screen, and the stream says so and ends', async () => {
  const harness = new Harness();
  const browser = await harness.begin();
  const stream = await browser.stream();
  await harness.clock.advance(134_999);
  assert.deepEqual(stream.statuses, ['pending']);
  await harness.clock.advance(1);
  assert.deepEqual(stream.statuses, ['pending', 'expired']);
  assert.ok(stream.ended);
  assert.deepEqual(await browser.snapshot(), {
    seq: 4,
    status: 'expired',
    expiresIn: 0,
    newFollower: null,
    user: null,
    error: { code: 'attempt_expired', retryable: true },
  });
});

test('a login in the 15 s after the code left the screen still counts', async () => {
  const { harness, browser } = await ready();
  await harness.clock.advance(134_000);
  assert.equal((await browser.snapshot()).status, 'authorized');
  assert.equal(await browser.claimed(), '200');
});

test('an exchange that is under way when the attempt ends is waited for', async () => {
  const { harness, browser } = await ready();
  harness.authing.script.status = [ok({ status: 'PENDING' })];
  harness.authing.script.exchange = [silent, ok(await tokenSet(harness.clock.now() + 140_000))];
  await harness.clock.advance(130_000);
  harness.authing.script.status = [authorized];
  const stream = await browser.stream();
  await harness.clock.advance(7_000); // over, were it not for the exchange that hangs
  const look = browser.snapshot();
  await harness.clock.advance(1_000);
  assert.equal((await look).status, 'pending');
  await harness.clock.advance(10_000);
  assert.deepEqual(stream.statuses, ['pending', 'authorized']);
  assert.equal(await browser.claimed(), '200');
});

test('past its end every call on an attempt is answered 410', async () => {
  const harness = new Harness();
  const browser = await harness.begin();
  await harness.clock.advance((120 + 15 + 180 + 60) * 1000);
  for (const [suffix, method] of [
    ['', 'GET'],
    ['/events', 'GET'],
    ['', 'DELETE'],
  ] as const) {
    assert.equal((await browser.call(suffix, { method })).status, 410, `${method} ${suffix}`);
  }
  assert.equal(await browser.claimed(), '410 attempt_expired');
});

test("Authing's EXPIRED ends a code early", async () => {
  const harness = new Harness();
  const browser = await harness.begin();
  harness.authing.script.status = [ok({ status: 'EXPIRED' })];
  await harness.clock.advance(3000);
  assert.equal((await browser.snapshot()).status, 'expired');
});

test('ERROR is a failed login, a further step is step_required with the way to do it', async () => {
  const failing = new Harness();
  const first = await failing.begin();
  failing.authing.script.status = [ok({ status: 'ERROR' })];
  await failing.clock.advance(3000);
  assert.deepEqual((await first.snapshot()).error, { code: 'login_failed', retryable: true });
  assert.equal(await first.claimed(), '502 login_failed');

  const stepping = new Harness({ hostedLoginUrl: 'https://app.authing.example/login' });
  const second = await stepping.begin();
  stepping.authing.script.status = [refused(301, 1636)];
  await stepping.clock.advance(3000);
  assert.deepEqual((await second.snapshot()).error, {
    code: 'step_required',
    retryable: false,
    url: 'https://app.authing.example/login',
  });
  assert.equal(await second.claimed(), '409 step_required');
});

test('a killed companion that comes back with the same secrets goes on with the same attempt', async () => {
  const { harness, browser } = await ready();
  harness.authing.script.status = [ok({ status: 'PENDING' })];
  await harness.clock.advance(10_000);
  harness.restart();
  assert.equal((await browser.snapshot()).status, 'pending');
  harness.authing.script.status = [authorized];
  harness.restart();
  await harness.clock.advance(3000);
  assert.equal((await browser.snapshot()).status, 'authorized');
  assert.equal(await browser.claimed(), '200');
});

test('a companion with other secrets knows nothing of it', async () => {
  const { harness, browser } = await ready();
  harness.secrets.splice(0, 1, Buffer.alloc(32, 1));
  harness.restart();
  assert.equal((await browser.call()).status, 401);
});

test('one lost exchange answer is asked for once more', async () => {
  const { harness, browser } = await ready();
  harness.authing.script.exchange = [lost, ok(await tokenSet(harness.clock.now()))];
  const stream = await browser.stream();
  await harness.clock.advance(5000);
  assert.equal(stream.statuses.at(-1), 'authorized');
  assert.equal(harness.authing.count('exchange'), 2);
});

test('an exchange whose answer was lost and whose login ticket is spent is exchange_lost, never half a login', async () => {
  for (const first of [lost, silent, { response: new Response('<html>', { status: 502 }) }]) {
    const { harness, browser } = await ready();
    harness.authing.script.exchange = [first, refused(400, undefined, 'ticket used')];
    const stream = await browser.stream();
    await harness.clock.advance(20_000);
    assert.deepEqual(stream.snapshots.at(-1)!.error, { code: 'exchange_lost', retryable: true });
    assert.equal(await browser.claimed(), '410 exchange_lost');
    assert.equal(harness.authing.count('exchange'), 2);
  }
});

test('a login ticket that the process before a restart may have spent is exchange_lost too', async () => {
  const { harness, browser } = await ready();
  harness.authing.script.exchange = [refused(400, undefined, 'ticket used')];
  harness.restart();
  await harness.clock.advance(3000);
  assert.equal((await browser.snapshot()).error?.code, 'exchange_lost');
});

test('a refusal of a login ticket that nobody can have spent is exchange_failed', async () => {
  const { harness, browser } = await ready();
  harness.authing.script.exchange = [refused(401, undefined, 'client authentication failed')];
  await harness.clock.advance(3000);
  assert.equal((await browser.snapshot()).error?.code, 'exchange_failed');
  assert.equal(await browser.claimed(), '502 exchange_failed');
  assert.ok(harness.log.some((line) => /exchange_refused.*client authentication failed/.test(line)));
});

test('an AUTHORIZED without its login ticket (Authing showed it once, the answer was lost) is exchange_lost', async () => {
  const { harness, browser } = await ready();
  harness.authing.script.status = [ok({ status: 'AUTHORIZED', ticket: null })];
  await harness.clock.advance(3000);
  assert.equal((await browser.snapshot()).error?.code, 'exchange_lost');
});

test('a throttled exchange waits and tries again', async () => {
  const { harness, browser } = await ready();
  harness.authing.script.exchange = [refused(429), refused(429), ok(await tokenSet(harness.clock.now()))];
  const stream = await browser.stream();
  await harness.clock.advance(10_000);
  assert.equal(stream.statuses.at(-1), 'authorized');
});

test('tokens that do not verify release nothing', async () => {
  const now = new Harness().clock.now();
  const cases = {
    issuer: await tokenSet(now, { iss: 'https://evil.example/oidc' }),
    audience: await tokenSet(now, { aud: 'other-app' }),
    expiry: await tokenSet(now, { exp: Math.floor(now / 1000) - 3600 }),
    subject: await tokenSet(now, { sub: '' }),
    missing: await tokenSet(now, {}, { id_token: undefined }),
    unsigned: await tokenSet(now, {}, { id_token: `${Buffer.from('{"alg":"none"}').toString('base64url')}.e30.` }),
    garbage: await tokenSet(now, {}, { id_token: 'x' }),
    access: await tokenSet(now, {}, { access_token: '' }),
  };
  for (const [name, set] of Object.entries(cases)) {
    const { harness, browser } = await ready();
    harness.authing.script.exchange = [ok(set)];
    await harness.clock.advance(3000);
    assert.equal((await browser.snapshot()).error?.code, 'exchange_failed', name);
    assert.equal(await browser.claimed(), '502 exchange_failed', name);
  }
});

test('a status that carries tokens logs in, and an error says what to switch off', async () => {
  const { harness, browser } = await ready();
  harness.authing.script.status = [ok({ status: 'AUTHORIZED', tokenSet: await tokenSet(harness.clock.now()) })];
  await harness.clock.advance(3000);
  assert.equal(await browser.claimed(), '200');
  assert.ok(harness.log.some((line) => /"error".*token_set_in_status.*returnFullUserInfo/.test(line)));
});

test('keys that cannot be had for a moment cost no login', async () => {
  const { harness, sandbox } = withClouds({ switches: { 'O14-id-token': 'rs256' } });
  const browser = await harness.begin();
  const stream = await browser.stream();
  sandbox.faults.add({ path: '/oidc/.well-known/openid-configuration', fault: 'drop', times: 1 });
  sandbox.faults.add({ path: '/oidc/.well-known/jwks.json', fault: 'http-500', times: 1 });
  assert.ok('text' in browser.attempt.qr);
  await sandbox.phone.scan(browser.attempt.qr.text, 'bob');
  await harness.clock.advance(10_000);
  assert.equal(stream.statuses.at(-1), 'authorized');
  assert.equal(harness.log.filter((line) => line.includes('authing.keys_unavailable')).length, 2);
});

test('shutting down waits for an exchange that is under way', async () => {
  let answer = (_: Response): void => {};
  const late = new Promise<Response>((resolve) => (answer = resolve));
  const scripted = new ScriptedAuthing();
  scripted.script.status = [authorized];
  const isExchange = (input: unknown): boolean => String(input).includes('/exchange-tokenset');
  const harness = new Harness({ fetch: (input, init) => (isExchange(input) ? late : scripted.fetch(input, init)) });
  const browser = await harness.begin();
  await browser.stream();
  await harness.clock.advance(3_000);
  let closed = false;
  void harness.companion.close().then(() => (closed = true));
  await harness.clock.advance(5_000);
  assert.equal(closed, false);
  answer(Response.json({ statusCode: 200, data: await tokenSet(harness.clock.now()) }));
  await settle();
  assert.equal(closed, true);
});

test('wrong options are refused by name', () => {
  const good = {
    allowedOrigins: ['https://a.example'],
    authing: { appHost: 'https://b.example', appId: 'a', appSecret: 's' },
  };
  const wrong: Array<[string, object]> = [
    ['allowedOrigins', { allowedOrigins: [] }],
    ['allowedOrigins', { allowedOrigins: ['https://a.example/'] }],
    ['secrets', { secrets: [new Uint8Array(31)] }],
    ['basePath', { basePath: '/a/../b' }],
    ['attemptTtl', { attemptTtl: Number.NaN }],
    ['hostedLoginUrl', { hostedLoginUrl: 'javascript:alert(1)' }],
    ['account', { account: { avatar: 'http://a.example/x.png' } }],
    ['delivery', { delivery: 'pigeon' }],
    ['apiKey', { delivery: 'code' }],
    ['apiKey', { delivery: 'code', apiKey: 'k'.repeat(31) }],
    ['apiKey', { apiKey: 7 }],
    ['deliverRefreshToken', { deliverRefreshToken: 'false' }],
    ['authing.appHost', { authing: { ...good.authing, appHost: 'http://b.example' } }],
    ['authing.appSecret', { authing: { ...good.authing, appSecret: '' } }],
    ['authing.allowPublicClient', { authing: { ...good.authing, clientAuth: 'none' } }],
    ['authing.qrHosts', { authing: { ...good.authing, qrHosts: ['a.example:443'] } }],
  ];
  for (const [name, change] of wrong) {
    const options = { ...good, ...change } as CompanionOptions;
    assert.throws(
      () => createCompanion(options),
      (error: Error) => error instanceof TypeError && error.message.startsWith(`"${name}"`),
      name,
    );
  }
});
