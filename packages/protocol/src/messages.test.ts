import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import {
  isFinal,
  mayFollow,
  parseAttempt,
  parseClaimResult,
  parseProblem,
  parseSnapshot,
  RANK,
  WireError,
  type Status,
} from './index.ts';

const STATUSES = Object.keys(RANK) as Status[];
const status = fc.constantFrom(...STATUSES);
const snapshot = { seq: 0, status: 'pending', expiresIn: 120, newFollower: null, user: null, error: null };
const attempt = {
  id: 'a',
  watchToken: 'w',
  expiresIn: 120,
  qr: { text: 'http://weixin.qq.com/q/02x' },
  confirmNumber: null,
  account: null,
  snapshot,
};
const user = { sub: 's', name: null, picture: null };
const tokens = { token_type: 'Bearer', access_token: 'a', id_token: 'i', expires_in: 7200 };

test('whatever order statuses are told in, a state only moves forwards, and a final one stays', () => {
  fc.assert(
    fc.property(fc.array(status), (told) => {
      let current: Status = 'pending';
      let isOver = false;
      for (const next of told) {
        const before: Status = current;
        if (mayFollow(current, next)) current = next;
        assert.ok(RANK[current] >= RANK[before]);
        if (isOver) assert.equal(current, before);
        isOver = isFinal(current);
      }
    }),
  );
});

test('only what was authorized is ever claimed, and nothing follows itself', () => {
  for (const from of STATUSES) {
    assert.equal(mayFollow(from, 'claimed'), from === 'authorized', from);
    assert.equal(mayFollow(from, from), false, from);
  }
});

test('an attempt is taken with fields that are not known, and refused by the name of the one that is wrong', () => {
  assert.equal(parseAttempt({ ...attempt, later: 1 }).id, 'a');
  assert.deepEqual(parseAttempt({ ...attempt, account: { name: 'N', avatar: 7 } }).account, {
    name: 'N',
    avatar: null,
  });
  const wrong: Array<[string, unknown]> = [
    ['attempt.id', { ...attempt, id: '' }],
    ['attempt.watchToken', { ...attempt, watchToken: 7 }],
    ['attempt.expiresIn', { ...attempt, expiresIn: -1 }],
    ['attempt.qr', { ...attempt, qr: { image: 'https://a.example/x.png' } }],
    ['attempt.qr', { ...attempt, qr: { image: 'data:image/svg+xml;base64,AAAA' } }],
    ['attempt.qr', { ...attempt, qr: { text: 'x'.repeat(513) } }],
    ['attempt.snapshot.status', { ...attempt, snapshot: { ...snapshot, status: 'new' } }],
    ['attempt', []],
  ];
  for (const [field, value] of wrong) {
    assert.throws(
      () => parseAttempt(value),
      (error: Error) => error instanceof WireError && error.message.startsWith(`"${field}"`),
      field,
    );
  }
});

test('a status of a later version is no error, and its rank is never taken from the message', () => {
  assert.equal(parseSnapshot({ ...snapshot, status: 'thinking' }), null);
  assert.equal(parseSnapshot({ ...snapshot, seq: 99 })?.seq, 0);
  assert.equal(parseSnapshot({ ...snapshot, status: 'toString' }), null);
});

test('a result is complete or none, by its delivery', () => {
  assert.equal(parseClaimResult({ delivery: 'tokens', user, tokens }).delivery, 'tokens');
  assert.equal(parseClaimResult({ delivery: 'code', user, code: 'c', expiresIn: 60 }).delivery, 'code');
  assert.equal(parseClaimResult({ delivery: 'cookie', user }).delivery, 'cookie');
  for (const name of Object.keys(tokens).filter((key) => key !== 'token_type')) {
    assert.throws(
      () => parseClaimResult({ delivery: 'tokens', user, tokens: { ...tokens, [name]: undefined } }),
      WireError,
      name,
    );
  }
  assert.throws(() => parseClaimResult({ delivery: 'tokens', user: { ...user, sub: '' }, tokens }), WireError);
  assert.throws(() => parseClaimResult({ delivery: 'pigeon', user }), WireError);
});

test('nothing that can come over the wire makes a parser do anything but answer or throw WireError', () => {
  const parsers = [parseAttempt, parseSnapshot, parseClaimResult, parseProblem];
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(...parsers), (value, parse) => {
      try {
        parse(value);
      } catch (error) {
        assert.ok(error instanceof WireError);
      }
    }),
    { numRuns: 1000 },
  );
});

test('no WireError holds the value that was wrong: it can be a secret', () => {
  const secret = 'SECRET-CANARY';
  for (const value of [
    { ...attempt, watchToken: [secret] },
    { ...attempt, qr: { image: secret } },
    { ...attempt, expiresIn: secret },
  ]) {
    assert.throws(
      () => parseAttempt(value),
      (error: Error) => !error.message.includes(secret),
    );
  }
});
