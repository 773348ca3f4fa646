import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import test from 'node:test';
import * as wecom from '@wecom/crypto';
import fc from 'fast-check';
import { SANDBOX_DEFAULTS } from '../../../sandbox/src/index.ts';
import { OPENID, scanOf, sealed } from '../../test/pushes.ts';
import { decrypt, keyOf } from './crypto.ts';
import { encryptReply, renderReply, toReply } from './reply.ts';
import { parseXml } from './xml.ts';

/** Written by others, used as they are. */
interface Library {
  getSignature(timestamp: string, nonce: string, encrypt: string): string;
  decrypt(text: string): { message: string; id: string };
  encrypt(text: string): string;
}
const require = createRequire(import.meta.url);
const WXBizMsgCrypt = require('wechat-crypto') as new (token: string, key: string, id: string) => Library;

const { wechatToken: token, wechatAppId: appId, encodingAESKey } = SANDBOX_DEFAULTS;
const to = { openid: OPENID, account: 'gh_5a4db0c00001' };
const seal = { key: keyOf(encodingAESKey), appId, token, nonce: '415670741' };
const random = Buffer.alloc(16, 97);
const fields = (xml: string): Record<string, string> =>
  Object.fromEntries(parseXml(xml)!.children.map(({ name, text }) => [name, text]));

test('a text is byte for byte what WeChat documents', () => {
  assert.equal(
    renderReply({ openid: 'openid', account: 'gh_1' }, { type: 'text', content: '你好' }, 12345678),
    '<xml><ToUserName><![CDATA[openid]]></ToUserName><FromUserName><![CDATA[gh_1]]></FromUserName>' +
      '<CreateTime>12345678</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[你好]]></Content></xml>',
  );
});

test('whatever a text holds, it stays inside its field', () => {
  const nasty = ']]></Content><ToUserName><![CDATA[evil]]></ToUserName><Content><![CDATA[';
  assert.equal(fields(renderReply(to, { type: 'text', content: nasty }, 1)).Content, nasty);
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (content) => {
      const read = fields(renderReply(to, { type: 'text', content }, 1));
      assert.deepEqual(Object.keys(read), ['ToUserName', 'FromUserName', 'CreateTime', 'MsgType', 'Content']);
    }),
  );
});

test('pictures and news have their elements', () => {
  assert.match(
    renderReply(to, { type: 'image', mediaId: 'm1' }, 1),
    /<Image><MediaId><!\[CDATA\[m1\]\]><\/MediaId><\/Image>/,
  );
  const article = { title: 't', description: 'd', pictureUrl: 'https://p', url: 'https://u' };
  const news = parseXml(renderReply(to, { type: 'news', articles: [article, article] }, 1));
  assert.equal(news?.children.find(({ name }) => name === 'ArticleCount')?.text, '2');
  assert.equal(news?.children.find(({ name }) => name === 'Articles')?.children.length, 2);
});

test('what is no reply is named', () => {
  for (const wrong of [
    null,
    'success',
    {},
    { type: 'text' },
    { type: 'text', content: ' ' },
    { type: 'voice' },
    { type: 'news', articles: [] },
  ]) {
    assert.throws(() => toReply(wrong), /a reply must be/, JSON.stringify(wrong));
  }
  for (const content of ['\u0001\u0002', 'x'.repeat(2049), '很'.repeat(700)]) {
    assert.throws(() => toReply({ type: 'text', content }), /"content"/);
  }
});

test('of a hook’s answer only the known fields are taken, whatever else it holds', () => {
  const host: Record<string, unknown> = { type: 'text', content: 'hi', big: 1n };
  host.self = host;
  assert.deepEqual(toReply(host), { type: 'text', content: 'hi' });
});

test('two libraries of others read our encrypted reply, and its signature is theirs', () => {
  const xml = renderReply(to, { type: 'text', content: '微信 ]]> 😀' }, 1_713_424_427);
  const reply = fields(encryptReply(xml, seal, 1_713_424_427, random));
  assert.equal(reply.Nonce, '415670741');
  assert.equal(reply.TimeStamp, '1713424427');
  assert.equal(reply.MsgSignature, wecom.getSignature(token, reply.TimeStamp!, reply.Nonce!, reply.Encrypt!));
  assert.deepEqual(pick(wecom.decrypt(encodingAESKey, reply.Encrypt!)), { message: xml, id: appId });
  const library = new WXBizMsgCrypt(token, encodingAESKey, appId);
  assert.equal(reply.MsgSignature, library.getSignature(reply.TimeStamp!, reply.Nonce!, reply.Encrypt!));
  assert.deepEqual(pick(library.decrypt(reply.Encrypt!)), { message: xml, id: appId });
});

const pick = ({ message, id }: { message: string; id: string }): object => ({ message, id });

test('they read what the sandbox pushes, and we read what they encrypt', () => {
  const { body, query } = sealed(scanOf('gQTICKET'), { now: 1_713_424_427_000 });
  const encrypted = fields(body).Encrypt!;
  const library = new WXBizMsgCrypt(token, encodingAESKey, appId);
  assert.equal(
    query.get('msg_signature'),
    wecom.getSignature(token, query.get('timestamp')!, query.get('nonce')!, encrypted),
  );
  assert.match(wecom.decrypt(encodingAESKey, encrypted).message, /gQTICKET/);
  assert.match(library.decrypt(encrypted).message, /gQTICKET/);
  for (const theirs of [library.encrypt('消息 x'), wecom.encrypt(encodingAESKey, '消息 x', appId)]) {
    assert.equal(decrypt(keyOf(encodingAESKey), appId, theirs).message, '消息 x');
  }
});
