import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import test from 'node:test';
import { serveSandbox } from '../../../packages/sandbox/src/node.ts';
import { createShop } from './app.ts';

const PAGE = 'https://shop.example';

test('one Express app logs people in, answers their messages and serves its own routes', async (t) => {
  const { sandbox, url: clouds, close } = await serveSandbox({ port: 0 });
  const { account } = sandbox;
  const shop = createShop({
    allowedOrigins: [PAGE],
    authing: { appHost: clouds, appId: account.appId, appSecret: account.appSecret },
    secrets: [randomBytes(32)],
    wechat: {
      appId: account.wechatAppId,
      token: account.wechatToken,
      encodingAESKey: account.encodingAESKey,
      eventsUrl: clouds + sandbox.eventsPath,
      loginText: 'Welcome back.',
    },
  });
  const server = shop.app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(async () => {
    await shop.companion.close();
    server.closeAllConnections();
    server.close();
    await close();
  });
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  sandbox.setPushUrl(`${base}/wechat-login/wechat/push`);
  const said = async (): Promise<string | undefined> => {
    await sandbox.phone.settled();
    return sandbox.phone.view('bob').chat.at(-1)?.text;
  };

  await sandbox.phone.say('Do you ship to Mars?', 'bob');
  assert.equal(await said(), 'We have your question: Do you ship to Mars?');

  const verifier = randomBytes(32).toString('base64url');
  const headers = { origin: PAGE, 'content-type': 'application/json' };
  const created = await fetch(`${base}/wechat-login/attempts`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ challenge: createHash('sha256').update(verifier).digest('base64url') }),
  });
  const attempt = (await created.json()) as { id: string; watchToken: string; qr: { text: string } };
  await sandbox.phone.scan(attempt.qr.text, 'bob');
  assert.equal(await said(), 'Welcome back.');
  const authorization = `Bearer ${attempt.watchToken}`;
  const look = await fetch(`${base}/wechat-login/attempts/${attempt.id}?wait=10&after=1`, {
    headers: { authorization },
  });
  assert.equal(((await look.json()) as { status: string }).status, 'authorized');
  const claim = await fetch(`${base}/wechat-login/attempts/${attempt.id}/claim`, {
    method: 'POST',
    headers: { ...headers, authorization },
    body: JSON.stringify({ verifier }),
  });
  assert.equal(((await claim.json()) as { delivery: string }).delivery, 'tokens');

  const basket = await fetch(`${base}/api/basket`, { method: 'POST', headers, body: '{"item":"tea"}' });
  assert.deepEqual(await basket.json(), { items: ['tea'] });

  await sandbox.phone.unfollow('bob');
  await said();
  assert.deepEqual(shop.questions, []);
});
