import assert from 'node:assert/strict';
import test from 'node:test';
import type { PushFixture } from '../../test/fixtures.ts';
import { pushFixtures } from '../../test/fixtures.ts';
import { decrypt, sign } from './crypto.ts';
import type { PushField } from './push.ts';
import {
  renderEnvelope,
  renderPlaintext,
  scanEvent,
  sealPush,
  subscribeEvent,
  textMessage,
  unsubscribeEvent,
} from './push.ts';
import { readXml } from './xml.ts';

const plaintextOf = ({ mode, body, decrypted }: PushFixture) => (mode === 'plaintext' ? body : (decrypted ?? ''));

/** Rebuilds a message with our own builders from the values alone; null for a kind the sandbox does not send. */
function rebuild(fields: Map<string, string>): readonly PushField[] | null {
  const value = (name: string) => fields.get(name) ?? '';
  const head = {
    originalId: value('ToUserName'),
    openid: value('FromUserName'),
    createTime: Number(value('CreateTime')),
  };
  const ticket = value('Ticket');
  if (value('MsgType') === 'text') return textMessage(head, value('Content'), value('MsgId'));
  switch (value('Event')) {
    case 'subscribe':
      return subscribeEvent(head, ticket ? { scene: value('EventKey').replace('qrscene_', ''), ticket } : undefined);
    case 'SCAN':
      return scanEvent(head, { scene: value('EventKey'), ticket });
    case 'unsubscribe':
      return unsubscribeEvent(head);
    default:
      return null;
  }
}

test('the bodies of all recorded pushes of the kinds the sandbox sends are reproduced byte for byte', () => {
  const reproduced: string[] = [];
  for (const push of pushFixtures) {
    const plaintext = plaintextOf(push);
    const fields = rebuild(readXml(plaintext) ?? new Map());
    if (!fields) continue;
    reproduced.push(push.name);
    assert.equal(renderPlaintext(fields), plaintext, push.name);
    if (push.mode === 'plaintext') continue;
    const encrypted = readXml(push.body)?.get('Encrypt') ?? '';
    assert.equal(renderEnvelope(push.mode, fields, encrypted), push.body, push.name);
  }
  assert.deepEqual(reproduced, [
    'plain-subscribe-no-scene',
    'plain-subscribe-qrscene',
    'plain-scan',
    'plain-unsubscribe',
    'plain-text',
    'secure-text',
    'compat-text',
  ]);
});

test('our reader finds the fields of all 25 recorded pushes, and signatures fit their queries', () => {
  assert.equal(pushFixtures.length, 25);
  for (const push of pushFixtures) {
    assert.ok(readXml(plaintextOf(push))?.get('FromUserName'), push.name);
    const { signature, timestamp = '', nonce = '' } = push.query;
    assert.equal(sign(push.token, timestamp, nonce), signature, push.name);
  }
});

const account = {
  wechatAppId: 'wx5a4db0c5a4db0c50',
  wechatToken: 'SandboxToken01',
  encodingAESKey: 'SandboxEncodingAESKeyNotForRealUse012345678',
};
const head = { originalId: 'gh_5a4db0c00001', openid: 'oSBX000000000000000000000000', createTime: 1_760_000_000 };
const random = (length: number) => new Uint8Array(length).fill(7);
const seal = (mode: 'plaintext' | 'compatible' | 'secure') =>
  sealPush({
    account,
    mode,
    fields: scanEvent(head, { scene: 's', ticket: 't' }),
    openid: head.openid,
    timestamp: head.createTime,
    random,
  });

test('the query has the parameters of its mode, in order', () => {
  const plain = ['signature', 'timestamp', 'nonce', 'openid'];
  assert.deepEqual([...seal('plaintext').query.keys()], plain);
  assert.deepEqual([...seal('compatible').query.keys()], [...plain, 'encrypt_type', 'msg_signature']);
  assert.deepEqual([...seal('secure').query.keys()], [...plain, 'encrypt_type', 'msg_signature']);
});

test('an encrypted push carries both signatures and holds the plaintext layout', () => {
  const { query, body } = seal('secure');
  const encrypted = readXml(body)?.get('Encrypt') ?? '';
  const [timestamp, nonce] = [query.get('timestamp') ?? '', query.get('nonce') ?? ''];
  assert.equal(query.get('signature'), sign(account.wechatToken, timestamp, nonce));
  assert.equal(query.get('msg_signature'), sign(account.wechatToken, timestamp, nonce, encrypted));
  const { plaintext, random: used } = decrypt({ ...account, appId: account.wechatAppId, encrypt: encrypted });
  assert.equal(plaintext, seal('plaintext').body);
  assert.match(used.toString(), /^[0-9a-f]{16}$/);
});
