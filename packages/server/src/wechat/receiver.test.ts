import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { SANDBOX_DEFAULTS } from '../../../sandbox/src/index.ts';
import { FakeClock } from '../../test/fake-clock.ts';
import { OPENID, REAL_PUSHES, scanOf, sealed, textSaying, VECTORS, type SealOptions } from '../../test/pushes.ts';
import type { Log } from '../ports.ts';
import { keyOf } from './crypto.ts';
import { createReceiver, type Delivery, type Receiver } from './receiver.ts';
import { sign } from './signature.ts';

const { wechatToken: token, wechatAppId: appId, encodingAESKey } = SANDBOX_DEFAULTS;
const PREVIOUS_KEY = 'previousKEYpreviousKEYpreviousKEYprevious01';
const clock = new FakeClock();
const now = clock.now();
const seconds = String(now / 1000);
const quiet: Log = { debug() {}, info() {}, warn() {}, error() {} };

function receiver(settings: Partial<Parameters<typeof createReceiver>[0]> = {}, log = quiet): Receiver {
  return createReceiver({ token, appId, encodingAESKeys: [encodingAESKey], maxSkew: 300, ...settings }, { clock, log });
}
const secure = receiver();
const plain = receiver({ encodingAESKeys: [] });

function open(who: Receiver, query: URLSearchParams, body: string | Uint8Array): Delivery | null {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  return who.open({ query, search: query.toString(), contentType: 'text/xml' }, bytes);
}
const seal = (fields = scanOf('gQTICKET'), more: Partial<SealOptions> = {}) => sealed(fields, { now, ...more });

/** The same push with its query changed. */
function changed(change: (query: URLSearchParams) => void, more: Partial<SealOptions> = {}): Delivery | null {
  const { query, body } = seal(undefined, more);
  change(query);
  return open(secure, query, body);
}

test('all 25 real pushes are read at their own time, each as what it is', async () => {
  const types: Record<string, string> = {};
  for (const push of REAL_PUSHES) {
    const then = new FakeClock(Number(push.query.timestamp) * 1000);
    const keys = !push.encodingAESKey ? [] : [push.encodingAESKey];
    const its = createReceiver(
      { token: push.token, appId: push.appId ?? 'wx', encodingAESKeys: keys, maxSkew: 300 },
      { clock: then, log: quiet },
    );
    const delivery = open(its, new URLSearchParams(push.query), push.body);
    assert.ok(delivery, push.name);
    assert.equal(delivery.push.openid, push.query.openid, push.name);
    types[push.name] = delivery.push.type;
    // A second later than the window and all is refused.
    await then.advance(302_000);
    assert.equal(open(its, new URLSearchParams(push.query), push.body), null, push.name);
  }
  assert.deepEqual(new Set(Object.values(types)).size, 14, JSON.stringify(types));
  assert.equal(types['plain-scan'], 'scan');
  assert.equal(types['plain-subscribe-qrscene'], 'subscribe');
  assert.equal(types['plain-templatesendjobfinish'], 'template-sent');
  assert.equal(types['plain-location-event'], 'location-report');
});

test('one prefix is taken off the scene of a follow, and none off that of a scan', () => {
  const scene = (Event: string, EventKey: string): unknown => {
    const delivery = open(
      secure,
      ...(Object.values(seal({ ...scanOf('t'), Event, EventKey })) as [URLSearchParams, string]),
    );
    return delivery && 'scene' in delivery.push ? delivery.push.scene : undefined;
  };
  assert.equal(scene('subscribe', 'qrscene_qrscene_abc'), 'qrscene_abc');
  assert.equal(scene('SCAN', 'qrscene_abc'), 'qrscene_abc');
  assert.equal(scene('subscribe', ''), null);
  assert.equal(scene('scan', '110'), '110');
});

test('64-bit ids stay what they are', () => {
  const { query, body } = seal({ ...textSaying('x'), MsgId: '23892468385179204' });
  const push = open(secure, query, body)?.push;
  assert.equal(push?.type === 'text' && push.messageId, '23892468385179204');
});

