import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import test from 'node:test';
import { isBase64url32 } from '@wechat-follow-login/protocol';
import { createProof } from './pkce.ts';

test('the challenge is the SHA-256 of a verifier of 32 bytes, both base64url', async () => {
  for (let n = 0; n < 20; n++) {
    const { verifier, challenge } = await createProof();
    assert.ok(isBase64url32(verifier) && isBase64url32(challenge));
    assert.equal(challenge, createHash('sha256').update(verifier).digest('base64url'));
  }
});

test('no two verifiers are alike', async () => {
  const verifiers = await Promise.all(Array.from({ length: 200 }, async () => (await createProof()).verifier));
  assert.equal(new Set(verifiers).size, 200);
});

test('without a secure context there is a clear error and no weaker proof', async () => {
  const crypto = Object.getOwnPropertyDescriptor(globalThis, 'crypto')!;
  Object.defineProperty(globalThis, 'crypto', { value: { getRandomValues: () => {} }, configurable: true });
  try {
    await assert.rejects(createProof(), { name: 'LoginError', code: 'insecure_context', retryable: false });
  } finally {
    Object.defineProperty(globalThis, 'crypto', crypto);
  }
});
