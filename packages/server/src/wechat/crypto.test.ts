import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { VECTORS, type Vector } from '../../test/pushes.ts';
import { CryptoError, decrypt, encrypt, keyOf } from './crypto.ts';
import { sign, signatureFits } from './signature.ts';

const parts = ({ token, timestamp, nonce, encrypt: encrypted }: Vector): string[] =>
  encrypted === null ? [token, timestamp, nonce] : [token, timestamp, nonce, encrypted];

/** What a receiver makes of a vector: the message and its random bytes, or the name of the fault. */
function read(vector: Vector): { message: string; random: string } | string {
  if (!signatureFits(vector.msgSignature, ...parts(vector))) return 'signature-mismatch';
  if (vector.kind !== 'decrypt') return { message: vector.plaintext, random: '' };
  try {
    const { message, random } = decrypt(keyOf(vector.encodingAESKey), vector.appId, vector.encrypt ?? '');
    return { message, random: random.toString('hex') };
  } catch (error) {
    assert.ok(error instanceof CryptoError);
    return error.fault;
  }
}

test('all 159 vectors: the good ones read with their random bytes, the others refused for the reason that comes first', () => {
  const counts = { read: 0, refused: 0 };
  for (const vector of VECTORS) {
    const result = read(vector);
    if (vector.expect === 'ok') {
      counts.read++;
      assert.ok(typeof result === 'object', `${vector.name}: ${String(result)}`);
      assert.equal(result.message, vector.plaintext, vector.name);
      if (vector.kind === 'decrypt' && vector.random !== null) assert.equal(result.random, vector.random, vector.name);
    } else {
      counts.refused++;
      // A usable key comes first: a receiver that has none does not start.
      assert.equal(`error:${String(result)}`, vector.expect, vector.name);
    }
  }
  assert.deepEqual(counts, { read: 88, refused: 71 });
});

test('every good vector encrypts back to the same bytes with its own random ones', () => {
  let encrypted = 0;
  for (const vector of VECTORS) {
    if (vector.kind !== 'decrypt' || vector.expect !== 'ok' || vector.random === null) continue;
    encrypted++;
    const random = Buffer.from(vector.random, 'hex');
    assert.equal(encrypt(keyOf(vector.encodingAESKey), vector.appId, vector.plaintext, random), vector.encrypt);
  }
  assert.ok(encrypted > 40, String(encrypted));
});

const key = keyOf('abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG');

test('what was encrypted decrypts, for every text and app id, and only for that app id', () => {
  const random = Buffer.alloc(16, 7);
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary-ascii' }), (text, appId) => {
      const encrypted = encrypt(key, appId, text, random);
      assert.equal(Buffer.from(encrypted, 'base64').length % 32, 0);
      assert.equal(decrypt(key, appId, encrypted).message, text);
      assert.throws(() => decrypt(key, `${appId} `, encrypted), CryptoError);
    }),
  );
});

test('a change to any byte of the last block, which holds app id and padding, is refused', () => {
  const encrypted = Buffer.from(encrypt(key, 'wx1234567890abcdef', 'x'.repeat(50), Buffer.alloc(16, 7)), 'base64');
  for (let i = encrypted.length - 32; i < encrypted.length; i++) {
    const changed = Buffer.from(encrypted);
    changed[i]! ^= 1;
    assert.throws(() => decrypt(key, 'wx1234567890abcdef', changed.toString('base64')), CryptoError, String(i));
  }
});

test('whatever is not base64 of whole blocks is an error of ours, never of the cipher', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.base64String(),
        fc.uint8Array().map((bytes) => Buffer.from(bytes).toString('base64')),
      ),
      (text) => {
        assert.throws(() => decrypt(key, 'wx1', text), CryptoError);
      },
    ),
  );
});

test('a signature is 40 lower-case hex digits over the parts sorted as bytes', () => {
  const good = sign('t', '999', '1000');
  assert.ok(signatureFits(good, 't', '1000', '999'));
  for (const bad of [good.toUpperCase(), good.slice(1), `${good}0`, ` ${good}`, '', `${good.slice(0, 39)}é`]) {
    assert.ok(!signatureFits(bad, 't', '1000', '999'), bad);
  }
});