test('downgrades are refused: with a key the mode is secure, whatever a request says', () => {
  const { query } = seal();
  const plaintext = sealed(scanOf('gQTICKET'), { now, mode: 'plaintext' });
  assert.ok(open(plain, plaintext.query, plaintext.body), 'the very push is good where plaintext is configured');
  assert.equal(open(secure, plaintext.query, plaintext.body), null);
  assert.equal(open(secure, query, plaintext.body), null, 'all parameters of a secure push, a plaintext body');
  for (const name of ['encrypt_type', 'msg_signature'])
    assert.equal(
      changed((q) => q.delete(name)),
      null,
      name,
    );
  for (const type of ['raw', 'AES', '', 'aes '])
    assert.equal(
      changed((q) => q.set('encrypt_type', type)),
      null,
      type,
    );
  // `signature` alone proves nothing, so nothing depends on it.
  assert.ok(changed((q) => q.delete('signature')));
  assert.ok(changed((q) => q.set('signature', 'x')));
  assert.equal(
    changed((q) => q.set('msg_signature', q.get('signature') ?? '')),
    null,
  );
});

test('without a key an encrypted push is refused', () => {
  const { query, body } = seal();
  assert.equal(open(plain, query, body), null);
});

test('digits that moved between timestamp and nonce, or the two swapped, are refused though the signature fits', () => {
  const { query, body } = seal();
  const [timestamp, nonce] = [query.get('timestamp')!, query.get('nonce')!];
  assert.ok(open(secure, query, body));
  const joined = [timestamp + nonce, nonce + timestamp];
  let fitting = 0;
  for (const digits of joined) {
    for (let at = 0; at <= digits.length; at++) {
      const split = new URLSearchParams(query);
      split.set('timestamp', digits.slice(0, at));
      split.set('nonce', digits.slice(at));
      if (split.get('timestamp') === timestamp) continue;
      const encrypted = /CDATA\[([\w+/=]+)\]\]><\/Encrypt>/.exec(body)![1]!;
      if (sign(token, split.get('timestamp')!, split.get('nonce')!, encrypted) === query.get('msg_signature'))
        fitting++;
      assert.equal(open(secure, split, body), null, `${split.get('timestamp')} ${split.get('nonce')}`);
    }
  }
  assert.ok(fitting > 0, 'the attack is real');
});

test('repeated and missing parameters are refused, and so are lists', () => {
  for (const name of ['signature', 'msg_signature', 'timestamp', 'nonce', 'encrypt_type', 'openid']) {
    assert.equal(
      changed((q) => q.append(name, q.get(name)!)),
      null,
      `${name} twice`,
    );
    assert.equal(
      changed((q) => q.append(name, 'x')),
      null,
      `${name} twice, different`,
    );
    if (name === 'signature' || name === 'openid') continue;
    assert.equal(
      changed((q) => q.delete(name)),
      null,
      `no ${name}`,
    );
    const list = (q: URLSearchParams): void => {
      q.append(`${name}[]`, q.get(name)!);
      q.delete(name);
    };
    assert.equal(changed(list), null, `${name}[]`);
  }
  assert.ok(
    changed((q) => q.append('own', '1')),
    'what is nobody’s parameter may be there',
  );
});

test('timestamps and nonces of another shape are refused though they are signed', () => {
  const { query, body } = seal();
  const encrypted = /CDATA\[([\w+/=]+)\]\]><\/Encrypt>/.exec(body)![1]!;
  const signed = (timestamp: string, nonce: string): Delivery | null => {
    const again = new URLSearchParams(query);
    again.set('timestamp', timestamp);
    again.set('nonce', nonce);
    again.set('msg_signature', sign(token, timestamp, nonce, encrypted));
    return open(secure, again, body);
  };
  assert.ok(signed(seconds, '1'));
  assert.ok(signed(seconds, 'a'.repeat(64)));
  for (const [timestamp, nonce] of [
    [`${seconds}000`, '1'],
    [` ${seconds}`, '1'],
    [`${seconds}\n`, '1'],
    ['', '1'],
    [seconds, ''],
    [seconds, 'a'.repeat(65)],
    [seconds, 'a b'],
    [seconds, 'a-b'],
  ] as const) {
    assert.equal(signed(timestamp, nonce), null, JSON.stringify([timestamp, nonce]));
  }
});

