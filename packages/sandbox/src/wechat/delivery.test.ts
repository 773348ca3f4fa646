import assert from 'node:assert/strict';
import test from 'node:test';
import type { FakeClock } from '../../test/support.ts';
import { createCode, fakeClock, qrTextOf, settle } from '../../test/support.ts';
import type { Sandbox, SandboxOptions } from '../index.ts';
import { createSandbox } from '../index.ts';
import { encrypt, sign } from './crypto.ts';
import { FAILURE_NOTICE } from './delivery.ts';

interface Received {
  /** Milliseconds after the first push. */
  after: number;
  url: URL;
  headers: Headers;
  body: string;
}

type Receiver = (push: Received) => Response | Promise<Response>;

interface Stage {
  sandbox: Sandbox;
  clock: FakeClock;
  received: Received[];
  /** Scans as a follower, so that one SCAN goes out. */
  scan(): Promise<void>;
  notices(): number;
  chat(): string[];
}

async function stageWith(receiver: Receiver, options: SandboxOptions = {}): Promise<Stage> {
  const clock = fakeClock();
  const start = clock.now();
  const received: Received[] = [];
  const sandbox = createSandbox({
    clock,
    pushUrl: 'https://companion.example/push?own=1',
    fetch: async (input, init) => {
      const push = {
        after: clock.now() - start,
        url: new URL(String(input)),
        headers: new Headers(init?.headers),
        body: String(init?.body),
      };
      received.push(push);
      return receiver(push);
    },
    ...options,
  });
  const chat = () => sandbox.phone.view('bob').chat.map(({ text }) => text);
  return {
    sandbox,
    clock,
    received,
    scan: async () => {
      await sandbox.phone.scan(qrTextOf(await createCode(sandbox)), 'bob');
      await settle();
    },
    chat,
    notices: () => chat().filter((text) => text === FAILURE_NOTICE).length,
  };
}

const never = () => new Promise<never>(() => {});

test('a push has the headers and the query of the platform, after what the URL already has', async () => {
  const { received, scan } = await stageWith(() => new Response('success'));
  await scan();
  const [push] = received;
  assert.deepEqual(Object.fromEntries(push?.headers ?? []), {
    accept: '*/*',
    connection: 'close',
    'content-type': 'text/xml',
    pragma: 'no-cache',
    'user-agent': 'Mozilla/4.0',
  });
  assert.deepEqual(
    [...(push?.url.searchParams.keys() ?? [])],
    ['own', 'signature', 'timestamp', 'nonce', 'openid', 'encrypt_type', 'msg_signature'],
  );
  assert.match(push?.body ?? '', /^<xml>\n {4}<ToUserName>.*\n {4}<Encrypt>.*\n<\/xml>\n$/);
});

test('"success" and an empty body show nothing and are not repeated', async () => {
  for (const answer of ['success', '']) {
    const { received, scan, chat, clock } = await stageWith(() => new Response(answer));
    await scan();
    await clock.advance(30_000);
    assert.equal(received.length, 1);
    assert.deepEqual(chat(), []);
  }
});

test('without an answer in 5 s it is tried three times, 5 s apart, then the notice is shown', async () => {
  const { received, scan, notices, clock } = await stageWith(never);
  await scan();
  await clock.advance(14_999);
  assert.equal(notices(), 0);
  await clock.advance(1);
  assert.deepEqual(
    received.map(({ after }) => after),
    [0, 5000, 10_000],
  );
  assert.equal(notices(), 1);
  await clock.advance(60_000);
  assert.equal(received.length, 3);
});

test('an answer to the second try is enough', async () => {
  let tries = 0;
  const { received, scan, chat, clock } = await stageWith(() => (++tries === 1 ? never() : new Response('success')));
  await scan();
  await clock.advance(30_000);
  assert.equal(received.length, 2);
  assert.deepEqual(chat(), []);
});

test('a refused connection is tried again 5 s after the first try', async () => {
  const { received, scan, notices, clock } = await stageWith(() => Promise.reject(new TypeError('fetch failed')));
  await scan();
  await clock.advance(30_000);
  assert.deepEqual(
    received.map(({ after }) => after),
    [0, 5000, 10_000],
  );
  assert.equal(notices(), 1);
});

const textReply = (sandbox: Sandbox, content: string, createTime = '1760000000') =>
  `<xml><ToUserName><![CDATA[${sandbox.phone.view('bob').user.openid}]]></ToUserName><FromUserName><![CDATA[${sandbox.account.originalId}]]></FromUserName><CreateTime>${createTime}</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[${content}]]></Content></xml>`;

function sealedReply(sandbox: Sandbox, plaintext: string, timestamp = '1760000000'): string {
  const { encodingAESKey, wechatAppId: appId, wechatToken } = sandbox.account;
  const encrypted = encrypt({ encodingAESKey, appId, plaintext, random: Buffer.from('0123456789abcdef') });
  const signature = sign(wechatToken, timestamp, '42', encrypted);
  return `<xml><Encrypt><![CDATA[${encrypted}]]></Encrypt><MsgSignature><![CDATA[${signature}]]></MsgSignature><TimeStamp>${timestamp}</TimeStamp><Nonce><![CDATA[42]]></Nonce></xml>`;
}

/** What the chat shows for one answer, by the mode of the account. */
async function shown(
  mode: 'plaintext' | 'compatible' | 'secure',
  answer: (sandbox: Sandbox) => string,
): Promise<string[]> {
  const stage = await stageWith(() => new Response(answer(stage.sandbox)), { mode });
  await stage.scan();
  return stage.chat();
}

