import assert from 'node:assert/strict';
import test from 'node:test';
import { MODE_2, withPushes } from '../../test/clouds.ts';
import { FakeClock, settle } from '../../test/fake-clock.ts';
import type { Browser } from '../../test/harness.ts';
import { PushLine } from '../../test/push-line.ts';
import { scanOf, sealed, textSaying } from '../../test/pushes.ts';
import { createMemoryStore, type Store, type WechatOptions } from '../index.ts';

const EVENTS = new URL(MODE_2.eventsUrl).pathname;

/** A store that outlives the companion, as Redis does. */
function world(wechat: Partial<WechatOptions> = {}) {
  const clock = new FakeClock();
  const memory = createMemoryStore(clock);
  const store: Store = { ...memory, close: async () => {} };
  const clouds = withPushes(wechat, {}, { clock, store });
  return { ...clouds, memory, line: new PushLine(clouds.harness) };
}

test('a push that was answered but not forwarded is forwarded after a restart', async () => {
  const { harness, sandbox } = world();
  const browser = await harness.begin();
  sandbox.faults.add({ path: EVENTS, fault: 'hang' });
  assert.ok('text' in browser.attempt.qr);
  await sandbox.phone.scan(browser.attempt.qr.text, 'bob');
  await harness.clock.advance(100);
  assert.equal(sandbox.log.count(EVENTS), 1);
  sandbox.faults.clear();
  harness.restart(); // kill -9: the first process is not told
  await harness.clock.advance(31_000);
  assert.equal((await browser.snapshot()).status, 'authorized');
  assert.equal(await browser.claimed(), '200');
});

test('a confirmation survives a restart, and so does a refusal', async () => {
  for (const isRight of [true, false]) {
    const { harness, sandbox } = world({ confirm: 'number' });
    const browser = await harness.begin();
    assert.ok('text' in browser.attempt.qr);
    await sandbox.phone.scan(browser.attempt.qr.text, 'bob');
    await harness.clock.advance(10);
    harness.restart();
    await sandbox.phone.say(isRight ? browser.attempt.confirmNumber! : '不是我', 'bob');
    await harness.clock.advance(10);
    harness.restart();
    await harness.clock.advance(2_000);
    assert.equal((await browser.snapshot()).status, isRight ? 'authorized' : 'cancelled');
    assert.equal(sandbox.log.count(EVENTS), isRight ? 1 : 0);
  }
});

test('two processes at one store forward a push once', async () => {
  const { harness, sandbox, line, tickets } = world();
  await harness.begin();
  const first = new PushLine({ companion: harness.companion, clock: harness.clock } as typeof harness);
  harness.restart();
  const fields = scanOf(tickets[0]!, { CreateTime: String(harness.clock.now() / 1000) });
  const openid = sandbox.phone.view('bob').user.openid;
  await Promise.all([first.push(fields, { openid }), line.push(fields, { openid })]);
  await harness.clock.advance(15_000);
  assert.equal(sandbox.log.count(EVENTS), 1);
});

test('what is kept holds no openid and no ticket in clear', async () => {
  const clock = new FakeClock();
  const memory = createMemoryStore(clock);
  const seen: string[] = [];
  const store = new Proxy(memory, {
    get(target, name: keyof Store) {
      const verb = target[name] as (...args: unknown[]) => unknown;
      return (...args: unknown[]) => {
        seen.push(JSON.stringify(args));
        return verb.apply(target, args);
      };
    },
  });
  const { harness, sandbox, tickets } = withPushes(
    { confirm: 'number', forwardFormat: 'json' },
    { mode: 'compatible' },
    { clock, store },
  );
  const browser = await harness.begin();
  assert.ok('text' in browser.attempt.qr);
  await sandbox.phone.scan(browser.attempt.qr.text, 'bob');
  await harness.clock.advance(10);
  await sandbox.phone.say(browser.attempt.confirmNumber!, 'bob');
  await harness.clock.advance(1_000);
  assert.equal((await browser.snapshot()).status, 'authorized');
  const all = seen.join('\n');
  assert.ok(all.length > 1_000);
  for (const secret of [sandbox.phone.view('bob').user.openid, tickets[0]!, browser.verifier])
    assert.ok(!all.includes(secret));
});