test('what lies outside the window is refused: by its timestamp, and by the time inside', () => {
  for (const [offset, isIn] of [
    [0, true],
    [300, true],
    [-300, true],
    [301, false],
    [-301, false],
    [3600, false],
  ] as const) {
    const then = now + offset * 1000;
    assert.equal(open(secure, ...both(sealed(scanOf('t'), { now: then }))) !== null, isIn, `all ${offset}`);
    const CreateTime = String(then / 1000);
    assert.equal(open(secure, ...both(seal({ ...scanOf('t'), CreateTime }))) !== null, isIn, `inside ${offset}`);
  }
  for (const CreateTime of ['', '0', `${seconds}000`, '-1', 'NaN', '1e9']) {
    assert.equal(open(secure, ...both(seal({ ...scanOf('t'), CreateTime }))), null, CreateTime);
  }
});

const both = ({ query, body }: { query: URLSearchParams; body: string }): [URLSearchParams, string] => [query, body];

test('only what is encrypted counts in compatible mode', () => {
  const { query, body } = seal(undefined, { mode: 'compatible' });
  const forged = body.replaceAll(OPENID, 'oAttacker').replace('login_scene', 'other');
  assert.notEqual(forged, body);
  const push = open(secure, query, forged)?.push;
  assert.equal(push?.openid, OPENID);
  assert.equal(push?.type === 'scan' && push.scene, 'login_scene');
});

test('another account, another token, another key are refused, and the previous key is not', () => {
  assert.equal(open(secure, ...both(seal(undefined, { account: { wechatAppId: 'wxother' } }))), null);
  assert.equal(open(secure, ...both(seal(undefined, { account: { wechatToken: 'Other01' } }))), null);
  const old = seal(undefined, { account: { encodingAESKey: PREVIOUS_KEY } });
  assert.equal(open(secure, ...both(old)), null);
  const rotated = receiver({ encodingAESKeys: [encodingAESKey, PREVIOUS_KEY] });
  assert.deepEqual(open(rotated, ...both(old))?.seal?.key, keyOf(PREVIOUS_KEY), 'and the answer is made with it');
  assert.deepEqual(open(rotated, ...both(seal()))?.seal?.key, keyOf(encodingAESKey));
});

test('every ciphertext of the vectors that must be refused is refused here too, signed anew', () => {
  let refused = 0;
  for (const vector of VECTORS) {
    if (vector.kind !== 'decrypt' || vector.expect === 'ok' || vector.expect === 'error:bad-key') continue;
    const query = new URLSearchParams({ timestamp: seconds, nonce: '1', encrypt_type: 'aes' });
    const signature = sign(vector.token, seconds, '1', vector.encrypt ?? '');
    query.set('msg_signature', vector.expect === 'error:signature-mismatch' ? vector.msgSignature : signature);
    const its = receiver({ token: vector.token, appId: vector.appId, encodingAESKeys: [vector.encodingAESKey] });
    assert.equal(open(its, query, `<xml><Encrypt>${vector.encrypt ?? ''}</Encrypt></xml>`), null, vector.name);
    refused++;
  }
  assert.equal(refused, 56);
});

test('bodies that are no document are refused: empty, cut, not UTF-8, gzip, bombs, two ciphertexts', () => {
  const { query, body } = seal();
  assert.ok(open(secure, query, body));
  const bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]>';
  for (const [name, wrong] of Object.entries({
    empty: '',
    cut: body.slice(0, -20),
    bomb: bomb + body,
    comment: body.replace('<Encrypt>', '<!-- --><Encrypt>'),
    twice: body.replace('</xml>', '<Encrypt>QUJD</Encrypt></xml>'),
    'in small letters': body.replaceAll('Encrypt', 'encrypt'),
    'no ciphertext': '<xml><ToUserName>gh</ToUserName></xml>',
    nested: `<xml><A>${/<Encrypt>.*<\/Encrypt>/.exec(body)![0]}</A></xml>`,
  })) {
    assert.equal(open(secure, query, wrong), null, name);
  }
  assert.equal(open(secure, query, Buffer.from([0x1f, 0x8b, 8, 0])), null);
  assert.equal(open(secure, query, Buffer.from(body, 'utf16le')), null);
  assert.equal(open(secure, query, Buffer.concat([Buffer.from(body), Buffer.from([0xff])])), null);
  assert.equal(open(secure, query, Buffer.alloc(65 * 1024, 60)), null);
});

