import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { readQrStatus } from './qr-status.ts';

const read = (json: unknown) => readQrStatus({ httpStatus: 200, json, retryAfter: null });
const enveloped = (data: unknown) => read({ statusCode: 200, message: '操作成功', data });

test('the same status is read from the envelope and from the bare object', () => {
  for (const [name, status] of [
    ['PENDING', 'pending'],
    ['SCANNED', 'scanned'],
    ['CANCELLED', 'cancelled'],
    ['EXPIRED', 'expired'],
  ] as const) {
    assert.deepEqual(enveloped({ status: name }), { named: true, report: { status } });
    assert.deepEqual(read({ status: name, ticket: null }), { named: true, report: { status } });
  }
});

test('an authorized code carries its login ticket, or a token set, or neither', () => {
  const authorized = { status: 'authorized', loginTicket: null, tokenSet: null, user: null };
  assert.deepEqual(enveloped({ status: 'AUTHORIZED', ticket: 't' })?.report, { ...authorized, loginTicket: 't' });
  assert.deepEqual(enveloped({ status: 'AUTHORIZED', ticket: '', tokenSet: {} })?.report, authorized);
  const withSet = enveloped({ status: 'AUTHORIZED', tokenSet: { id_token: 'x' } })?.report;
  assert.deepEqual(withSet, { ...authorized, tokenSet: { id_token: 'x' } });
});

test('a picture is passed on over https only', () => {
  const user = (briefUserInfo: unknown) =>
    (enveloped({ status: 'AUTHORIZED', ticket: 't', briefUserInfo })!.report as { user: unknown }).user;
  assert.deepEqual(user({ displayName: '小明', photo: 'https://a.example/p' }), {
    name: '小明',
    picture: 'https://a.example/p',
  });
  assert.deepEqual(user({ displayName: '小明', photo: 'http://a.example/p' }), { name: '小明', picture: null });
  assert.deepEqual(user({ displayName: '小明', photo: 'javascript:alert(1)' }), { name: '小明', picture: null });
  assert.equal(user({ displayName: ' ', photo: '' }), null);
});

test('a null status means that the code is gone', () => {
  assert.deepEqual(enveloped({ status: null }), { named: false, report: { status: 'expired' } });
  assert.deepEqual(read({ status: null }), { named: false, report: { status: 'expired' } });
});

test('an unknown name counts as pending and proves no endpoint', () => {
  assert.deepEqual(enveloped({ status: 'THINKING' }), { named: false, report: { status: 'pending' } });
});

test('a bare ERROR is a failed login that may be tried again', () => {
  assert.deepEqual(enveloped({ status: 'ERROR' })?.report, { status: 'failed', code: 'login_failed', retryable: true });
});

test('errors hold no status: an envelope without data, a framework’s numeric status, anything else', () => {
  for (const json of [
    { statusCode: 404, data: null },
    { statusCode: 301, apiCode: 1640, data: { key: 'k' } },
    { status: 404, error: 'Not Found' },
    undefined,
    null,
    'text',
    [],
    7,
  ]) {
    assert.equal(read(json), null, JSON.stringify(json));
  }
});

test('no answer at all makes it throw', () => {
  fc.assert(fc.property(fc.jsonValue(), (json) => void read(json)));
  fc.assert(fc.property(fc.jsonValue(), (data) => void enveloped(data)));
});
