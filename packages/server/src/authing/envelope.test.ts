import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { refusalOf, successData } from './envelope.ts';

const answer = (json: unknown, httpStatus = 200) => ({ httpStatus, json, retryAfter: null });
const classOf = (json: unknown, httpStatus?: number) => refusalOf(answer(json, httpStatus)).class;

test('only statusCode 200 in the body is a success, whatever HTTP says', () => {
  assert.deepEqual(successData(answer({ statusCode: 200, data: { a: 1 } })), { a: 1 });
  assert.equal(successData(answer({ statusCode: 499, data: { a: 1 } })), undefined);
  assert.equal(successData(answer({ code: 200, data: {} })), undefined);
  assert.equal(successData(answer(undefined)), undefined);
});

test('apiCode is read as a number, as a string, and from the older field', () => {
  for (const body of [
    { statusCode: 301, apiCode: 1640 },
    { statusCode: 499, apiCode: '1640' },
    { statusCode: 499, code: 1640 },
  ]) {
    assert.equal(classOf(body), 'needs-step');
  }
});

test('each class of the contract is told from its neighbours', () => {
  assert.equal(classOf({ statusCode: 429 }), 'throttled');
  assert.equal(classOf({}, 429), 'throttled');
  assert.equal(classOf({ statusCode: 302 }), 'needs-step');
  assert.equal(classOf({ statusCode: 403, apiCode: 2005 }), 'blocked');
  assert.equal(classOf({ statusCode: 400, apiCode: 2241 }), 'restart');
  assert.equal(classOf({ statusCode: 404, apiCode: 2004 }), 'no-account');
  assert.equal(classOf({ statusCode: 404 }), 'missing');
  assert.equal(classOf(undefined, 404), 'missing');
  assert.equal(classOf({ statusCode: 401 }), 'unauthenticated');
  assert.equal(classOf({ statusCode: 499, apiCode: '2011' }), 'config');
  assert.equal(classOf({ statusCode: 503 }), 'unavailable');
  assert.equal(classOf(undefined, 502), 'unavailable');
  assert.equal(classOf(undefined, 200), 'unavailable');
  assert.equal(classOf({ statusCode: 602 }), 'rejected');
  assert.equal(classOf({ statusCode: 400 }), 'rejected');
});

test('the explanation tells codes and words, and nothing long enough to be a secret', () => {
  const { explanation } = refusalOf(
    answer({ statusCode: 499, apiCode: 2011, message: `应用不存在 ${'s'.repeat(40)}` }, 200),
  );
  assert.equal(explanation, 'HTTP 200, statusCode 499, apiCode 2011, "应用不存在 …"');
});

test('no body makes it throw', () => {
  fc.assert(
    fc.property(
      fc.jsonValue(),
      fc.integer({ min: 100, max: 599 }),
      (json, status) => void refusalOf(answer(json, status)),
    ),
  );
});
