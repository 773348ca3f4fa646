import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { withPushes, MODE_2 } from '../../test/clouds.ts';
import { FakeClock } from '../../test/fake-clock.ts';
import { PushLine, type Answered } from '../../test/push-line.ts';
import { scanOf, sealed, textSaying } from '../../test/pushes.ts';
import { createMemoryStore, type Push, type Store, type WechatOptions } from '../index.ts';
import { sign } from '../wechat/signature.ts';

const EVENTS = new URL(MODE_2.eventsUrl).pathname;

function world(
  wechat: Partial<WechatOptions> = {},
  ...more: [Parameters<typeof withPushes>[1]?, Parameters<typeof withPushes>[2]?]
) {
  const heard: Push[] = [];
  const clouds = withPushes({ onPush: (push) => void heard.push(push), ...wechat }, ...more);
  return { ...clouds, heard, line: new PushLine(clouds.harness) };
}
const statusOf = (answer: Answered): number | string => (answer === 'closed' ? answer : answer.status);

test('everything that is not authentic and fresh gets one identical answer and reaches nobody', async () => {
  const { harness, sandbox, heard, line } = world();
  const now = harness.clock.now();
  const good = sealed(scanOf('t'), { now });
  const altered = (change: (query: URLSearchParams) => void) => {
    const query = new URLSearchParams(good.query);
    change(query);
    return query;
  };
  const plaintext = sealed(scanOf('t'), { now, mode: 'plaintext' });
  const stale = sealed(scanOf('t'), { now: now - 301_000 });
  const answers = [
    await line.post('', ''),
    await line.post(good.query, ''),
    await line.post(good.query, '{}'),
    await line.post(good.query, '<xml></xml>'),
    await line.post(plaintext.query, plaintext.body),
    await line.post(good.query, plaintext.body),
    await line.post(stale.query, stale.body),
    await line.post(
      altered((q) => q.set('msg_signature', '0'.repeat(40))),
      good.body,
    ),
    await line.post(
      altered((q) => q.delete('encrypt_type')),
      good.body,
    ),
    await line.post(
      altered((q) => q.append('nonce', '1')),
      good.body,
    ),
    await line.push({ Nothing: '1' }),
    await line.push(scanOf('t'), { account: { wechatAppId: 'wxother' } }),
  ];
  const told = answers.map((answer) => {
    assert.ok(answer !== 'closed');
    answer.headers.delete('x-request-id');
    return JSON.stringify([answer.status, answer.body, [...answer.headers]]);
  });
  assert.equal(new Set(told).size, 1, [...new Set(told)].join('\n'));
  assert.match(told[0]!, /^\[403,"Forbidden"/);
  await harness.clock.advance(10_000);
  assert.equal(heard.length, 0);
  assert.equal(sandbox.log.count(EVENTS), 0);
  assert.equal(statusOf(await line.post(good.query, good.body)), 200);
  assert.equal(heard.length, 1);
});

test('the URL is verified with the echostr alone, as plain text', async () => {
  const { harness } = world();
  const seconds = String(harness.clock.now() / 1000);
  const signature = sign(MODE_2.token, seconds, '1');
  const ask = (query: Record<string, string>): Promise<Response> =>
    harness.request(`/wechat/push?${new URLSearchParams(query).toString()}`, { headers: { origin: null } });
  const good = await ask({ signature, timestamp: seconds, nonce: '1', echostr: '9104940990866104523' });
  assert.deepEqual([good.status, await good.text()], [200, '9104940990866104523']);
  assert.match(good.headers.get('content-type') ?? '', /^text\/plain/);
  const bad = await ask({ signature, timestamp: seconds, nonce: '2', echostr: '9104940990866104523' });
  assert.deepEqual([bad.status, await bad.text()], [403, 'Forbidden']);
});

test('without Mode 2 there is nothing there', async () => {
  const { harness } = withPushes({}, {}, { wechat: undefined } as never);
  const line = new PushLine(harness);
  assert.equal(statusOf(await line.push(scanOf('t'))), 404);
  assert.equal((await harness.request('/wechat/push', { headers: { origin: null } })).status, 404);
});

test('a body above 64 KiB is refused before it is looked at', async () => {
  const { heard, line, harness } = world();
  const { query } = sealed(scanOf('t'), { now: harness.clock.now() });
  assert.equal(statusOf(await line.post(query, 'x'.repeat(10 * 1024 * 1024))), 413);
  assert.equal(statusOf(await line.post(query, 'x'.repeat(64 * 1024 + 1))), 413);
  assert.equal(statusOf(await line.post(query, 'x'.repeat(64 * 1024))), 403);
  assert.equal(heard.length, 0);
});

test('for any bytes and any query there is an answer, and no hook is called', async () => {
  const { heard, line, harness } = world({ ownerUrl: 'https://owner.example/' });
  const { query } = sealed(scanOf('t'), { now: harness.clock.now() });
  const before = harness.authing.calls.length;
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ maxLength: 300 }),
      fc.webQueryParameters(),
      fc.boolean(),
      async (bytes, any, own) => {
        assert.equal(statusOf(await line.post(own ? query : any, new Uint8Array(bytes))), 403);
      },
    ),
  );
  assert.deepEqual([heard.length, harness.authing.calls.length - before], [0, 0]);
});

