import assert from 'node:assert/strict';
import test from 'node:test';
import { MODE_2, withPushes } from '../../test/clouds.ts';
import { FakeClock } from '../../test/fake-clock.ts';
import { PushLine } from '../../test/push-line.ts';
import { scanOf } from '../../test/pushes.ts';
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
