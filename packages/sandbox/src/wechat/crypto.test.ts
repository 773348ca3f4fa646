import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import type { VectorFixture } from '../../test/fixtures.ts';
import { vectorFixtures } from '../../test/fixtures.ts';
import { CryptoRefusal, decrypt, encrypt, sign, signatureFits } from './crypto.ts';

const signedParts = ({ token, timestamp, nonce, encrypt: encrypted }: VectorFixture) =>
  encrypted === null ? { token, timestamp, nonce } : { token, timestamp, nonce, encrypt: encrypted };

/** As the receiving end does: signature first, then the message. */
function open(vector: VectorFixture): { plaintext: string; random: string } {
  if (!signatureFits(signedParts(vector), vector.msgSignature)) throw new CryptoRefusal('signature-mismatch');
  const { plaintext, random } = decrypt({
    encodingAESKey: vector.encodingAESKey ?? '',
    appId: vector.appId ?? '',
    encrypt: vector.encrypt ?? '',
  });
  return { plaintext, random: random.toString('hex') };
}

const of = (kind: VectorFixture['kind'], positive: boolean) =>
  vectorFixtures.filter((vector) => vector.kind === kind && (vector.expect === 'ok') === positive);

test('every one of the 159 vectors applies and is used below', () => {
  const counts = (['url-verify', 'signature', 'decrypt'] as const).flatMap((kind) => [
    of(kind, true).length,
    of(kind, false).length,
  ]);
  assert.deepEqual(counts, [7, 4, 29, 5, 52, 62]);
  assert.equal(vectorFixtures.length, 159);
});

test('all 36 right signatures without a message are reproduced', () => {
  for (const vector of [...of('url-verify', true), ...of('signature', true)]) {
    const { token, timestamp, nonce, encrypt: encrypted } = vector;
    const parts = [token, timestamp, nonce, ...(encrypted === null ? [] : [encrypted])];
    assert.equal(sign(...parts), vector.msgSignature.toLowerCase(), vector.name);
  }
});

test('all 9 wrong signatures without a message are refused', () => {
  for (const vector of [...of('url-verify', false), ...of('signature', false)]) {
    assert.equal(signatureFits(signedParts(vector), vector.msgSignature), false, vector.name);
  }
});

test('all 52 encrypted messages open to their text and random bytes, and encrypt back byte for byte', () => {
  for (const vector of of('decrypt', true)) {
    assert.deepEqual(open(vector), { plaintext: vector.plaintext, random: vector.random }, vector.name);
    const again = encrypt({
      encodingAESKey: vector.encodingAESKey ?? '',
      appId: vector.appId ?? '',
      plaintext: vector.plaintext ?? '',
      random: Buffer.from(vector.random ?? '', 'hex'),
    });
    assert.equal(again, vector.encrypt, vector.name);
  }
});

test('all 62 encrypted messages that must be refused are, for the reason given', () => {
  for (const vector of of('decrypt', false)) {
    assert.throws(
      () => open(vector),
      (error) => error instanceof CryptoRefusal && `error:${error.reason}` === vector.expect,
      `${vector.name} ${vector.expect}`,
    );
  }
});

test('any text survives encryption, in a multiple of 32 bytes', () => {
  const encodingAESKey = 'SandboxEncodingAESKeyNotForRealUse012345678';
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.uint8Array({ minLength: 16, maxLength: 16 }), (text, random) => {
      const encrypted = encrypt({ encodingAESKey, appId: 'wx00', plaintext: text, random });
      assert.equal(Buffer.from(encrypted, 'base64').length % 32, 0);
      const opened = decrypt({ encodingAESKey, appId: 'wx00', encrypt: encrypted });
      assert.equal(opened.plaintext, text);
      assert.deepEqual(new Uint8Array(opened.random), random);
    }),
  );
});