test('three tries, re-signed tries and parallel tries have one effect and the same reply', async () => {
  const { harness, sandbox, heard, line, tickets } = world({ loginText: '登录中' });
  const browser = await harness.begin();
  const ticket = tickets[0]!;
  const CreateTime = String(harness.clock.now() / 1000);
  const fields = scanOf(ticket, { CreateTime });
  const now = harness.clock.now();
  const same = sealed(fields, { now, openid: bobs(sandbox) });
  const answers: Answered[] = await Promise.all([
    line.post(same.query, same.body),
    line.post(same.query, same.body),
    line.push(fields, { openid: bobs(sandbox) }),
  ]);
  await harness.clock.advance(5_000);
  answers.push(await line.post(same.query, same.body));
  await harness.clock.advance(5_000);
  answers.push(await line.push(fields, { openid: bobs(sandbox) }));
  assert.deepEqual(
    answers.map((answer) => line.said(answer, bobs(sandbox))),
    Array(5).fill('登录中'),
  );
  assert.equal(sandbox.log.count(EVENTS), 1);
  assert.equal(heard.length, 1);
  assert.equal(await browser.claimed(), '200');
});

const bobs = (sandbox: { phone: { view(user: string): { user: { openid: string } } } }): string =>
  sandbox.phone.view('bob').user.openid;

test('who is no follower of an order: backward events, unknown scenes and other events move nothing', async () => {
  const { harness, sandbox, line, tickets } = world({ forward: 'known' });
  const browser = await harness.begin();
  const ticket = tickets[0]!;
  for (const fields of [
    scanOf('gQSomebodyElses'),
    scanOf(ticket, { Event: 'VIEW' }),
    scanOf(ticket, { Event: 'unsubscribe' }),
    scanOf(ticket.toLowerCase()),
    scanOf(''),
    textSaying(ticket),
    { MsgType: 'event', Event: 'subscribe', EventKey: '' },
  ]) {
    assert.equal(line.said(await line.push(fields)), null);
  }
  await harness.clock.advance(1_000);
  assert.equal((await browser.snapshot()).status, 'pending');
  assert.equal(sandbox.log.count(EVENTS), 0);
});

test('scans and follows that mean no attempt of ours are forwarded, once, and nothing else ever is', async () => {
  const { harness, sandbox, line } = world();
  const others = [
    scanOf('gQSomebodyElses'),
    { MsgType: 'event', Event: 'subscribe', EventKey: '' },
    { MsgType: 'event', Event: 'subscribe', EventKey: 'qrscene_campaign', Ticket: 'gQCampaign' },
  ];
  for (const fields of others) {
    await line.push(fields);
    await line.push(fields);
  }
  for (const Event of ['unsubscribe', 'CLICK', 'VIEW', 'LOCATION', 'TEMPLATESENDJOBFINISH', 'scancode_push']) {
    await line.push({ MsgType: 'event', Event, EventKey: 'x' });
  }
  await line.push(textSaying('hello'));
  await harness.clock.advance(5_000);
  assert.equal(sandbox.log.count(EVENTS), others.length);
});

