import assert from 'node:assert/strict';
import test from 'node:test';
import { ask, fakeClock } from '../../test/support.ts';
import { SANDBOX_DEFAULTS, createSandbox } from '../index.ts';
import { decodeTicket } from './ticket.ts';

const { wechatAppId: appid, wechatAppSecret: secret } = SANDBOX_DEFAULTS;

const stableToken = async (sandbox: ReturnType<typeof createSandbox>, fields: object = {}) =>
  (
    await ask(sandbox, 'POST', '/cgi-bin/stable_token', {
      grant_type: 'client_credential',
      appid,
      secret,
      ...fields,
    })
  ).body as unknown as { access_token: string; expires_in: number; errcode?: number };

const token = async (sandbox: ReturnType<typeof createSandbox>, query = `appid=${appid}&secret=${secret}`) =>
  (await ask(sandbox, 'GET', `/cgi-bin/token?grant_type=client_credential&${query}`)).body;

const createQr = async (sandbox: ReturnType<typeof createSandbox>, accessToken: string, body: unknown) =>
  (await ask(sandbox, 'POST', `/cgi-bin/qrcode/create?access_token=${accessToken}`, body)).body;

const stringScene = (scene: string, expire = 600) => ({
  expire_seconds: expire,
  action_name: 'QR_STR_SCENE',
  action_info: { scene: { scene_str: scene } },
});

test('stable_token gives the same token, counting down, until its last five minutes', async () => {
  const clock = fakeClock();
  const sandbox = createSandbox({ clock });
  const first = await stableToken(sandbox);
  await clock.advance(6_899_000);
  const later = await stableToken(sandbox);
  assert.deepEqual([later.access_token, later.expires_in], [first.access_token, 301]);
  await clock.advance(1000);
  assert.notEqual((await stableToken(sandbox)).access_token, first.access_token);
});

test('token makes a new one each time; the one before lives five minutes longer', async () => {
  const clock = fakeClock();
  const sandbox = createSandbox({ clock });
  const first = (await token(sandbox)).access_token;
  assert.notEqual((await token(sandbox)).access_token, first);
  await clock.advance(299_000);
  assert.equal((await createQr(sandbox, first, stringScene('a'))).errcode, undefined);
  await clock.advance(1000);
  assert.equal((await createQr(sandbox, first, stringScene('a'))).errcode, 40001);
});

test('a forced refresh needs 30 s after the one before', async () => {
  const sandbox = createSandbox({ clock: fakeClock() });
  assert.equal((await stableToken(sandbox, { force_refresh: true })).errcode, undefined);
  assert.equal((await stableToken(sandbox, { force_refresh: true })).errcode, 45011);
});

test('wrong credentials are told apart, under HTTP 200 and with a volatile tail', async () => {
  const sandbox = createSandbox();
  assert.equal((await stableToken(sandbox, { appid: 'wx' })).errcode, 40013);
  assert.equal((await stableToken(sandbox, { secret: 'no' })).errcode, 40125);
  assert.equal((await stableToken(sandbox, { appid: '' })).errcode, 41002);
  assert.equal((await stableToken(sandbox, { secret: '' })).errcode, 41004);
  assert.equal((await token(sandbox, `appid=${appid}&secret=no`)).errcode, 40001);
  const tails = new Set<string>();
  for (let call = 0; call < 200; call++)
    tails.add((await token(sandbox, 'appid=x&secret=y')).errmsg.replace(/\S*$/, ''));
  assert.ok(tails.size >= 3, [...tails].join(' | '));
});

