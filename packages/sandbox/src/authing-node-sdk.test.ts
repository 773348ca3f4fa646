import assert from 'node:assert/strict';
import test from 'node:test';
import sdk from 'authing-node-sdk';
import { qrTextOf } from '../test/support.ts';
import { serveSandbox } from './node.ts';
import type { SwitchValues } from './switches.ts';

type Client = InstanceType<typeof sdk.AuthenticationClient>;
const OFFICIAL_ACCOUNT = 'WECHAT_OFFICIAL_ACCOUNT' as Parameters<Client['geneQrCode']>[0]['type'];

/** Authing's own client, unmodified, as the second opinion on what the sandbox answers. */
async function logInWithSdk(method: 'client_secret_post' | 'client_secret_basic', switches: Partial<SwitchValues>) {
  const { url, sandbox, close } = await serveSandbox({ switches });
  try {
    const { appId, appSecret } = sandbox.account;
    const client = new sdk.AuthenticationClient({
      appHost: url,
      appId,
      appSecret,
      tokenEndPointAuthMethod: method,
    });
    const { data: code } = await client.geneQrCode({ type: OFFICIAL_ACCOUNT });
    const status = async () => (await client.getQrCodeStatus({ qrcodeId: code.qrcodeId })).data;
    assert.equal((await status()).status, 'PENDING');
    await sandbox.phone.scan(qrTextOf(code), 'alice');
    assert.equal((await status()).status, 'PENDING');
    await sandbox.phone.follow('alice');
    const authorized = await status();
    assert.equal(authorized.status, 'AUTHORIZED');

    const exchanged = await client.exchangeTokenSetWithQrCodeTicket({
      ticket: authorized.ticket ?? '',
      ...(method === 'client_secret_post' && { client_id: appId, client_secret: appSecret }),
    });
    assert.equal(exchanged.statusCode, 200);
    const { id_token: idToken = '', access_token: accessToken = '' } = exchanged.data;
    client.setAccessToken(accessToken);
    const profile = await client.getProfile({});
    return {
      id: await client.parseIDToken(idToken),
      access: await client.parseAccessToken(accessToken),
      lifetime: exchanged.data.expire_in,
      userId: profile.data.userId,
      expected: { iss: `${url}/oidc`, aud: appId },
    };
  } finally {
    await close();
  }
}

for (const method of ['client_secret_post', 'client_secret_basic'] as const) {
  test(`authing-node-sdk logs in with ${method} and parses the tokens`, async () => {
    const O15 = method === 'client_secret_post' ? 'post' : 'basic';
    const { id, access, lifetime, userId, expected } = await logInWithSdk(method, { O15 });
    assert.deepEqual({ iss: id.iss, aud: id.aud }, expected);
    assert.deepEqual({ iss: access.iss, aud: access.aud }, expected);
    assert.equal(id.sub, access.sub);
    assert.equal(id.sub, userId);
    assert.equal(lifetime, 7200);
  });
}

test('authing-node-sdk verifies an id_token signed by RS256 with the served keys', async () => {
  const { id, expected } = await logInWithSdk('client_secret_post', { 'O14-id-token': 'rs256' });
  assert.equal(id.iss, expected.iss);
});

test('authing-node-sdk reads the older status endpoint, whose success has no envelope', async () => {
  const { url, sandbox, close } = await serveSandbox();
  try {
    const { appId, appSecret } = sandbox.account;
    const client = new sdk.AuthenticationClient({ appHost: url, appId, appSecret });
    const { data } = await client.geneQrCode({ type: OFFICIAL_ACCOUNT });
    const answer: unknown = await client.checkQrCodeStatus({ qrcodeId: data.qrcodeId });
    assert.deepEqual(answer, { status: 'PENDING', ticket: null });
  } finally {
    await close();
  }
});