test('a push of no attempt is tried for two minutes, then kept', async () => {
  const { harness, sandbox, line } = world();
  sandbox.faults.add({ path: EVENTS, fault: 'http-500' });
  await line.push(scanOf('gQSomebodyElses'));
  await harness.clock.advance(110_000);
  assert.deepEqual(await harness.companion.unforwarded(), []);
  await harness.clock.advance(20_000);
  const [kept] = await harness.companion.unforwarded();
  assert.equal(kept?.attempt, null);
  const tries = sandbox.log.count(EVENTS);
  assert.ok(tries > 20 && tries < 80, String(tries));
  await harness.clock.advance(300_000);
  assert.equal(sandbox.log.count(EVENTS), tries);
});

test('a flood of foreign scans is forwarded at fifty a second and loses none', async () => {
  const { harness, sandbox, line } = world();
  for (let i = 0; i < 200; i++) await line.push(scanOf(`gQForeign${i}`));
  await harness.clock.advance(1_000);
  const first = sandbox.log.count(EVENTS);
  assert.ok(first <= 102, String(first));
  await harness.clock.advance(5_000);
  assert.equal(sandbox.log.count(EVENTS), 200);
});

test('a flood of foreign scans keeps no login of ours waiting', async () => {
  const { harness, sandbox, line } = world();
  const browser = await harness.begin();
  for (let i = 0; i < 300; i++) await line.push(scanOf(`gQForeign${i}`));
  assert.ok('text' in browser.attempt.qr);
  await sandbox.phone.scan(browser.attempt.qr.text, 'bob');
  await harness.clock.advance(500);
  assert.equal((await browser.snapshot()).status, 'authorized');
  assert.ok(sandbox.log.count(EVENTS) < 200);
});

test('a store that takes too long is a store that cannot keep: no answer, before WeChat gives up', async () => {
  const clock = new FakeClock();
  const memory = createMemoryStore(clock);
  const store: Store = { ...memory, enqueue: () => new Promise(() => {}) };
  const { line } = world({}, {}, { store, clock });
  assert.equal(await line.push(scanOf('gQForeign'), { advance: 4_600 }), 'closed');
});

/** A store whose writes can be made to fail, or to take their time. */
function troubled(clock: FakeClock): { store: Store; fail: (on: boolean) => void } {
  const store = createMemoryStore(clock);
  let failing = false;
  const guarded = new Proxy(store, {
    get(target, name: keyof Store) {
      const verb = target[name] as (...args: unknown[]) => Promise<unknown>;
      return (...args: unknown[]) =>
        failing ? Promise.reject(new Error('the store is down')) : verb.apply(target, args);
    },
  });
  return { store: guarded, fail: (on) => (failing = on) };
}

test('a push that cannot be kept is left without an answer, and its next try logs in', async () => {
  const clock = new FakeClock();
  const { store, fail } = troubled(clock);
  const { harness, sandbox, line, heard, tickets } = world({}, {}, { store, clock });
  const browser = await harness.begin();
  const fields = scanOf(tickets[0]!, { CreateTime: String(harness.clock.now() / 1000) });
  fail(true);
  assert.equal(await line.push(fields, { openid: bobs(sandbox) }), 'closed');
  fail(false);
  assert.equal((await browser.snapshot()).status, 'pending');
  assert.equal(statusOf(await line.push(fields, { openid: bobs(sandbox) })), 200);
  await harness.clock.advance(1_000);
  assert.equal((await browser.snapshot()).status, 'authorized');
  assert.equal(heard.length, 1);
});