test('a code is made for its scene, its ticket decodes to its url, and showqrcode draws a JPEG', async () => {
  const sandbox = createSandbox();
  const { access_token: accessToken } = await stableToken(sandbox);
  const made = await createQr(sandbox, accessToken, stringScene('qrscene_abc'));
  const decoded = decodeTicket(made.ticket ?? '');
  assert.deepEqual([decoded?.url, decoded?.expireSeconds], [made.url, 600]);
  assert.equal(made.expire_seconds, 600);
  const picture = await sandbox.fetch(
    new Request(`https://mp.weixin.example/cgi-bin/showqrcode?ticket=${encodeURIComponent(made.ticket ?? '')}`),
  );
  assert.deepEqual([picture.status, picture.headers.get('content-type')], [200, 'image/jpg']);
  assert.equal((await ask(sandbox, 'GET', '/cgi-bin/showqrcode?ticket=gQ')).http, 404);
});

test('one qrscene_ is put before the scene on a follow, none on a scan', async () => {
  const bodies: string[] = [];
  const spy = createSandbox({
    mode: 'plaintext',
    pushUrl: 'https://x.example/',
    fetch: async (_input, init) => {
      bodies.push(String(init?.body));
      return new Response('');
    },
  });
  const again = await createQr(spy, (await stableToken(spy)).access_token, stringScene('qrscene_abc'));
  await spy.phone.scan(again.url, 'alice');
  await spy.phone.follow('alice');
  await spy.phone.scan(again.url, 'alice');
  await spy.phone.settled();
  assert.match(bodies[0] ?? '', /<EventKey><!\[CDATA\[qrscene_qrscene_abc\]\]>/);
  assert.match(bodies[1] ?? '', /<EventKey><!\[CDATA\[qrscene_abc\]\]>/);
});

test('a permanent code has no expiry and the ending of its kind', async () => {
  const sandbox = createSandbox();
  const { access_token: accessToken } = await stableToken(sandbox);
  const body = { action_name: 'QR_LIMIT_SCENE', action_info: { scene: { scene_id: 110 } } };
  const made = await createQr(sandbox, accessToken, body);
  assert.equal(made.expire_seconds, undefined);
  assert.match(made.url, /^http:\/\/weixin\.qq\.com\/q\/02[\w-]{12}10000[gMw][037][\w-]$/);
  assert.equal(decodeTicket(made.ticket ?? '')?.expireSeconds, 0);
});

test('requests that WeChat refuses get its codes', async () => {
  const sandbox = createSandbox();
  const { access_token: accessToken } = await stableToken(sandbox);
  const code = async (body: unknown) => (await createQr(sandbox, accessToken, body)).errcode;
  assert.equal(await code({ action_name: 'QR_NO' }), 40052);
  assert.equal(await code({ action_name: 'QR_SCENE' }), 40053);
  assert.equal(await code(stringScene('x'.repeat(65))), 40053);
  assert.equal(await code('{'), 47001);
  assert.equal((await createQr(sandbox, '', {})).errcode, 41001);
  assert.equal((await ask(sandbox, 'GET', '/cgi-bin/nothing')).body.errcode, 40066);
  sandbox.faults.add({ path: '/cgi-bin/stable_token', fault: 'errcode', errcode: 40164, times: 1 });
  const refused = (await stableToken(sandbox)) as unknown as { errcode: number; errmsg: string };
  assert.equal(refused.errcode, 40164);
  assert.match(refused.errmsg, /invalid ip ([0-9a-fA-F:.]+)/);
});

test('user/info tells no name, and of somebody who does not follow only the ids', async () => {
  const sandbox = createSandbox();
  const { access_token: accessToken } = await stableToken(sandbox);
  const info = async (user: string) => {
    const { openid } = sandbox.phone.view(user).user;
    const { body } = await ask(
      sandbox,
      'GET',
      `/cgi-bin/user/info?access_token=${accessToken}&openid=${openid}&lang=zh_CN`,
    );
    return body as unknown as { subscribe: number; nickname?: string; openid: string };
  };
  assert.deepEqual([(await info('bob')).subscribe, (await info('bob')).nickname], [1, '']);
  assert.deepEqual(Object.keys(await info('alice')), ['subscribe', 'openid', 'unionid']);
});
