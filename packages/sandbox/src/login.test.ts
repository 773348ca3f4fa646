import assert from 'node:assert/strict';
import test from 'node:test';
import { createLocalJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import type { JSONWebKeySet } from 'jose';
import type { AnswerData } from '../test/support.ts';
import { ORIGIN, ask, createCode, exchange, fakeClock, qrTextOf, statusOf } from '../test/support.ts';
import { createSandbox } from './index.ts';
import { decodeTicket } from './wechat/ticket.ts';

const loggedIn = async (sandbox: ReturnType<typeof createSandbox>, user = 'bob'): Promise<AnswerData> => {
  const code = await createCode(sandbox);
  await sandbox.phone.scan(qrTextOf(code), user);
  return statusOf(sandbox, code.qrcodeId);
};

test('a person who does not follow sees the profile, and only the follow logs in', async () => {
  const sandbox = createSandbox();
  const code = await createCode(sandbox);
  const profile = await sandbox.phone.scan(qrTextOf(code), 'alice');
  assert.equal(profile.screen, 'profile');
  assert.deepEqual(sandbox.log.pushes, []);
  assert.equal((await statusOf(sandbox, code.qrcodeId)).status, 'PENDING');

  const chat = await sandbox.phone.follow('alice');
  assert.equal(chat.screen, 'chat');
  assert.deepEqual(
    sandbox.log.pushes.map(({ event, outcome }) => [event, outcome]),
    [['subscribe', 200]],
  );
  const status = await statusOf(sandbox, code.qrcodeId);
  assert.equal(status.status, 'AUTHORIZED');
  assert.ok(status.ticket);
});

test('a follower is logged in by the scan', async () => {
  const sandbox = createSandbox();
  assert.equal((await loggedIn(sandbox, 'bob')).status, 'AUTHORIZED');
  assert.equal(sandbox.log.pushes[0]?.event, 'SCAN');
});

test('somebody who unfollowed has to follow again', async () => {
  const sandbox = createSandbox();
  const code = await createCode(sandbox);
  await sandbox.phone.unfollow('bob');
  assert.equal((await sandbox.phone.scan(qrTextOf(code), 'bob')).screen, 'profile');
});

for (const mode of ['plaintext', 'compatible', 'secure'] as const) {
  test(`a login works when WeChat pushes in ${mode} mode`, async () => {
    assert.equal((await loggedIn(createSandbox({ mode }))).status, 'AUTHORIZED');
  });
}

test('the tokens verify: id_token by the app secret, access_token by the published key', async () => {
  const sandbox = createSandbox();
  const { ticket } = await loggedIn(sandbox);
  const { body } = await exchange(sandbox, ticket ?? '');
  assert.equal(body.statusCode, 200);
  assert.deepEqual(Object.keys(body.data), [
    'scope',
    'access_token',
    'id_token',
    'refresh_token',
    'token_type',
    'expire_in',
  ]);
  const expected = { issuer: `${ORIGIN}/oidc`, audience: sandbox.account.appId };
  const secret = new TextEncoder().encode(sandbox.account.appSecret);
  const idToken = await jwtVerify(body.data.id_token, secret, { ...expected, algorithms: ['HS256'] });
  const keys = (await ask(sandbox, 'GET', '/oidc/.well-known/jwks.json')).body as unknown as JSONWebKeySet;
  const accessToken = await jwtVerify(body.data.access_token, createLocalJWKSet(keys), expected);
  assert.equal(accessToken.payload.sub, idToken.payload.sub);
  assert.equal(decodeProtectedHeader(body.data.access_token).kid, keys.keys[0]?.kid);
  assert.equal(keys.keys[0]?.d, undefined);

  const headers = { authorization: `Bearer ${body.data.access_token}` };
  const profile = await ask(sandbox, 'GET', '/api/v3/get-profile', undefined, headers);
  assert.equal(profile.body.data.userId, idToken.payload.sub);
  assert.equal((await ask(sandbox, 'GET', '/api/v3/get-profile')).http, 401);
  assert.equal((await ask(sandbox, 'GET', '/oidc/me', undefined, headers)).http, 200);
});

test('the picture is named by the ticket of the code it shows', async () => {
  const clock = fakeClock();
  const sandbox = createSandbox({ clock });
  const { url, qrcodeId } = await createCode(sandbox);
  const ticket = decodeURIComponent(url.split('/').at(-1) ?? '').slice(0, -'.png'.length);
  assert.ok(ticket.startsWith(qrcodeId));
  assert.equal(qrcodeId.length, 57);
  const decoded = decodeTicket(ticket);
  assert.equal(decoded?.created, clock.now() / 1000);
  assert.equal(decoded?.expireSeconds, 1_296_000);
  assert.match(decoded?.url ?? '', /^http:\/\/weixin\.qq\.com\/q\/02[\w-]{20}$/);
});

test('a code that Authing let expire still opens the account in WeChat, and logs nobody in', async () => {
  const clock = fakeClock();
  const sandbox = createSandbox({ clock });
  const code = await createCode(sandbox);
  await clock.advance(119_999);
  assert.equal((await statusOf(sandbox, code.qrcodeId)).status, 'PENDING');
  await clock.advance(1);
  assert.equal((await statusOf(sandbox, code.qrcodeId)).status, 'EXPIRED');
  assert.equal((await sandbox.phone.scan(qrTextOf(code), 'bob')).screen, 'chat');
  assert.equal((await statusOf(sandbox, code.qrcodeId)).status, 'EXPIRED');
  await clock.advance(1_296_000_000);
  assert.equal((await sandbox.phone.scan(qrTextOf(code), 'bob')).screen, 'expired');
  assert.equal((await sandbox.phone.scan('https://example.com', 'bob')).screen, 'not-found');
});

test('the first person to scan wins; a second one changes nothing', async () => {
  const sandbox = createSandbox();
  const code = await createCode(sandbox);
  await sandbox.phone.scan(qrTextOf(code), 'bob');
  const { ticket } = await statusOf(sandbox, code.qrcodeId);
  await sandbox.phone.scan(qrTextOf(code), 'xiaomei');
  assert.equal((await statusOf(sandbox, code.qrcodeId)).ticket, ticket);
});

test('two exchanges at once: one gets tokens', async () => {
  const sandbox = createSandbox();
  const { ticket } = await loggedIn(sandbox);
  const answers = await Promise.all([1, 2, 3].map(() => exchange(sandbox, ticket ?? '')));
  assert.deepEqual(
    answers.map(({ body }) => body.statusCode),
    [200, 400, 400],
  );
});

test('calls without an application, or with a foreign one, are refused in an envelope', async () => {
  const sandbox = createSandbox();
  const missing = await ask(sandbox, 'POST', '/api/v3/gene-qrcode', {}, { 'x-authing-app-id': '' });
  const foreign = await ask(sandbox, 'POST', '/api/v3/gene-qrcode', {}, { 'x-authing-app-id': 'ffff' });
  assert.deepEqual([missing.http, missing.body.apiCode], [200, 2101]);
  assert.deepEqual([foreign.http, foreign.body.statusCode, foreign.body.apiCode], [200, 499, 2011]);
});

test('discovery names the issuer of the tokens and the keys', async () => {
  const sandbox = createSandbox({ baseUrl: 'https://elsewhere.example' });
  const { body } = await ask(sandbox, 'GET', '/oidc/.well-known/openid-configuration');
  const { issuer, jwks_uri: keys } = body as unknown as { issuer: string; jwks_uri: string };
  assert.deepEqual([issuer, keys], ['https://elsewhere.example/oidc', `${issuer}/.well-known/jwks.json`]);
});

test('the pipeline gets the context that came with the code', async () => {
  const seen: unknown[] = [];
  const sandbox = createSandbox({ pipeline: (input) => seen.push(input) });
  const code = await createCode(sandbox, { context: { wfl: 'handle' } });
  await sandbox.phone.scan(qrTextOf(code), 'bob');
  assert.equal(seen.length, 1);
  assert.deepEqual(sandbox.log.pipeline[0]?.context, { wfl: 'handle' });
});

test('the log holds paths and no ticket', async () => {
  const sandbox = createSandbox();
  const { url, qrcodeId } = await createCode(sandbox);
  await ask(sandbox, 'GET', new URL(url).pathname);
  await statusOf(sandbox, qrcodeId);
  await statusOf(sandbox, qrcodeId);
  assert.equal(sandbox.log.count('/api/v3/get-qrcode-status'), 2);
  assert.ok(!JSON.stringify(sandbox.log).includes(qrcodeId));
});

test('reset brings everything back to the start', async () => {
  const sandbox = createSandbox({ switches: { O1: 'random' } });
  const { qrcodeId } = await createCode(sandbox);
  sandbox.switches.set({ O1: 'whole-ticket', O7: 'status-null' });
  await sandbox.phone.follow('alice');
  sandbox.faults.add({ path: '/api/v3/get-qrcode-status', fault: 'drop' });
  sandbox.reset();
  assert.equal(sandbox.switches.get('O1'), 'random');
  assert.equal(sandbox.phone.view('alice').user.follower, false);
  assert.deepEqual(sandbox.log.calls, []);
  assert.equal((await ask(sandbox, 'GET', `/api/v3/get-qrcode-status?qrcodeId=${qrcodeId}`)).body.statusCode, 404);
});
