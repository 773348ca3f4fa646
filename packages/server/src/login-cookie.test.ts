import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import test from 'node:test';
import { FakeClock } from '../test/fake-clock.ts';
import { clearLogin, readLogin } from './index.ts';
import { loginCookie } from './login-cookie.ts';
import { createKeyRing, type Purpose } from './seal.ts';

const secret = randomBytes(32);
const clock = new FakeClock();
const NAME = '__Host-wechat-login';
const made = (keys = createKeyRing([secret]), sub = 'user-1'): string =>
  loginCookie(keys, sub, clock.now())
    .split(';')[0]!
    .slice(NAME.length + 1);
const read = (cookie: string | null, secrets: string | readonly Uint8Array[] = [secret], now = clock.now()) =>
  readLogin(new Request('https://shop.example/', { headers: cookie === null ? {} : { cookie } }), {
    secrets,
    clock: { now: () => now },
  });
const sub = (...args: Parameters<typeof read>): string | null => read(...args)?.sub ?? null;

test('the login is read among other cookies, and its five minutes end with the fifth', () => {
  const value = made();
  const exp = Math.floor(clock.now() / 1000) + 300;
  assert.deepEqual(read(`a=b; ${NAME}=${value}; theme=dark`), { sub: 'user-1', exp });
  assert.equal(sub(`${NAME}=${value}`, [secret], exp * 1000 - 1), 'user-1');
  assert.equal(sub(`${NAME}=${value}`, [secret], exp * 1000), null);
});

test('what is missing, forged, cut or of another name is nobody', () => {
  const value = made();
  for (const cookie of [
    null,
    '',
    ';',
    NAME,
    `${NAME}=`,
    `=${NAME}=${value}`,
    `${NAME}="${value}"`,
    `${NAME}=${value}=`,
    `${NAME}=${value} x`,
    `${NAME}=${value.slice(0, -1)}`,
    `${NAME} =${value}`,
    `__host-wechat-login=${value}`,
    `__Secure-wechat-login=${value}`,
    `wechat-login=${value}`,
    `x${NAME}=${value}`,
    `${NAME}2=${value}`,
    `${NAME}=${Buffer.from('{"sub":"user-1","exp":9999999999}').toString('base64url')}`,
  ]) {
    assert.equal(read(cookie), null, String(cookie));
  }
  for (let i = 0; i < value.length; i++) {
    const flipped = `${value.slice(0, i)}${value[i] === 'A' ? 'B' : 'A'}${value.slice(i + 1)}`;
    assert.equal(read(`${NAME}=${flipped}`), null, `character ${i}`);
  }
});

test('two cookies of the name are nobody, whichever of them is ours', () => {
  const value = made();
  for (const other of [value, made(), 'x', '', made(createKeyRing([randomBytes(32)]))]) {
    assert.equal(read(`${NAME}=${value}; ${NAME}=${other}`), null);
    assert.equal(read(`${NAME}=${other};${NAME}=${value}`), null);
  }
  const headers = new Headers();
  headers.append('cookie', `${NAME}=${value}`);
  headers.append('cookie', `${NAME}=${value}`);
  assert.equal(readLogin({ headers }, { secrets: [secret], clock }), null);
});

test('what was sealed for something else, or by another companion, is nobody', () => {
  const login = JSON.stringify({ sub: 'user-1', exp: 9_999_999_999 });
  const keys = createKeyRing([secret]);
  const others: Purpose[] = ['watch-token', 'result', 'handed-over', 'code', 'attempt', 'outbox', 'person'];
  for (const purpose of others) assert.equal(read(`${NAME}=${keys.seal(purpose, login)}`), null, purpose);
  assert.equal(sub(`${NAME}=${keys.seal('login-cookie', login)}`), 'user-1');
  assert.equal(read(`${NAME}=${keys.seal('login-cookie', login, 'bound')}`), null);
  assert.equal(read(`${NAME}=${made(createKeyRing([randomBytes(32)]))}`), null);
  for (const shape of [
    [],
    null,
    7,
    {},
    { sub: '', exp: 9e9 },
    { sub: 7, exp: 9e9 },
    { sub: 'a' },
    { sub: 'a', exp: 'x' },
  ])
    assert.equal(read(`${NAME}=${keys.seal('login-cookie', JSON.stringify(shape))}`), null, JSON.stringify(shape));
});

test('secrets come as COMPANION_SECRETS has them or as keys, an old one among them opens, wrong ones are said', () => {
  const cookie = `${NAME}=${made()}`;
  const fresh = randomBytes(32);
  for (const secrets of [
    secret.toString('hex'),
    secret.toString('base64'),
    `${fresh.toString('hex')}, ${secret.toString('hex')}`,
    [fresh, secret],
  ]) {
    assert.equal(sub(cookie, secrets), 'user-1');
  }
  assert.equal(sub(cookie, fresh.toString('hex')), null);
  for (const secrets of ['', ',', 'short', `${secret.toString('hex')},short`, [], [new Uint8Array(31)]]) {
    assert.throws(() => sub(cookie, secrets), { name: 'TypeError', message: /^"secrets" must/ });
  }
});

test("node's requests are read like web ones", () => {
  const cookie = `${NAME}=${made()}`;
  const options = { secrets: [secret], clock };
  assert.equal(readLogin({ headers: { cookie } }, options)?.sub, 'user-1');
  assert.equal(readLogin({ headers: {} }, options), null);
  assert.equal(readLogin({ headers: { cookie: undefined } }, options), null);
});

test('the cookie is dropped by the same name and place', () => {
  assert.equal(clearLogin(), `${NAME}=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0`);
  assert.equal(read(`${NAME}=`), null);
});
