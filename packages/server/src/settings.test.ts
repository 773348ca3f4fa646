import assert from 'node:assert/strict';
import test from 'node:test';
import { readSettings, SettingsError } from './settings.ts';

const good = {
  ALLOWED_ORIGINS: 'https://shop.example, http://127.0.0.1:5173',
  AUTHING_APP_HOST: 'https://app.authing.cn',
  AUTHING_APP_ID: 'app-id',
  AUTHING_APP_SECRET: 'app-secret',
};
const hex = 'ab'.repeat(32);

function namesOfProblems(env: Record<string, string | undefined>): string[] {
  try {
    readSettings(env);
  } catch (error) {
    assert.ok(error instanceof SettingsError);
    return error.problems.map(({ name }) => name).sort();
  }
  return [];
}

test('the four required settings are enough, and everything else has its default', () => {
  const settings = readSettings(good);
  assert.deepEqual([settings.host, settings.port, settings.companion.basePath], ['127.0.0.1', 8787, '/wechat-login']);
  assert.deepEqual(settings.companion.allowedOrigins, ['https://shop.example', 'http://127.0.0.1:5173']);
  assert.equal(settings.companion.attemptTtl, 120);
  assert.equal(settings.companion.authing.clientAuth, 'post');
  assert.deepEqual(settings.companion.authing.qrHosts, ['files.authing.co', 'mp.weixin.qq.com']);
  assert.equal(settings.companion.deliverRefreshToken, false);
});

test('an empty environment is told everything that is required, at once', () => {
  assert.deepEqual(namesOfProblems({}), [
    'ALLOWED_ORIGINS',
    'AUTHING_APP_HOST',
    'AUTHING_APP_ID',
    'AUTHING_APP_SECRET',
  ]);
});

test('every wrong setting is listed by name in one go', () => {
  const wrong = {
    PORT: '80801',
    BASE_PATH: 'wechat/',
    COMPANION_SECRETS: `${hex},short`,
    ALLOWED_ORIGINS: 'https://shop.example/',
    ATTEMPT_TTL: '0',
    ACCOUNT_AVATAR: 'http://pictures.example/a.png',
    DELIVERY: 'pigeon',
    DELIVER_REFRESH_TOKEN: 'yes',
    TRUST_PROXY: '10.0.0.0/33',
    AUTHING_APP_HOST: 'http://app.authing.cn',
    AUTHING_CLIENT_AUTH: 'jwt',
    AUTHING_POLL_BUDGET: '0',
    LOG_LEVEL: 'loud',
  };
  assert.deepEqual(namesOfProblems(wrong), [...Object.keys(wrong), 'AUTHING_APP_ID', 'AUTHING_APP_SECRET'].sort());
});

test('problems name what is expected and never the value, which can be a secret', () => {
  const secret = 'too-short-but-secret';
  assert.throws(
    () => readSettings({ ...good, COMPANION_SECRETS: secret }),
    (error: Error) => /COMPANION_SECRETS.*32 bytes/.test(error.message) && !error.message.includes(secret),
  );
});

test('a public client needs the words that accept its risk', () => {
  const open = { ...good, AUTHING_APP_SECRET: undefined, AUTHING_CLIENT_AUTH: 'none' };
  assert.deepEqual(namesOfProblems(open), ['AUTHING_CLIENT_AUTH']);
  assert.deepEqual(namesOfProblems({ ...open, AUTHING_ALLOW_PUBLIC_CLIENT: 'yes' }), [
    'AUTHING_ALLOW_PUBLIC_CLIENT',
    'AUTHING_CLIENT_AUTH',
  ]);
  const accepted = { ...open, AUTHING_ALLOW_PUBLIC_CLIENT: 'whoever-sees-the-code-may-log-in' };
  assert.equal(readSettings(accepted).companion.authing.clientAuth, 'none');
});

test('plain http to Authing is for loopback only', () => {
  for (const host of [
    'http://127.0.0.1:9000',
    'http://localhost:9000',
    'http://[::1]:9000',
    'https://login.example:8443',
  ]) {
    assert.deepEqual(namesOfProblems({ ...good, AUTHING_APP_HOST: host }), [], host);
  }
  for (const host of [
    'http://127.0.0.1.evil.example',
    'https://a.example/',
    'https://a.example/x',
    'ftp://a.example',
    'a.example',
  ]) {
    assert.deepEqual(namesOfProblems({ ...good, AUTHING_APP_HOST: host }), ['AUTHING_APP_HOST'], host);
  }
});

test('secrets are read as hex or base64, first to last', () => {
  const base64 = Buffer.alloc(33, 7).toString('base64');
  const { secrets } = readSettings({ ...good, COMPANION_SECRETS: `${hex}, ${base64}` }).companion;
  assert.deepEqual(
    secrets?.map((key) => Buffer.from(key).toString('hex')),
    [hex, '07'.repeat(33)],
  );
});

test('a setting of the wire that this version does not serve is refused, never ignored', () => {
  assert.deepEqual(namesOfProblems({ ...good, REDIS_URL: 'redis://localhost', NUDGE_SECRET: 'x' }), [
    'NUDGE_SECRET',
    'REDIS_URL',
  ]);
});

test('the delivery is one of three, and a code needs the key that redeems it', () => {
  const key = 'k'.repeat(32);
  assert.equal(readSettings(good).companion.delivery, 'tokens');
  assert.equal(readSettings({ ...good, DELIVERY: 'cookie' }).companion.delivery, 'cookie');
  const { delivery, apiKey } = readSettings({ ...good, DELIVERY: 'code', API_KEY: key }).companion;
  assert.deepEqual([delivery, apiKey], ['code', key]);
  assert.throws(
    () => readSettings({ ...good, DELIVERY: 'code' }),
    /^SettingsError: API_KEY: required with DELIVERY=code/,
  );
  for (const wrong of [key.slice(1), `${key.slice(2)} x`, `${key}ü`]) {
    for (const name of ['tokens', 'code', 'cookie']) {
      assert.deepEqual(namesOfProblems({ ...good, DELIVERY: name, API_KEY: wrong }), ['API_KEY'], wrong);
    }
  }
  for (const wrong of ['Code', 'code,cookie', 'toString'])
    assert.deepEqual(namesOfProblems({ ...good, DELIVERY: wrong }), ['DELIVERY']);
});

test('near misses are refused: hex of the wrong length, other schemes, ports, dots, lists of nothing', () => {
  const wrong = {
    COMPANION_SECRETS: 'ab'.repeat(31),
    ALLOWED_ORIGINS: 'ftp://shop.example',
    AUTHING_QR_HOSTS: 'Files.Authing.co',
    BASE_PATH: '/a/../b',
  };
  assert.deepEqual(namesOfProblems({ ...good, ...wrong }), Object.keys(wrong).sort());
  assert.deepEqual(namesOfProblems({ ...good, COMPANION_SECRETS: ',', AUTHING_QR_HOSTS: 'localhost:9000' }), [
    'AUTHING_QR_HOSTS',
    'COMPANION_SECRETS',
  ]);
});

test('an empty variable counts as not set', () => {
  assert.equal(readSettings({ ...good, PORT: '', ACCOUNT_NAME: ' ' }).port, 8787);
});
