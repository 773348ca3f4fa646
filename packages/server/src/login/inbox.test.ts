import assert from 'node:assert/strict';
import test from 'node:test';
import { MODE_2, withPushes } from '../../test/clouds.ts';
import { FakeClock, settle } from '../../test/fake-clock.ts';
import { PushLine } from '../../test/push-line.ts';
import { scanOf, textSaying } from '../../test/pushes.ts';
import { createMemoryStore, type Store, type Suspicion, type WechatOptions } from '../index.ts';

const EVENTS = new URL(MODE_2.eventsUrl).pathname;
type Verb = (...args: unknown[]) => Promise<unknown>;

/** A companion over a store whose verbs can be held up or broken. */
function world(wechat: Partial<WechatOptions> = {}) {
  const clock = new FakeClock();
  const memory = createMemoryStore(clock);
  const trouble: { around: ((name: string, key: string, run: () => Promise<unknown>) => Promise<unknown>) | null } = {
    around: null,
  };
  const store = new Proxy(memory, {
    get(target, name: keyof Store) {
      const verb = target[name] as Verb;
      return (...args: unknown[]) => {
        const run = (): Promise<unknown> => verb.apply(target, args);
        return trouble.around ? trouble.around(name, String(args[0]), run) : run();
      };
    },
  });
  const suspicions: Suspicion[] = [];
  const onSuspicious = (suspicion: Suspicion): void => void suspicions.push(suspicion);
  const clouds = withPushes({ onSuspicious, ...wechat }, {}, { clock, store });
  const openid = clouds.sandbox.phone.view('bob').user.openid;
  const line = new PushLine(clouds.harness);
  return {
    ...clouds,
    memory,
    clock,
    trouble,
    suspicions,
    openid,
    line,
    forwards: () => clouds.sandbox.log.count(EVENTS),
    at: (fields: Record<string, string>) => ({ ...fields, CreateTime: String(Math.floor(clock.now() / 1000)) }),
    send: async (fields: Record<string, string>) => line.said(await line.push(fields, { openid }), openid),
  };
}

/** Fails the first verb named so on a key that begins so. */
function failOnce(of: ReturnType<typeof world>, verb: string, prefix: string): void {
  let isLeft = true;
  of.trouble.around = (name, key, run) => {
    if (!isLeft || name !== verb || !key.startsWith(prefix)) return run();
    isLeft = false;
    return Promise.reject(new Error('the store is down'));
  };
}

const BREAKS = [
  ['holdFirst', 'push:'],
  ['holdFirst', 'scanner:'],
  ['enqueue', 'outbox:'],
  ['advance', ''],
] as const;

test('wherever a scan breaks off, its next delivery says what the first would have said, and logs in once', async () => {
  for (const [verb, prefix] of BREAKS) {
    const w = world({ loginText: '登录中' });
    const browser = await w.harness.begin();
    const scan = w.at(scanOf(w.tickets[0]!));
    failOnce(w, verb, prefix);
    assert.equal(await w.send(scan), 'no answer', verb);
    await w.clock.advance(5_000);
    assert.equal(await w.send(scan), '登录中', verb);
    await w.clock.advance(5_000);
    assert.equal(await w.send(scan), '登录中', verb);
    assert.equal((await browser.snapshot()).status, 'authorized');
    assert.equal(w.forwards(), 1);
  }
});

test('wherever an answer breaks off, its next delivery decides the same, and a suspicion is told', async () => {
  const breaks = {
    yes: [
      ['holdFirst', 'push:'],
      ['holdFirst', 'decision:'],
      ['hold', 'released:'],
      ['enqueue', 'outbox:'],
    ],
    no: [
      ['holdFirst', 'push:'],
      ['holdFirst', 'decision:'],
      ['hold', 'cancelled:'],
      ['advance', ''],
      ['peek', 'suspicion:'],
    ],
  };
  for (const answer of ['yes', 'no'] as const) {
    for (const [verb, prefix] of breaks[answer]) {
      const w = world({ confirm: 'number' });
      const browser = await w.harness.begin();
      await w.send(scanOf(w.tickets[0]!));
      const text = w.at(textSaying(answer === 'yes' ? browser.attempt.confirmNumber! : '不是我'));
      failOnce(w, verb!, prefix!);
      assert.equal(await w.send(text), 'no answer', `${answer} ${verb} ${prefix}`);
      await w.clock.advance(5_000);
      const said = [await w.send(text)];
      await w.clock.advance(5_000);
      said.push(await w.send(text));
      for (const word of said) assert.match(word ?? '', answer === 'yes' ? /已确认/ : /已取消/, `${verb} ${prefix}`);
      assert.equal((await browser.snapshot()).status, answer === 'yes' ? 'authorized' : 'cancelled');
      assert.deepEqual([w.forwards(), w.suspicions.length], answer === 'yes' ? [1, 0] : [0, 1]);
    }
  }
});