const STATUS = '/api/v3/get-qrcode-status';

test('who says no while his login waits for its turn is not forwarded', async () => {
  for (const end of ['page', 'chat'] as const) {
    const { harness, sandbox, line, tickets } = world({ confirm: 'number' });
    const people = Array.from({ length: 60 }, (_, i) => `oPERSONxxxxxxxxxxxxxxxxx${String(i).padStart(4, '0')}`);
    const browsers: Browser[] = [];
    for (const [i, openid] of people.entries()) {
      if (i % 15 === 0) await harness.clock.advance(16_000);
      browsers.push(await harness.begin());
      await line.push(scanOf(tickets[i]!), { openid });
    }
    // Fifty go at once, then one each twentieth of a second.
    for (const [i, openid] of people.entries()) {
      await line.push(textSaying(browsers[i]!.attempt.confirmNumber!), { openid });
    }
    const before = sandbox.log.count(EVENTS);
    assert.ok(before >= 45 && before < 60, String(before));
    const late = people.map((openid, i) => ({ openid, browser: browsers[i]! })).slice(before + 1);
    for (const { openid, browser } of late) {
      if (end === 'page') await browser.cancel();
      else assert.match(line.said(await line.push(textSaying('不是我'), { openid }), openid) ?? '', /已取消/);
    }
    await harness.clock.advance(5_000);
    assert.ok(sandbox.log.count(EVENTS) <= before + 1, String(sandbox.log.count(EVENTS)));
    for (const { browser } of late) assert.equal((await browser.snapshot()).status, 'cancelled');
    const dropped = harness.log.filter((entry) => entry.includes('forward.dropped')).map((entry) => JSON.parse(entry));
    assert.ok(dropped.length > 0 && dropped.every(({ level }) => level === 'info'));
    assert.deepEqual(await harness.companion.unforwarded(), []);
  }
});

test('a "no" of Authing’s fails a login only when looking shows that it is one', async () => {
  const answers = [
    { statusCode: 400, message: 'unexpected event' },
    { statusCode: 499, message: 'x' },
    { statusCode: 301, apiCode: 1635, message: 'mfa' },
  ];
  for (const isTrue of [false, true]) {
    for (const answer of answers) {
      const { harness, sandbox, outside } = world();
      const { fetch } = outside;
      outside.fetch = async (input, init) => {
        if (!String(input).includes('/events')) return fetch(input, init);
        if (!isTrue) await fetch(input, init);
        return Response.json(answer);
      };
      const browser = await harness.begin();
      const stream = await browser.stream();
      assert.ok('text' in browser.attempt.qr);
      await sandbox.phone.scan(browser.attempt.qr.text, 'bob');
      await harness.clock.advance(2_000);
      assert.equal(stream.statuses.at(-1), isTrue ? 'scanned' : 'authorized', answer.message);
      await harness.clock.advance(8_000);
      assert.notEqual(stream.statuses.at(-1), 'scanned');
      const kept = await harness.companion.unforwarded();
      assert.equal(kept.length, isTrue ? 1 : 0);
      if (isTrue) assert.equal(stream.snapshots.at(-1)?.error?.retryable, false);
      else assert.equal(await browser.claimed(), '200');
    }
  }
});

test('other people’s scans that are too many are answered and kept for inspection; ours are not answered', async () => {
  const clock = new FakeClock();
  const memory = createMemoryStore(clock);
  const store: Store = { ...memory, enqueue: (queue, job, ttl) => memory.enqueue(queue, job, ttl, 0) };
  const { harness, tickets } = withPushes({}, {}, { clock, store });
  const line = new PushLine(harness);
  await harness.begin();
  const foreign = await line.push(scanOf('gQForeign'));
  assert.ok(foreign !== 'closed' && foreign.status === 200);
  assert.equal((await harness.companion.unforwarded()).length, 1);
  assert.equal(await line.push(scanOf(tickets[0]!)), 'closed');
});

