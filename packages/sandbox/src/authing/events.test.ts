import assert from 'node:assert/strict';
import test from 'node:test';
import { ask, createCode, qrTextOf, statusOf } from '../../test/support.ts';
import { createSandbox } from '../index.ts';
import type { Sandbox } from '../index.ts';
import { sign } from '../wechat/crypto.ts';
import type { PushMode } from '../wechat/push.ts';
import { readXml } from '../wechat/xml.ts';

/** A sandbox in Mode 2 and the push that a scan of its code makes WeChat send. */
async function scanned(
  mode: PushMode = 'secure',
): Promise<{ sandbox: Sandbox; qrcodeId: string; url: URL; body: string }> {
  let push: { url: URL; body: string } | null = null;
  const sandbox = createSandbox({
    mode,
    pushUrl: 'https://companion.example/push',
    fetch: async (input, init) => {
      push = { url: new URL(String(input)), body: String(init?.body) };
      return new Response('success');
    },
  });
  const code = await createCode(sandbox);
  await sandbox.phone.scan(qrTextOf(code), 'bob');
  await sandbox.phone.settled();
  assert.ok(push !== null);
  return { sandbox, qrcodeId: code.qrcodeId, ...(push as { url: URL; body: string }) };
}

/** As express-xml-bodyparser turns a push into JSON. */
const asJson = (body: string) =>
  JSON.stringify({
    xml: Object.fromEntries([...(readXml(body) ?? [])].map(([name, value]) => [name.toLowerCase(), [value]])),
  });

test('a forwarded push logs the follower in to the code it belongs to; before, nothing happened', async () => {
  for (const mode of ['secure', 'compatible'] as const) {
    const { sandbox, qrcodeId, body } = await scanned(mode);
    assert.equal((await statusOf(sandbox, qrcodeId)).status, 'PENDING');
    const answer = await ask(sandbox, 'POST', sandbox.eventsPath, asJson(body));
    assert.deepEqual([answer.http, answer.body.raw], [200, 'success']);
    assert.equal((await statusOf(sandbox, qrcodeId)).status, 'AUTHORIZED');
  }
});

test('the raw form works with its original query', async () => {
  const { sandbox, qrcodeId, url, body } = await scanned();
  sandbox.switches.set({ O24: 'raw', O25: 'msg-signature-fresh' });
  assert.equal((await ask(sandbox, 'POST', sandbox.eventsPath + url.search, body)).http, 200);
  assert.equal((await statusOf(sandbox, qrcodeId)).status, 'AUTHORIZED');
});

test('a tampered event is refused and logs nobody in', async () => {
  const { sandbox, qrcodeId, body } = await scanned();
  const tampered = asJson(body).replace(/(\["[A-Za-z0-9+/]{40})./, (_, head: string) => `${head}!`);
  const cut = asJson(body).replace(/[A-Za-z0-9+/]{44}={0,2}"\]/, '"]');
  for (const forged of [tampered, cut, '{}', '', '<xml></xml>', '{"xml":{"encrypt":"x"}}']) {
    assert.equal((await ask(sandbox, 'POST', sandbox.eventsPath, forged)).http, 400, forged.slice(0, 60));
  }
  assert.equal((await statusOf(sandbox, qrcodeId)).status, 'PENDING');
});

test('in compatible mode only the encrypted copy counts', async () => {
  const { sandbox, qrcodeId, body } = await scanned('compatible');
  const { openid } = sandbox.phone.view('xiaomei').user;
  const forged = body.replace(/<FromUserName>.*<\/FromUserName>/, `<FromUserName><![CDATA[${openid}]]></FromUserName>`);
  assert.notEqual(forged, body);
  await ask(sandbox, 'POST', sandbox.eventsPath, asJson(forged));
  sandbox.switches.set({ O9: 'full' });
  assert.equal((await statusOf(sandbox, qrcodeId)).briefUserInfo?.displayName, 'Bob');
});

test('the URL verification echoes the bytes of echostr', async () => {
  const sandbox = createSandbox();
  const query = new URLSearchParams({ timestamp: '1714036504', nonce: '1514711492', echostr: '9104940990866104523' });
  query.set('signature', sign(sandbox.account.wechatToken, '1714036504', '1514711492'));
  const { http, body } = await ask(sandbox, 'GET', `${sandbox.eventsPath}?${query}`);
  assert.deepEqual([http, body.raw], [200, '9104940990866104523']);
});

test('another pool or identifier has no endpoint here', async () => {
  const sandbox = createSandbox();
  assert.equal((await ask(sandbox, 'POST', '/connections/social/other/pool/events', '{}')).http, 404);
});