test('of two deliveries at the same time the slower one says what the faster one said', async () => {
  const w = world({ loginText: '登录中' });
  await w.harness.begin();
  const scan = w.at(scanOf(w.tickets[0]!));
  let isSlow = true;
  w.trouble.around = async (name, key, run) => {
    const value = await run();
    if (isSlow && name === 'peek' && key.startsWith('push:')) {
      isSlow = false;
      await new Promise<void>((resolve) => w.clock.setTimeout(resolve, 2_000));
    }
    return value;
  };
  const slow = w.send(scan);
  await settle();
  const fast = w.send(scan);
  await w.clock.advance(4_000);
  assert.deepEqual([await fast, await slow], ['登录中', '登录中']);
});

test('the same holds for a second scan, whose faster delivery has logged in meanwhile', async () => {
  const w = world({ loginText: '登录中' });
  const browser = await w.harness.begin();
  w.sandbox.faults.add({ path: EVENTS, fault: 'delay', ms: 1_000 });
  await w.send(scanOf(w.tickets[0]!, { CreateTime: String(w.clock.now() / 1000 - 1) }));
  const scan = w.at(scanOf(w.tickets[0]!));
  let isSlow = true;
  w.trouble.around = async (name, key, run) => {
    const value = await run();
    if (isSlow && name === 'peek' && key.startsWith('push:')) {
      isSlow = false;
      await new Promise<void>((resolve) => w.clock.setTimeout(resolve, 4_000));
    }
    return value;
  };
  const slow = w.send(scan);
  await settle();
  const fast = w.send(scan);
  await w.clock.advance(3_000);
  assert.equal((await browser.snapshot()).status, 'authorized');
  await w.clock.advance(3_000);
  assert.deepEqual([await fast, await slow], ['登录中', '登录中']);
});

test('a push that is no longer known means what it meant, from what it decided', async () => {
  for (const answer of ['yes', 'no', 'yes, then no'] as const) {
    const w = world({ confirm: 'number' });
    const browser = await w.harness.begin();
    w.sandbox.faults.add({ path: EVENTS, fault: 'delay', ms: 1_000 });
    const records = new Set<string>();
    w.trouble.around = (_name, key, run) => {
      if (key.startsWith('push:')) records.add(key);
      return run();
    };
    const scan = w.at(scanOf(w.tickets[0]!));
    const yes = w.at(textSaying(browser.attempt.confirmNumber!));
    const no = w.at(textSaying('不是我'));
    const story = [scan, ...(answer === 'no' ? [] : [yes]), ...(answer === 'yes' ? [] : [no])];
    const said: Array<string | null> = [];
    for (const push of story) said.push(await w.send(push));
    await w.clock.advance(3_000);
    for (const key of records) await w.memory.drop(key);
    const again: Array<string | null> = [];
    for (const push of story) again.push(await w.send(push));
    assert.deepEqual(again, said);
    assert.equal((await browser.snapshot()).status, answer === 'yes' ? 'authorized' : 'cancelled');
    assert.equal(w.suspicions.length, answer === 'yes' ? 0 : 1);
  }
});

test('a number said before there was a question answers none, however late WeChat repeats it', async () => {
  const w = world({ confirm: 'number' });
  const browser = await w.harness.begin();
  const right = browser.attempt.confirmNumber!;
  const early = [w.at(textSaying(right)), w.at(textSaying(right === '10' ? '11' : '10')), w.at(textSaying('不是我'))];
  for (const text of early) assert.equal(await w.send(text), null);
  await w.send(scanOf(w.tickets[0]!));
  for (const text of early) assert.equal(await w.send(text), null);
  assert.equal((await browser.snapshot()).status, 'confirming');
  assert.match((await w.send(textSaying(right))) ?? '', /已确认/);
});

test('a scan that was forwarded as nobody’s is not forwarded again as ours', async () => {
  const w = world();
  const browser = await w.harness.begin();
  const scan = w.at(scanOf(w.tickets[0]!));
  w.trouble.around = (name, key, run) => (name === 'peek' && key.startsWith('ticket:') ? Promise.resolve(null) : run());
  await w.send(scan);
  w.trouble.around = null;
  await w.send(scan);
  await w.clock.advance(12_000);
  assert.equal(w.forwards(), 1);
  assert.equal((await browser.snapshot()).status, 'authorized');
});

test('nothing that is kept is of use as a watchToken', async () => {
  const w = world({ confirm: 'number' });
  const browser = await w.harness.begin();
  const kept = new Set<string>();
  const take = (value: unknown): void => {
    if (typeof value === 'string') for (const word of value.split(/[ :]/)) if (word.length > 100) kept.add(word);
    if (typeof value === 'object' && value !== null) Object.values(value).forEach(take);
  };
  w.trouble.around = async (_name, _key, run) => {
    const value = await run();
    take(value);
    return value;
  };
  await w.send(scanOf(w.tickets[0]!));
  await w.send(textSaying(browser.attempt.confirmNumber!));
  await w.clock.advance(1_000);
  w.trouble.around = null;
  assert.ok(kept.size >= 4, String(kept.size));
  const statusWith = async (token: string): Promise<number> => {
    const headers = { authorization: `Bearer ${token}` };
    return (await w.harness.request(`/attempts/${browser.attempt.id}`, { headers })).status;
  };
  assert.equal(await statusWith(browser.attempt.watchToken), 200);
  for (const token of kept) assert.equal(await statusWith(token), 401);
});