test('JSON is refused, and the log says what to choose, once a minute', () => {
  const said: string[] = [];
  const who = receiver({}, { ...quiet, warn: (event, fields) => void said.push(`${event} ${fields?.cause}`) });
  const { query } = seal();
  for (let i = 0; i < 100; i++) assert.equal(open(who, query, '{"Encrypt":"x"}'), null);
  assert.equal(said.length, 1);
  assert.match(said[0]!, /choose XML/);
});

test('the same push has one identity however it is delivered, and another push another', () => {
  const id = (fields: Record<string, string>, more: Partial<SealOptions> = {}): string =>
    open(secure, ...both(seal(fields, more)))!.id;
  const base = scanOf('t', { CreateTime: seconds });
  assert.equal(id(base), id(base), 'signed anew');
  const later = { now: now + 5_000 };
  assert.equal(id(base), id(base, later), 'a later try');
  const others = [
    { ...base, EventKey: 'x' },
    { ...base, Ticket: 'x' },
    { ...base, Event: 'VIEW' },
    { ...base, CreateTime: String(Number(seconds) + 1) },
  ];
  const ids = new Set([id(base), id(base, { openid: 'oOther' }), ...others.map((fields) => id(fields))]);
  assert.equal(ids.size, 6);
  const message = textSaying('hello');
  assert.equal(id(message), id({ ...message, Content: 'changed' }), 'a message is its MsgId');
  assert.notEqual(id(message), id(textSaying('hello')));
});

test('a verified URL gets its echostr, and nothing else is echoed', () => {
  const query = (more: Record<string, string> = {}): URLSearchParams =>
    new URLSearchParams({
      timestamp: seconds,
      nonce: '1514711492',
      signature: sign(token, seconds, '1514711492'),
      echostr: '9104940990866104523',
      ...more,
    });
  for (const who of [secure, plain]) {
    assert.equal(who.verifyUrl(query()), '9104940990866104523');
    const wrong: Array<Record<string, string>> = [
      { signature: '0'.repeat(40) },
      { timestamp: String(Number(seconds) - 301), signature: sign(token, String(Number(seconds) - 301), '1514711492') },
      { echostr: '<script>' },
      { echostr: '' },
      { echostr: 'a'.repeat(129) },
      { nonce: '' },
    ];
    for (const more of wrong) {
      assert.equal(who.verifyUrl(query(more)), null, JSON.stringify(more));
    }
    const twice = query();
    twice.append('echostr', 'x');
    assert.equal(who.verifyUrl(twice), null);
  }
});

test('the worked example of WeChat’s documentation is echoed at its own time', () => {
  const its = createReceiver(
    { token: 'AAAAA', appId: 'wx', encodingAESKeys: [], maxSkew: 300 },
    { clock: new FakeClock(1_714_036_504_000), log: quiet },
  );
  const query = new URLSearchParams(
    'signature=f464b24fc39322e44b38aa78f5edd27bd1441696&echostr=4375120948345356249&timestamp=1714036504&nonce=1514711492',
  );
  assert.equal(its.verifyUrl(query), '4375120948345356249');
});

test('any query and any bytes are refused in bounded time, and so is any signed rubbish', () => {
  const parameter = fc.constantFrom('signature', 'msg_signature', 'timestamp', 'nonce', 'encrypt_type', 'openid', 'x');
  const value = fc.oneof(fc.string(), fc.constantFrom('aes', 'raw', seconds, '1'));
  fc.assert(
    fc.property(fc.array(fc.tuple(parameter, value)), fc.uint8Array({ maxLength: 2_000 }), (pairs, bytes) => {
      const query = new URLSearchParams(pairs);
      for (const who of [secure, plain]) {
        assert.equal(open(who, query, bytes), null);
        assert.equal(who.verifyUrl(query), null);
      }
    }),
  );
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 500 }), (encrypted) => {
      const query = new URLSearchParams({ timestamp: seconds, nonce: '1', encrypt_type: 'aes' });
      query.set('msg_signature', sign(token, seconds, '1', encrypted));
      assert.equal(open(secure, query, `<xml><Encrypt>${encrypted}</Encrypt></xml>`), null);
    }),
  );
});
