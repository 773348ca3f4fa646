import assert from 'node:assert/strict';
import test from 'node:test';
import { withPushes } from '../../test/clouds.ts';
import { PushLine } from '../../test/push-line.ts';
import { OPENID, scanOf, sealed, textSaying } from '../../test/pushes.ts';
import type { ChatReply, Push, WechatOptions } from '../index.ts';
import { encryptReply, renderReply } from './reply.ts';
import { keyOf } from './crypto.ts';
import { MODE_2 } from '../../test/clouds.ts';

const OWNER = 'https://owner.example/handler?own=1';

/** What reaches the owner's server, and what it answers. */
class OwnerServer {
  readonly got: Array<{ url: string; type: string | null; body: Buffer }> = [];
  answer: () => Promise<Response> = async () => new Response('success');
  async serve(url: string, init: RequestInit): Promise<Response> {
    this.got.push({
      url,
      type: new Headers(init.headers).get('content-type'),
      body: Buffer.from(init.body as Uint8Array),
    });
    return this.answer();
  }
}

function world(wechat: Partial<WechatOptions>) {
  const server = new OwnerServer();
  const clouds = withPushes(wechat, {}, {});
  const toClouds = clouds.outside.fetch;
  clouds.outside.fetch = (input, init = {}) =>
    String(input).startsWith('https://owner.example') ? server.serve(String(input), init) : toClouds(input, init);
  return { ...clouds, server, line: new PushLine(clouds.harness) };
}

const replyOf = (content: string): ChatReply => ({ type: 'text', content });

test('a hook hears every push once, typed, and its reply is every delivery’s', async () => {
  const heard: Push[] = [];
  const { line } = world({
    onPush: (push) => {
      heard.push(push);
      return push.type === 'text' ? replyOf(`echo: ${push.content} ]]>`) : undefined;
    },
  });
  const fields = textSaying('hello');
  const [first, second] = await Promise.all([line.push(fields), line.push(fields)]);
  const third = await line.push(fields);
  for (const answer of [first, second, third]) assert.equal(line.said(answer), 'echo: hello ]]>');
  assert.equal(line.said(await line.push({ MsgType: 'event', Event: 'CLICK', EventKey: 'menu-1' })), null);
  assert.deepEqual(
    heard.map(({ type }) => type),
    ['text', 'click'],
  );
});

test('a hook that throws, rejects, hangs or answers nonsense costs WeChat nothing and nobody else', async () => {
  const hooks: Array<[string, WechatOptions['onPush'], RegExp]> = [
    [
      'throws',
      () => {
        throw new Error('openid CANARY');
      },
      /owner\.failed/,
    ],
    ['rejects', () => Promise.reject(new Error('openid CANARY')), /owner\.failed/],
    ['hangs', () => new Promise(() => {}), /owner\.slow/],
    ['says success', () => 'success' as never, /owner\.reply_unusable/],
    ['says nothing', () => replyOf('  '), /owner\.reply_unusable/],
  ];
  for (const [name, onPush, logged] of hooks) {
    const { harness, sandbox, line, tickets } = world({ onPush: onPush! });
    const browser = await harness.begin();
    const openid = sandbox.phone.view('bob').user.openid;
    const login = await line.push(scanOf(tickets[0]!), { openid, advance: 4_000 });
    assert.equal(line.said(login, openid), null, name);
    assert.equal((await browser.snapshot()).status, 'authorized', name);
    assert.ok(
      harness.log.some((entry) => logged.test(entry)),
      name,
    );
    assert.ok(!harness.log.join('').includes('CANARY'), name);
  }
});

test('an answer of ours does not wait for the owner', async () => {
  const { harness, sandbox, line, tickets } = world({ onPush: () => new Promise(() => {}), loginText: '登录中' });
  await harness.begin();
  const openid = sandbox.phone.view('bob').user.openid;
  assert.equal(line.said(await line.push(scanOf(tickets[0]!), { openid }), openid), '登录中');
});

test('a hook that has not answered after 3.5 s is answered for', async () => {
  const { line } = world({ onPush: () => new Promise(() => {}) });
  const { harness } = line;
  const { query, body } = sealed(textSaying('x'), { now: harness.clock.now() });
  let said: unknown = 'waiting';
  void line.post(query, body).then((answer) => (said = line.said(answer)));
  await harness.clock.advance(3_499);
  assert.equal(said, 'waiting');
  await harness.clock.advance(1);
  assert.equal(said, null);
});

test('an unfollow is told to its hook, once, and its neighbours are not', async () => {
  const gone: string[] = [];
  const { line } = world({ onUnfollow: ({ openid }) => void gone.push(openid) });
  const fields = {
    MsgType: 'event',
    Event: 'unsubscribe',
    EventKey: '',
    CreateTime: String(line.harness.clock.now() / 1000),
  };
  await line.push(fields);
  await line.push(fields);
  await line.push({ ...fields, Event: 'subscribe' });
  await line.push(textSaying('unsubscribe'));
  assert.deepEqual(gone, [OPENID]);
});