test('who scans again after Authing made nothing of it is forwarded again, twice at most; a repeated delivery never', async () => {
  const { harness, sandbox, line, tickets, outside } = world();
  const { fetch } = outside;
  let swallowed = 0;
  let isDeaf = true;
  outside.fetch = (input, init) =>
    String(input).includes('/events') && isDeaf ? (swallowed++, Promise.resolve(new Response(''))) : fetch(input, init);
  const browser = await harness.begin();
  const openid = sandbox.phone.view('bob').user.openid;
  const scan = (): Record<string, string> =>
    scanOf(tickets[0]!, { CreateTime: String(Math.floor(harness.clock.now() / 1000)) });
  const first = scan();
  await line.push(first, { openid });
  await harness.clock.advance(1_000);
  await line.push(scan(), { openid });
  await harness.clock.advance(1_000);
  assert.equal(swallowed, 1); // still being looked for
  await harness.clock.advance(8_000);
  await line.push(first, { openid });
  await harness.clock.advance(1_000);
  assert.equal(swallowed, 1);
  for (let i = 0; i < 4; i++) {
    await line.push(scan(), { openid });
    await harness.clock.advance(10_000);
  }
  assert.equal(swallowed, 3);
  const next = await harness.begin();
  await line.push(scanOf(tickets[1]!), { openid });
  await harness.clock.advance(10_000);
  isDeaf = false;
  await line.push(scan(), { openid });
  await line.push(scanOf(tickets[1]!, { CreateTime: String(Math.floor(harness.clock.now() / 1000)) }), { openid });
  await harness.clock.advance(2_000);
  assert.equal((await next.snapshot()).status, 'authorized');
  assert.equal((await browser.snapshot()).status, 'scanned');
  assert.equal(sandbox.log.count(EVENTS), 1);
});

test('a push is known as long as its bytes are taken for fresh', async () => {
  const { harness, sandbox, line } = world({ maxSkew: 86_400 });
  const { query, body } = sealed({ MsgType: 'event', Event: 'subscribe', EventKey: '' }, { now: harness.clock.now() });
  await line.post(query, body);
  await harness.clock.advance(3_600_000 + 130_000);
  const again = await line.post(query, body);
  assert.ok(again !== 'closed' && again.status === 200);
  await harness.clock.advance(1_000);
  assert.equal(sandbox.log.count(EVENTS), 1);
});

test('a forward that fails again and again makes Authing be looked at no oftener than a page does', async () => {
  const { harness, sandbox } = world();
  const browser = await harness.begin();
  sandbox.faults.add({ path: EVENTS, fault: 'http-500' });
  assert.ok('text' in browser.attempt.qr);
  await sandbox.phone.scan(browser.attempt.qr.text, 'bob');
  await harness.clock.advance(60_000);
  assert.ok(sandbox.log.count(EVENTS) > 12);
  assert.ok(sandbox.log.count(STATUS) <= 7, String(sandbox.log.count(STATUS)));
});

test('a confirmed login that is late is looked for every second', async () => {
  const { harness, sandbox } = world({ confirm: 'number' });
  const browser = await harness.begin();
  const stream = await browser.stream();
  assert.ok('text' in browser.attempt.qr);
  await sandbox.phone.scan(browser.attempt.qr.text, 'bob');
  sandbox.faults.add({ path: EVENTS, fault: 'http-500' });
  await settle();
  await sandbox.phone.say(browser.attempt.confirmNumber!, 'bob');
  await harness.clock.advance(10_000);
  const before = sandbox.log.count(STATUS);
  await harness.clock.advance(10_000);
  const looks = sandbox.log.count(STATUS) - before;
  assert.ok(looks >= 8 && looks <= 12, String(looks));
  assert.equal(stream.statuses.at(-1), 'confirming');
});

test('a forward refused because the person has another step to take says so, once looking has shown nothing else', async () => {
  for (const body of [
    { statusCode: 301, apiCode: 1635, message: 'MFA' },
    { statusCode: 499, apiCode: '1640' },
  ]) {
    const { harness, sandbox, outside } = world();
    const browser = await harness.begin();
    const stream = await browser.stream();
    const toClouds = outside.fetch;
    outside.fetch = async (input, init) =>
      String(input).includes(EVENTS) ? Response.json(body) : toClouds(input, init);
    assert.ok('text' in browser.attempt.qr);
    await sandbox.phone.scan(browser.attempt.qr.text, 'bob');
    await harness.clock.advance(15_000);
    assert.deepEqual(stream.statuses, ['pending', 'scanned', 'step_required']);
    assert.equal(await browser.claimed(), '409 step_required');
  }
});
