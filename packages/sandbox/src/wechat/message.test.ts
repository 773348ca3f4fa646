import assert from 'node:assert/strict';
import test from 'node:test';
import { pushFixtures } from '../../test/fixtures.ts';
import { ask, fakeClock, settle } from '../../test/support.ts';
import type { AnyMessage } from '../index.ts';
import { createSandbox } from '../index.ts';
import { messageFields } from './message.ts';
import { renderPlaintext } from './push.ts';
import { readElements, readXml } from './xml.ts';

/** A recorded message as somebody would write it for `phone.send`. */
const asMessage = (source: string): AnyMessage => {
  const fields = (elements: [string, string][]): [string, unknown][] =>
    elements.map(([name, content]) => {
      const inside = content.startsWith('<') ? readElements(content) : null;
      return [name, inside ? Object.fromEntries(fields(inside)) : content];
    });
  const own = [...(readXml(source) ?? [])].slice(3);
  return Object.fromEntries(fields(own)) as AnyMessage;
};

test('every recorded push, nested fields and 64-bit ids included, is reproduced byte for byte', () => {
  assert.equal(pushFixtures.length, 25);
  for (const { name, mode, body, decrypted } of pushFixtures) {
    const plaintext = mode === 'plaintext' ? body : (decrypted ?? '');
    const head = readXml(plaintext);
    const fields = messageFields(
      {
        originalId: head?.get('ToUserName') ?? '',
        openid: head?.get('FromUserName') ?? '',
        createTime: Number(head?.get('CreateTime')),
      },
      asMessage(plaintext),
      () => 'an id of our own',
    );
    assert.equal(renderPlaintext(fields), plaintext, name);
  }
});

function stageWith() {
  const bodies: string[] = [];
  const sandbox = createSandbox({
    clock: fakeClock(),
    mode: 'plaintext',
    pushUrl: 'https://companion.example/push',
    fetch: async (_, init) => {
      bodies.push(String(init?.body));
      return new Response('success');
    },
  });
  return { sandbox, bodies };
}

test('a person sends anything through the account, and the log names it', async () => {
  const { sandbox, bodies } = stageWith();
  await sandbox.phone.send({ MsgType: 'event', Event: 'CLICK', EventKey: 'menu-1' }, 'bob');
  await sandbox.phone.send({ MsgType: 'image', PicUrl: 'http://mmbiz.qpic.cn/x', MediaId: 'm' }, 'bob');
  await sandbox.phone.follow('alice');
  await settle();
  assert.match(
    bodies[0] ?? '',
    /<Event><!\[CDATA\[CLICK\]\]><\/Event>\n<EventKey><!\[CDATA\[menu-1\]\]><\/EventKey>\n<\/xml>$/,
  );
  assert.match(bodies[1] ?? '', /<MediaId><!\[CDATA\[m\]\]><\/MediaId>\n<MsgId>239\d{14}<\/MsgId>\n<\/xml>$/);
  assert.match(
    bodies[2] ?? '',
    /subscribe\]\]><\/Event>\n<EventKey><!\[CDATA\[\]\]><\/EventKey>\n<\/xml>$/,
    'no scene',
  );
  assert.deepEqual(
    sandbox.log.pushes.map(({ event }) => event),
    ['CLICK', 'image', 'subscribe'],
  );
});

test('a code of another campaign, made by the account itself, is scanned with its own scene and ticket', async () => {
  const { sandbox, bodies } = stageWith();
  const { wechatAppId, wechatAppSecret } = sandbox.account;
  const { body: token } = await ask(
    sandbox,
    'GET',
    `/cgi-bin/token?grant_type=client_credential&appid=${wechatAppId}&secret=${wechatAppSecret}`,
  );
  const { body } = await ask(sandbox, 'POST', `/cgi-bin/qrcode/create?access_token=${token.access_token}`, {
    action_name: 'QR_LIMIT_STR_SCENE',
    action_info: { scene: { scene_str: 'spring-sale' } },
  });
  await sandbox.phone.scan(body.url, 'bob');
  await settle();
  assert.match(bodies[0] ?? '', /SCAN\]\]><\/Event>\n<EventKey><!\[CDATA\[spring-sale\]\]>/);
  assert.ok(bodies[0]?.includes(body.ticket ?? 'no ticket'));
});

test('over HTTP, and a message that WeChat could not send is refused with every mistake', async () => {
  const { sandbox, bodies } = stageWith();
  const message = { MsgType: 'event', Event: 'VIEW', EventKey: 'https://shop.example/', MenuId: '461376933' };
  assert.equal((await ask(sandbox, 'POST', '/sandbox/pushes', { user: 'bob', message })).http, 200);
  await settle();
  assert.match(bodies[0] ?? '', /<MenuId>461376933<\/MenuId>/);
  const bad = await ask(sandbox, 'POST', '/sandbox/pushes', {
    user: 'bob',
    message: { MsgId: 23892468385179204, FromUserName: 'x', 'a b': 'c' },
  });
  assert.equal(bad.http, 400);
  for (const named of ['MsgId', 'MsgType', 'FromUserName', 'a b']) {
    assert.ok(JSON.stringify(bad.body).includes(named), named);
  }
  assert.equal((await ask(sandbox, 'POST', '/sandbox/pushes', { message })).http, 400);
});
