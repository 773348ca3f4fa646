import assert from 'node:assert/strict';
import test from 'node:test';
import { exportJWK, exportSPKI, generateKeyPair, SignJWT, type CryptoKey } from 'jose';
import { FakeClock } from '../../test/fake-clock.ts';
import { APP } from '../../test/scripted-authing.ts';
import { createTokenVerifier, TokenError } from './tokens.ts';

const clock = new FakeClock();
const seconds = Math.floor(clock.now() / 1000);
const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true });
const stranger = await generateKeyPair('RS256');
const CLAIMS = { iss: `${APP.host}/oidc`, aud: APP.id, sub: 'user-1', iat: seconds, exp: seconds + 60 };

/** Discovery and keys; `overrides` replaces answers by path. Counts what was asked. */
function network(overrides: Record<string, () => Response> = {}) {
  const asked: string[] = [];
  const fetch = async (input: string | URL | Request): Promise<Response> => {
    const url = new URL(input instanceof Request ? input.url : input);
    asked.push(url.pathname);
    const override = overrides[url.pathname];
    if (override) return override();
    if (url.pathname === '/oidc/.well-known/openid-configuration') {
      return Response.json({ issuer: CLAIMS.iss, jwks_uri: `${APP.host}/oidc/.well-known/jwks.json` });
    }
    if (url.pathname === '/oidc/.well-known/jwks.json') {
      return Response.json({ keys: [{ ...(await exportJWK(publicKey)), kid: 'k1', alg: 'RS256', use: 'sig' }] });
    }
    return new Response('not found', { status: 404 });
  };
  return { fetch, asked };
}

function verifier(appSecret: string | null = APP.secret, overrides: Record<string, () => Response> = {}) {
  const net = network(overrides);
  return { ...net, ...createTokenVerifier({ appHost: APP.host, appId: APP.id, appSecret, fetch: net.fetch, clock }) };
}

const sign = (
  alg: string,
  key: CryptoKey | Uint8Array,
  claims: Record<string, unknown> = {},
  header: Record<string, unknown> = {},
) => new SignJWT({ ...CLAIMS, ...claims }).setProtectedHeader({ alg, ...header }).sign(key);
const set = (id_token: unknown, more: Record<string, unknown> = {}) => ({
  id_token,
  access_token: 'a',
  expire_in: 60,
  ...more,
});
const secretKey = new TextEncoder().encode(APP.secret);

test('RS256 verifies with the published key of that id, fetched once', async () => {
  const { verify, asked } = verifier();
  for (let i = 0; i < 3; i++) {
    const { user } = await verify(set(await sign('RS256', privateKey, { name: '小明' }, { kid: 'k1' })));
    assert.deepEqual(user, { sub: 'user-1', name: '小明', picture: null });
  }
  assert.equal(asked.length, 2);
});

test('an unknown key id, a stranger’s key and no key id of ours are failures', async () => {
  const { verify } = verifier();
  await assert.rejects(verify(set(await sign('RS256', privateKey, {}, { kid: 'k2' }))), TokenError);
  await assert.rejects(verify(set(await sign('RS256', stranger.privateKey, {}, { kid: 'k1' }))), TokenError);
});

test('HS256 with the public key as its secret (algorithm confusion) is a failure', async () => {
  const { verify } = verifier();
  const pem = new TextEncoder().encode(await exportSPKI(publicKey));
  await assert.rejects(verify(set(await sign('HS256', pem, {}, { kid: 'k1' }))), TokenError);
});

test('without an app secret no HS256 token counts, whatever signed it', async () => {
  const { verify } = verifier(null);
  await assert.rejects(verify(set(await sign('HS256', secretKey))), /app secret/);
  await assert.rejects(verify(set(await sign('HS256', new TextEncoder().encode('null')))), TokenError);
  assert.equal((await verify(set(await sign('RS256', privateKey, {}, { kid: 'k1' })))).user.sub, 'user-1');
});

test('other algorithms are not chosen from, not even strong ones', async () => {
  const { verify } = verifier();
  const es = await generateKeyPair('ES256');
  for (const token of [
    await sign('HS512', secretKey),
    await sign('ES256', es.privateKey),
    await sign('PS256', (await generateKeyPair('PS256')).privateKey),
  ]) {
    await assert.rejects(verify(set(token)), TokenError);
  }
});

test('issuer, audience, expiry, issue time and subject all have to hold', async () => {
  const { verify } = verifier();
  const wrong = [
    { iss: `${APP.host}/oidc/` },
    { iss: 'https://other.authing.example/oidc' },
    { aud: `${APP.id}x` },
    { aud: [] },
    { exp: seconds - 31 },
    { exp: undefined },
    { iat: undefined },
    { sub: undefined },
    { sub: '' },
    { nbf: seconds + 60 },
  ];
  for (const claims of wrong)
    await assert.rejects(verify(set(await sign('HS256', secretKey, claims))), TokenError, JSON.stringify(claims));
  assert.ok(await verify(set(await sign('HS256', secretKey, { exp: seconds - 20 })))); // clocks differ a little
  assert.ok(await verify(set(await sign('HS256', secretKey, { aud: ['other', APP.id] }))));
});

test('keys come from Authing’s own origin only', async () => {
  const discovery = '/oidc/.well-known/openid-configuration';
  const { verify } = verifier(APP.secret, {
    [discovery]: () => Response.json({ jwks_uri: 'https://evil.example/jwks.json' }),
  });
  await assert.rejects(verify(set(await sign('RS256', privateKey, {}, { kid: 'k1' }))), /another origin/);
});

test('a failed discovery is asked again for the next login', async () => {
  const discovery = '/oidc/.well-known/openid-configuration';
  let down = true;
  const overrides: Record<string, () => Response> = { [discovery]: () => new Response('no', { status: 503 }) };
  const { verify } = verifier(APP.secret, overrides);
  const token = await sign('RS256', privateKey, {}, { kid: 'k1' });
  await assert.rejects(verify(set(token)));
  if (down) delete overrides[discovery];
  down = false;
  assert.equal((await verify(set(token))).user.sub, 'user-1');
});

test('the lifetime is read from either field, else from the access token, in seconds', async () => {
  const { verify } = verifier();
  const id = await sign('HS256', secretKey);
  const lifetime = async (more: Record<string, unknown>) =>
    (await verify(set(id, { expire_in: undefined, ...more }))).tokens.expires_in;
  assert.equal(await lifetime({ expire_in: 7200 }), 7200);
  assert.equal(await lifetime({ expires_in: 3600, expire_in: 7200 }), 3600);
  assert.equal(await lifetime({ expires_in: 'soon', expire_in: 7200 }), 7200);
  assert.equal(await lifetime({ access_token: await sign('HS256', secretKey, { exp: seconds + 90 }) }), 90);
  assert.equal(await lifetime({ access_token: 'opaque' }), 0);
});

test('no error holds a token', async () => {
  const { verify } = verifier();
  const token = await sign('HS256', new TextEncoder().encode('x'.repeat(32)));
  for (const bad of [set(token), set('a.b.c'), set(undefined), set(token, { access_token: 7 }), null, 'x', []]) {
    await assert.rejects(
      verify(bad),
      (error: Error) => error instanceof TokenError && !error.message.includes(token.slice(0, 20)),
    );
  }
});