test('the owner’s server gets every delivery unchanged, retries included, and its answer goes back unchanged', async () => {
  const { line, server } = world({ ownerUrl: OWNER });
  const { harness } = line;
  const { query, body } = sealed(textSaying('hello'), { now: harness.clock.now(), mode: 'compatible' });
  const search = `${query.toString()}&odd=%2b+%E4`;
  const seal = {
    key: keyOf(MODE_2.encodingAESKey!),
    appId: MODE_2.appId,
    token: MODE_2.token,
    nonce: query.get('nonce')!,
  };
  const xml = renderReply({ openid: OPENID, account: 'gh_5a4db0c00001' }, replyOf('the owner speaks'), 1_700_000_000);
  const encrypted = encryptReply(xml, seal, 1_700_000_000, Buffer.alloc(16, 97));
  server.answer = async () => new Response(encrypted, { headers: { 'content-type': 'application/xml' } });
  for (let i = 0; i < 3; i++) {
    const answer = await line.post(search, body, { 'content-type': 'text/xml; charset=GBK' });
    assert.ok(answer !== 'closed');
    assert.deepEqual(
      [answer.status, answer.body, answer.headers.get('content-type')],
      [200, encrypted, 'application/xml'],
    );
    assert.equal(line.said(answer), 'the owner speaks');
  }
  assert.equal(server.got.length, 3);
  for (const { url, type, body: bytes } of server.got) {
    assert.equal(url, `${OWNER}&${search}`);
    assert.equal(type, 'text/xml; charset=GBK');
    assert.equal(bytes.toString(), body);
  }
});

test('bytes that are no text survive the way back', async () => {
  const { line, server } = world({ ownerUrl: OWNER });
  const odd = new Uint8Array([0xff, 0x00, 0x80, 0x41]);
  server.answer = async () => new Response(odd);
  const { query, body } = sealed(textSaying('x'), { now: line.harness.clock.now() });
  const request = new Request(`https://login.example/wechat-login/wechat/push?${query.toString()}`, {
    method: 'POST',
    body,
  });
  const response = await line.harness.companion.fetch(request);
  assert.deepEqual(new Uint8Array(await response.arrayBuffer()), odd);
});

test('the owner’s server that fails, redirects, hangs or floods is answered for', async () => {
  const answers: Array<[string, () => Promise<Response>]> = [
    ['500', async () => new Response('oops', { status: 500 })],
    ['404', async () => new Response('oops', { status: 404 })],
    ['drops', () => Promise.reject(new TypeError('fetch failed'))],
    ['hangs', () => new Promise(() => {})],
    ['floods', async () => new Response('x'.repeat(1024 * 1024))],
  ];
  for (const [name, answer] of answers) {
    const { line, server } = world({ ownerUrl: OWNER });
    server.answer = answer;
    assert.equal(line.said(await line.push(textSaying('x'), { advance: 4_000 })), null, name);
    assert.equal(server.got.length, 1, name);
  }
});

test('a reply of the hook goes before the answer of the server, and both hear of the login', async () => {
  const heard: Push[] = [];
  const { line, server, harness, sandbox, tickets } = world({
    ownerUrl: OWNER,
    loginText: '登录中',
    onPush: (push) => {
      heard.push(push);
      return replyOf('from the hook');
    },
  });
  server.answer = async () => new Response('from the server');
  assert.equal(line.said(await line.push(textSaying('x'))), 'from the hook');
  await harness.begin();
  const openid = sandbox.phone.view('bob').user.openid;
  assert.equal(line.said(await line.push(scanOf(tickets[0]!), { openid }), openid), '登录中');
  assert.deepEqual([heard.length, server.got.length], [2, 2]);
});

test('events that differ in any field are two, and the same event again is one', async () => {
  const heard: Push[] = [];
  const { line } = world({ onPush: (push) => void heard.push(push) });
  const card = (id: string) => ({ MsgType: 'event', Event: 'user_get_card', CardId: id, IsGiveByFriend: '0' });
  for (const id of ['card-1', 'card-2', 'card-1']) await line.push(card(id));
  assert.deepEqual(
    heard.map(({ fields }) => fields.get('CardId')),
    ['card-1', 'card-2'],
  );
});

test('his code’s word does not wait for his server', async () => {
  const { line, server } = world({ ownerUrl: OWNER, onPush: () => replyOf('from code') });
  server.answer = () => new Promise(() => {});
  assert.equal(line.said(await line.push(textSaying('hello'))), 'from code');
  assert.equal(server.got.length, 1);
});

test('an owner who is Authing’s own address is refused, however it is spelt', () => {
  const events = MODE_2.eventsUrl;
  const { origin, pathname } = new URL(events);
  for (const ownerUrl of [
    events,
    `${events}/`,
    `${events}?a=1`,
    `${origin}/${pathname}`,
    `${origin}${pathname.toUpperCase()}`,
  ]) {
    assert.throws(() => world({ ownerUrl }), /"wechat\.ownerUrl"/, ownerUrl);
  }
  for (const ownerUrl of ['https://user:pass@owner.example/', 'https://owner.example/#x', 'ftp://owner.example/']) {
    assert.throws(() => world({ ownerUrl }), /"wechat\.ownerUrl"/, ownerUrl);
  }
  assert.ok(world({ ownerUrl: `${events}-elsewhere` }));
});

test('a companion that is closing answers no push: WeChat brings it again', async () => {
  const { harness, line } = world({});
  const closing = harness.companion.close(5_000);
  assert.equal(await line.push(textSaying('hello')), 'closed');
  await harness.clock.advance(20_000);
  await closing;
});

test('a clock that is off and a key that is wrong are said in the log, once a minute, without a secret', async () => {
  const { harness, line } = world({});
  const off = harness.clock.now() - 400_000;
  for (let i = 0; i < 3; i++) await line.push(textSaying('hello'), { now: off });
  for (let i = 0; i < 3; i++) await line.push(textSaying('hello'), { account: { encodingAESKey: 'A'.repeat(43) } });
  for (const event of ['push.skewed', 'push.undecryptable']) {
    assert.equal(harness.log.filter((entry) => entry.includes(event) && entry.includes('"warn"')).length, 1, event);
  }
  assert.ok(harness.log.some((entry) => /push\.skewed.*400 s off/.test(entry)));
  assert.ok(!harness.log.join('').includes(OPENID));
});
