import assert from 'node:assert/strict';
import test from 'node:test';
import { ask, fakeClock, qrTextOf } from '../../test/support.ts';
import type { Sandbox } from '../index.ts';
import { createSandbox } from '../index.ts';

const gene = async (sandbox: Sandbox) =>
  (await ask(sandbox, 'POST', '/api/v2/qrcode/gene', { scene: 'WECHATMP_AUTH', context: {} })).body.data;
const check = async (sandbox: Sandbox, random: string) =>
  (await ask(sandbox, 'GET', `/api/v2/qrcode/check?random=${random}`)).body;

test('the V2 flow, as Guard runs it', async () => {
  const clock = fakeClock();
  const sandbox = createSandbox({ clock, switches: { O8: 'short', O17: 'browser-exchange' } });
  const code = await gene(sandbox);
  assert.equal(code.expiresIn, 120);
  assert.equal((await check(sandbox, code.random)).data.status, 0);
  await sandbox.phone.scan(qrTextOf(code), 'bob');
  assert.equal((await check(sandbox, code.random)).data.status, 1);
  await clock.advance(800);
  const { data } = await check(sandbox, code.random);
  assert.equal(data.status, 2);
  const user = (await ask(sandbox, 'POST', '/api/v2/qrcode/userinfo', { ticket: data.ticket })).body;
  assert.equal(user.code, 200);
  assert.match(user.data.token, /^ey/);
});

test('unknown and expired codes have their own numbers', async () => {
  const clock = fakeClock();
  const sandbox = createSandbox({ clock });
  assert.equal((await check(sandbox, 'nobody')).code, 2241);
  const code = await gene(sandbox);
  await clock.advance(120_000);
  assert.equal((await check(sandbox, code.random)).data.status, -1);
});

test('a needed step is status 4 with the whole answer of the step, a failed one status 5', async () => {
  const sandbox = createSandbox({ switches: { O10: 'envelope-1640' } });
  const code = await gene(sandbox);
  await sandbox.phone.scan(qrTextOf(code), 'bob');
  const { data } = await check(sandbox, code.random);
  assert.deepEqual([data.status, data.scannedResult?.apiCode], [4, 1640]);
  sandbox.switches.set({ O10: 'error' });
  assert.equal((await check(sandbox, code.random)).data.status, 5);
});

test('public-config names the connection, and nothing for a foreign application', async () => {
  const sandbox = createSandbox();
  const { appId, userPoolId } = sandbox.account;
  const { body } = await ask(sandbox, 'GET', `/api/v2/applications/${appId}/public-config`);
  assert.equal(body.data.userPoolId, userPoolId);
  assert.equal((await ask(sandbox, 'GET', '/api/v2/applications/other/public-config')).body.code, 2011);
});
