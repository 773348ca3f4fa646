import assert from 'node:assert/strict';
import test from 'node:test';
import { readSettings, SettingsError } from '../settings.ts';

const mode1 = {
  ALLOWED_ORIGINS: 'https://shop.example',
  AUTHING_APP_HOST: 'https://app.authing.cn',
  AUTHING_APP_ID: 'app-id',
  AUTHING_APP_SECRET: 'app-secret',
};
const set = {
  WECHAT_APP_ID: 'wx1234567890abcdef',
  WECHAT_TOKEN: 'Token01',
  WECHAT_ENCODING_AES_KEY: 'A'.repeat(43),
  AUTHING_EVENTS_URL: 'https://core.authing.cn/connections/social/x/y/events',
};

function problems(env: Record<string, string | undefined>): string[] {
  try {
    readSettings({ ...mode1, ...env });
  } catch (error) {
    assert.ok(error instanceof SettingsError);
    return error.problems.map(({ name }) => name).sort();
  }
  return [];
}
const wechat = (env: Record<string, string>) => readSettings({ ...mode1, ...set, ...env }).companion.wechat;

test('the four settings of Mode 2 switch it on, with its defaults', () => {
  assert.deepEqual(wechat({}), {
    appId: set.WECHAT_APP_ID,
    token: set.WECHAT_TOKEN,
    encodingAESKey: set.WECHAT_ENCODING_AES_KEY,
    eventsUrl: set.AUTHING_EVENTS_URL,
    maxSkew: 300,
    forwardFormat: 'json',
  });
});

test('a part of the set names all that is missing, whichever part it is', () => {
  for (const name of Object.keys(set)) {
    assert.deepEqual(problems({ ...set, [name]: undefined }), [name]);
    const rest = Object.keys(set).filter((other) => other !== name);
    assert.deepEqual(problems({ [name]: set[name as keyof typeof set] }), rest.sort());
  }
  for (const [name, value] of [
    ['WECHAT_OWNER_URL', 'http://owner.example'],
    ['WECHAT_CONFIRM', 'number'],
    ['AUTHING_FORWARD', 'known'],
    ['WECHAT_MAX_SKEW', '60'],
  ]) {
    assert.deepEqual(problems({ [name!]: value }), Object.keys(set).sort(), name);
  }
});

test('what holds anyway may be written down in Mode 1', () => {
  const defaults = {
    WECHAT_PLAINTEXT: 'false',
    WECHAT_CONFIRM: 'off',
    WECHAT_MAX_SKEW: '300',
    AUTHING_FORWARD: 'scans',
    AUTHING_FORWARD_FORMAT: 'json',
  };
  assert.equal(readSettings({ ...mode1, ...defaults }).companion.wechat, undefined);
});

test('every wrong value is named in one go', () => {
  const wrong = {
    WECHAT_APP_ID: 'wx 1',
    WECHAT_TOKEN: 'ab',
    WECHAT_ENCODING_AES_KEY: `${'A'.repeat(43)}=`,
    WECHAT_PREVIOUS_ENCODING_AES_KEY: 'A'.repeat(42),
    WECHAT_MAX_SKEW: '0',
    WECHAT_OWNER_URL: 'ftp://owner.example',
    WECHAT_WELCOME_TEXT: '喂'.repeat(683),
    WECHAT_CONFIRM: 'yes',
    WECHAT_PLAINTEXT: 'maybe',
    AUTHING_EVENTS_URL: 'http://core.authing.cn/events',
    AUTHING_FORWARD: 'all',
    AUTHING_FORWARD_FORMAT: 'xml',
  };
  assert.deepEqual(problems(wrong), Object.keys(wrong).sort());
});

test('settings that contradict each other are refused', () => {
  assert.deepEqual(problems({ ...set, WECHAT_PLAINTEXT: 'true' }), ['WECHAT_PLAINTEXT']);
  assert.deepEqual(problems({ ...set, WECHAT_CONFIRM: 'number', AUTHING_FORWARD: 'scans' }), ['AUTHING_FORWARD']);
});

test('their neighbours are not: plaintext without a key, confirmation with known or nothing', () => {
  assert.deepEqual(problems({ ...set, WECHAT_PLAINTEXT: 'true', WECHAT_ENCODING_AES_KEY: undefined }), []);
  assert.equal(wechat({ WECHAT_CONFIRM: 'number', AUTHING_FORWARD: 'known' })?.forward, 'known');
  assert.equal(wechat({ WECHAT_CONFIRM: 'number' })?.forward, undefined);
  assert.deepEqual(problems({ ...set, AUTHING_EVENTS_URL: 'http://127.0.0.1:4000/connections/social/x/y/events' }), []);
});