test('replies are taken in the form that fits the mode, and in no other', async () => {
  const plain = (sandbox: Sandbox) => textReply(sandbox, '你好');
  const sealed = (sandbox: Sandbox) => sealedReply(sandbox, textReply(sandbox, '你好'));
  assert.deepEqual(await shown('plaintext', plain), ['你好']);
  assert.deepEqual(await shown('plaintext', sealed), [FAILURE_NOTICE]);
  assert.deepEqual(await shown('compatible', plain), ['你好']);
  assert.deepEqual(await shown('compatible', sealed), ['你好']);
  assert.deepEqual(await shown('secure', sealed), ['你好']);
  assert.deepEqual(await shown('secure', plain), [FAILURE_NOTICE]);
});

test('replies that WeChat cannot use show the notice at once', async () => {
  const unusable: Record<string, (sandbox: Sandbox) => string> = {
    json: () => '{"ok":true}',
    'empty content': (sandbox) => textReply(sandbox, ''),
    'milliseconds in CreateTime': (sandbox) => textReply(sandbox, 'x', '1760000000000'),
    'upper-case root': (sandbox) => textReply(sandbox, 'x').replaceAll('xml>', 'XML>'),
    'another person': (sandbox) => textReply(sandbox, 'x').replace('oSBX', 'oSBY'),
    'quoted success': () => '"success"',
  };
  for (const [name, answer] of Object.entries(unusable)) {
    assert.deepEqual(await shown('plaintext', answer), [FAILURE_NOTICE], name);
  }
  const milliseconds = (sandbox: Sandbox) => sealedReply(sandbox, textReply(sandbox, 'x'), '1760000000000');
  assert.deepEqual(await shown('secure', milliseconds), [FAILURE_NOTICE]);
});

test('a reply keeps a split ]]> whole', async () => {
  assert.deepEqual(await shown('plaintext', (sandbox) => textReply(sandbox, 'a]]]]><![CDATA[>b')), ['a]]>b']);
});

const reply = (sandbox: Sandbox, type: string, rest: string) =>
  textReply(sandbox, 'x').replace('[text]', `[${type}]`).replace('<Content><![CDATA[x]]></Content>', rest);

test('pictures and news are lines of the chat, with the articles of the news', async () => {
  const image = (sandbox: Sandbox) => reply(sandbox, 'image', '<Image><MediaId><![CDATA[m1]]></MediaId></Image>');
  assert.deepEqual(await shown('plaintext', image), ['[image]']);
  const item =
    '<item><Title><![CDATA[头采]]></Title><Description><![CDATA[d]]></Description><PicUrl><![CDATA[p]]></PicUrl><Url><![CDATA[u]]></Url></item>';
  const stage = await stageWith(
    () =>
      new Response(
        sealedReply(
          stage.sandbox,
          reply(stage.sandbox, 'news', `<ArticleCount>1</ArticleCount><Articles>${item}</Articles>`),
        ),
      ),
  );
  await stage.scan();
  assert.deepEqual(stage.sandbox.phone.view('bob').chat[0]?.articles, [
    { title: '头采', description: 'd', picture: 'p', url: 'u' },
  ]);
});

test('pictures and news that lack something show the notice, and the log says why', async () => {
  const broken = {
    MediaId: (sandbox: Sandbox) => reply(sandbox, 'image', '<Image></Image>'),
    'no item': (sandbox: Sandbox) => reply(sandbox, 'news', '<ArticleCount>1</ArticleCount><Articles></Articles>'),
    'number of items': (sandbox: Sandbox) =>
      reply(sandbox, 'news', '<ArticleCount>2</ArticleCount><Articles><item><Title>a</Title></item></Articles>'),
  };
  for (const [why, answer] of Object.entries(broken)) {
    const stage = await stageWith(() => new Response(answer(stage.sandbox)), { mode: 'plaintext' });
    await stage.scan();
    assert.deepEqual(stage.chat(), [FAILURE_NOTICE], why);
    assert.ok(stage.sandbox.log.pushes[0]?.unusable?.includes(why), why);
  }
});

test('after repeated failures nothing is pushed for a minute, then again', async () => {
  const { received, scan, clock, sandbox } = await stageWith(() => new Response('nonsense'), { markFailAfter: 3 });
  for (let push = 0; push < 4; push++) await scan();
  assert.equal(received.length, 3);
  assert.equal(sandbox.log.pushes.at(-1)?.outcome, 'marked-as-failing');
  await clock.advance(60_000);
  await scan();
  assert.equal(received.length, 4);
});

test('an unfollow is pushed, and its answer is not shown', async () => {
  const stage = await stageWith(() => new Response(textReply(stage.sandbox, 'stay!')), { mode: 'plaintext' });
  await stage.sandbox.phone.unfollow('bob');
  await settle();
  assert.match(stage.received[0]?.body ?? '', /<Event><!\[CDATA\[unsubscribe\]\]><\/Event>/);
  assert.deepEqual(stage.chat(), []);
});

test('what a person writes arrives as a text message with an id of 64 bits', async () => {
  const { sandbox, received } = await stageWith(() => new Response(''), { mode: 'plaintext' });
  await sandbox.phone.say('42', 'bob', '7');
  await settle();
  assert.match(
    received[0]?.body ?? '',
    /<Content><!\[CDATA\[42\]\]><\/Content>\n<MsgId>239\d{14}<\/MsgId>\n<bizmsgmenuid>7</,
  );
});

test('closing ends what is under way and leaves no timer behind', async () => {
  const { sandbox, scan, received, clock } = await stageWith(never);
  await scan();
  sandbox.close();
  await sandbox.phone.settled();
  await clock.advance(60_000);
  assert.equal(received.length, 1);
});
