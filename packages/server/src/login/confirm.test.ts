import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import test from 'node:test';
import { MODE_2, withPushes } from '../../test/clouds.ts';
import { FakeClock, settle } from '../../test/fake-clock.ts';
import type { Browser } from '../../test/harness.ts';
import { PushLine } from '../../test/push-line.ts';
import { scanOf, textSaying } from '../../test/pushes.ts';
import { createMemoryStore, type Suspicion, type WechatOptions } from '../index.ts';

const EVENTS = new URL(MODE_2.eventsUrl).pathname;

function world(wechat: Partial<WechatOptions> = {}, sandboxOptions: Parameters<typeof withPushes>[1] = {}) {
  const suspicions: Suspicion[] = [];
  const ownerHeard: string[] = [];
  const clouds = withPushes(
    {
      confirm: 'number',
      onSuspicious: (suspicion) => void suspicions.push(suspicion),
      onPush: (push) => void (push.type === 'text' && ownerHeard.push(push.content)),
      ...wechat,
    },
    sandboxOptions,
  );
  const { phone } = clouds.sandbox;
  return {
    ...clouds,
    suspicions,
    ownerHeard,
    line: new PushLine(clouds.harness),
    chat: (who: string): string => phone.view(who).chat.at(-1)?.text ?? '',
    async say(text: string, who = 'bob'): Promise<string> {
      await phone.say(text, who);
      await settle();
      return phone.view(who).chat.at(-1)?.text ?? '';
    },
    async scan(browser: Browser, who = 'bob'): Promise<string> {
      assert.ok('text' in browser.attempt.qr);
      await phone.scan(browser.attempt.qr.text, who);
      if (!phone.view(who).user.follower) await phone.follow(who);
      await settle();
      return phone.view(who).chat.at(-1)?.text ?? '';
    },
    forwards: () => clouds.sandbox.log.count(EVENTS),
  };
}

const CHROME =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36';
const numbersIn = (text: string): string[] =>
  [...text.matchAll(/msgmenucontent=(\d\d)&msgmenuid=\d+">(\d\d)<\/a>/g)].map((match) => {
    assert.equal(match[1], match[2]);
    return match[1]!;
  });

test('the right number logs in, and not before', async () => {
  for (const who of ['bob', 'alice']) {
    const { harness, scan, say, forwards } = world();
    const browser = await harness.begin();
    const stream = await browser.stream();
    assert.match(browser.attempt.confirmNumber ?? '', /^[1-9]\d$/);
    await scan(browser, who);
    await harness.clock.advance(30_000);
    assert.deepEqual(stream.statuses, ['pending', 'confirming']);
    assert.equal(stream.snapshots[1]?.newFollower, who === 'alice');
    assert.equal(forwards(), 0);
    assert.match(await say(browser.attempt.confirmNumber!, who), /已确认/);
    await harness.clock.advance(1_000);
    assert.deepEqual(stream.statuses, ['pending', 'confirming', 'authorized']);
    assert.equal(await browser.claimed(), '200');
    assert.equal(forwards(), 1);
  }
});

test('the chat names site, browser, system and time, and offers three numbers and a way out', async () => {
  const { harness, scan } = world();
  const browser = await harness.begin({ locale: 'zh-CN', userAgent: CHROME });
  const text = await scan(browser);
  assert.match(text, /^https:\/\/shop\.example 请求用你的微信登录/);
  assert.match(text, /Chrome（Windows）/);
  assert.match(text, /2026-11-22 08:00（北京时间）/);
  const numbers = numbersIn(text);
  assert.equal(new Set(numbers).size, 3);
  assert.ok(numbers.includes(browser.attempt.confirmNumber!));
  assert.match(text, /<a href="weixin:\/\/bizmsgmenu\?msgmenucontent=不是我&msgmenuid=\d+">不是我<\/a>/);
  const english = await harness.begin({ locale: 'en-GB', userAgent: CHROME });
  assert.match(await scan(english), /asks to sign in.*[\s\S]*Chrome \(Windows\)[\s\S]*msgmenucontent=Notme&/);
});

test('the right number stands at every place', async () => {
  const { harness, scan } = world({}, { markFailAfter: 1000 });
  const places = new Set<number>();
  for (let i = 0; i < 40 && places.size < 3; i++) {
    const browser = await harness.begin();
    places.add(numbersIn(await scan(browser)).indexOf(browser.attempt.confirmNumber!));
  }
  assert.deepEqual([...places].sort(), [0, 1, 2]);
});

test('nothing of a request is copied into the chat', async () => {
  const { harness, scan } = world();
  const userAgent = 'Click https://evil.example <a href="https://evil.example">Chrome/1 Windows NT</a> ]]> 4242';
  const text = await scan(await harness.begin({ locale: 'zh-CN', userAgent: userAgent }));
  assert.match(text, /Chrome（Windows）/);
  assert.doesNotMatch(text, /evil|4242|Click/);
  assert.match(await scan(await harness.begin({ locale: 'zh-CN', userAgent: 'curl/8' })), /未知（未知）/);
});

test('a wrong number or "not me" from the person who scanned ends the attempt, and the host is told', async () => {
  for (const [text, reason] of [
    ['不是我', 'not_me'],
    ['Not me', 'not_me'],
    ['Notme', 'not_me'],
    [' NOT ME ', 'not_me'],
    ['wrong', 'wrong_number'],
  ] as const) {
    const { harness, scan, say, forwards, suspicions } = world();
    const browser = await harness.begin({ locale: 'zh-CN', userAgent: CHROME });
    const stream = await browser.stream();
    await scan(browser);
    const right = browser.attempt.confirmNumber!;
    const wrong = right === '10' ? '11' : '10';
    assert.match(await say(text === 'wrong' ? wrong : text), /已取消/);
    assert.equal(stream.statuses.at(-1), 'cancelled');
    await say(right);
    await scan(browser);
    await say(right);
    await harness.clock.advance(130_000);
    assert.equal(forwards(), 0, text);
    assert.equal(await browser.claimed(), '410 attempt_cancelled');
    assert.equal(suspicions.length, 1);
    const { openid, startedAt, ...what } = suspicions[0]!;
    assert.deepEqual(what, {
      reason,
      origin: 'https://shop.example',
      browser: { browser: 'Chrome', system: 'Windows' },
    });
    assert.ok(openid.length > 20 && startedAt > 0);
  }
});

test('full-width digits are digits; a text that is neither two digits nor the phrase goes on to the owner', async () => {
  const { harness, scan, say, forwards, ownerHeard } = world();
  const browser = await harness.begin();
  await scan(browser);
  const right = browser.attempt.confirmNumber!;
  const others = [
    `${right}.`,
    `0${right}`,
    `${right}0`,
    right[0]!,
    `#${right}`,
    `${right} ${right}`,
    '不是',
    '不是我的',
    'not me!',
    'hello',
    `+${right}`,
  ];
  for (const text of others) await say(text);
  assert.equal((await browser.snapshot()).status, 'confirming');
  assert.equal(forwards(), 0);
  assert.deepEqual(ownerHeard, others);
  await say(String.fromCodePoint(...[...right].map((digit) => digit.codePointAt(0)! - 0x30 + 0xff10)));
  await harness.clock.advance(1_000);
  assert.equal((await browser.snapshot()).status, 'authorized');
});

test('the same text from somebody else, before the scan or after the end has no effect', async () => {
  const { harness, scan, say, forwards, sandbox } = world();
  const browser = await harness.begin();
  const right = browser.attempt.confirmNumber!;
  await say(right);
  await scan(browser);
  await say(right, 'xiaomei');
  await say('不是我', 'xiaomei');
  assert.equal((await browser.snapshot()).status, 'confirming');
  assert.deepEqual(
    sandbox.phone.view('xiaomei').chat.filter(({ from }) => from !== 'person'),
    [],
  );
  await harness.clock.advance(136_000);
  assert.equal((await browser.snapshot()).status, 'expired');
  await say(right);
  await harness.clock.advance(10_000);
  assert.equal(forwards(), 0);
});

test('an answer is for the newest question that was put to that person', async () => {
  const { harness, scan, say, forwards } = world();
  const older = await harness.begin();
  const newer = await harness.begin();
  await scan(older);
  await scan(newer);
  await say(newer.attempt.confirmNumber!);
  await harness.clock.advance(1_000);
  assert.equal((await newer.snapshot()).status, 'authorized');
  assert.equal((await older.snapshot()).status, 'confirming');
  assert.equal(forwards(), 1);
});

test('who scans again is asked again, with the same numbers in the same order', async () => {
  const { harness, scan } = world();
  const browser = await harness.begin();
  const first = await scan(browser);
  await harness.clock.advance(3_000);
  assert.deepEqual(numbersIn(await scan(browser)), numbersIn(first));
});

test('a second person who scans is told so, and cannot answer', async () => {
  const { harness, scan, say, forwards } = world();
  const browser = await harness.begin();
  await scan(browser, 'bob');
  assert.match(await scan(browser, 'xiaomei'), /他人/);
  await say(browser.attempt.confirmNumber!, 'xiaomei');
  await harness.clock.advance(10_000);
  assert.equal(forwards(), 0);
  assert.equal((await browser.snapshot()).status, 'confirming');
});

test('a page that cancels while the chat asks is not logged in by a late answer', async () => {
  const { harness, scan, say, forwards } = world();
  const browser = await harness.begin();
  await scan(browser);
  await browser.cancel();
  assert.equal(await say(browser.attempt.confirmNumber!), browser.attempt.confirmNumber, 'nothing is answered');
  await harness.clock.advance(10_000);
  assert.equal(forwards(), 0);
});

test('a code minted at Authing behind the companion’s back is not forwarded', async () => {
  const { harness, sandbox, forwards } = world();
  const minted = await sandbox.fetch(
    new Request('https://app.authing.example/api/v3/gene-qrcode', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-authing-app-id': sandbox.account.appId },
      body: JSON.stringify({ type: 'WECHAT_OFFICIAL_ACCOUNT' }),
    }),
  );
  const ticket = /([^/"]+)\.png/.exec(await minted.text())![1]!;
  const line = new PushLine(harness);
  const openid = sandbox.phone.view('bob').user.openid;
  await line.push(scanOf(decodeURIComponent(ticket)), { openid });
  await line.push({ ...scanOf(decodeURIComponent(ticket)), Event: 'subscribe', EventKey: 'qrscene_x' }, { openid });
  await line.push(textSaying('42'), { openid });
  await harness.clock.advance(130_000);
  assert.equal(forwards(), 0);
});

test('a login that Authing authorizes unasked is refused: then events reach it past the companion', async () => {
  const { harness, sandbox } = world({}, { switches: { O36: 'yes' } });
  const browser = await harness.begin();
  const stream = await browser.stream();
  assert.ok('text' in browser.attempt.qr);
  await sandbox.phone.scan(browser.attempt.qr.text, 'bob');
  await harness.clock.advance(30_000);
  assert.equal(stream.statuses.at(-1), 'failed');
  assert.equal(await browser.claimed(), '502 login_failed');
  assert.ok(harness.log.some((entry) => entry.includes('confirm.bypassed')));
});

test('a code whose ticket cannot be known is refused, and the log says why', async () => {
  for (const O2 of ['png-random', 'text'] as const) {
    const { harness } = world({}, { switches: { O2 } });
    await assert.rejects(harness.begin(), /502/);
    assert.ok(
      harness.log.some((entry) => /confirm\.no_ticket|qr_unusable/.test(entry)),
      O2,
    );
  }
});

test('the question, the answer and their repetitions say the same every time', async () => {
  const { harness, sandbox, line, tickets, forwards, suspicions } = world();
  const browser = await harness.begin();
  const openid = sandbox.phone.view('bob').user.openid;
  const CreateTime = String(harness.clock.now() / 1000);
  const scan = scanOf(tickets[0]!, { CreateTime });
  const ask = async (): Promise<string | null> => line.said(await line.push(scan, { openid }), openid);
  const questions = [...(await Promise.all([ask(), ask()])), await ask()];
  const answer = textSaying(browser.attempt.confirmNumber!);
  const reply = async (): Promise<string | null> => line.said(await line.push(answer, { openid }), openid);
  const replies = [...(await Promise.all([reply(), reply()])), await reply()];
  questions.push(await ask());
  await harness.clock.advance(5_000);
  replies.push(await reply());
  assert.equal(new Set(questions).size, 1);
  assert.equal(new Set(replies).size, 1);
  assert.match(replies[0]!, /已确认/);
  assert.equal(forwards(), 1);
  assert.equal(suspicions.length, 0);
});

test('a "not me" or a wrong number after the right one, before the login came about, ends it and is told', async () => {
  for (const text of ['不是我', 'wrong']) {
    const { harness, sandbox, scan, say, suspicions } = world();
    const browser = await harness.begin();
    await scan(browser);
    const right = browser.attempt.confirmNumber!;
    sandbox.faults.add({ path: EVENTS, fault: 'drop' });
    assert.match(await say(right), /已确认/);
    await harness.clock.advance(2_000);
    const last = await say(text === 'wrong' ? (right === '10' ? '11' : '10') : text);
    assert.match(last, /已取消/, text);
    assert.equal(await say(right), right, 'nothing is answered');
    sandbox.faults.clear();
    await harness.clock.advance(30_000);
    assert.equal((await browser.snapshot()).status, 'cancelled');
    assert.equal(await browser.claimed(), '410 attempt_cancelled');
    assert.deepEqual(
      suspicions.map(({ reason }) => reason),
      [text === 'wrong' ? 'wrong_number' : 'not_me'],
    );
    assert.ok(sandbox.log.calls.every(({ path, status }) => path !== EVENTS || status === 'lost'));
  }
});

test('a "not me" after the login has come about undoes nothing', async () => {
  const { harness, scan, say, suspicions, ownerHeard } = world();
  const browser = await harness.begin();
  await scan(browser);
  await say(browser.attempt.confirmNumber!);
  await harness.clock.advance(1_000);
  await say('不是我');
  assert.equal(await browser.claimed(), '200');
  assert.equal(suspicions.length, 0);
  assert.deepEqual(ownerHeard.at(-1), '不是我');
});

test('when the newest question has ended, the one before it can be answered', async () => {
  for (const end of ['page cancels', 'logged in'] as const) {
    const { harness, scan, say } = world();
    const older = await harness.begin();
    const newer = await harness.begin();
    await scan(older);
    await scan(newer);
    if (end === 'page cancels') await newer.cancel();
    else await say(newer.attempt.confirmNumber!);
    await harness.clock.advance(1_000);
    assert.match(await say(older.attempt.confirmNumber!), /已确认/, end);
    await harness.clock.advance(1_000);
    assert.equal((await older.snapshot()).status, 'authorized');
    assert.equal((await newer.snapshot()).status, end === 'logged in' ? 'authorized' : 'cancelled');
  }
});

test('secrets exchanged in the middle: who scanned before is known after, scanning again or answering', async () => {
  for (const scansAgain of [true, false]) {
    const clock = new FakeClock();
    const store = { ...createMemoryStore(clock), close: async () => {} };
    const secrets = [randomBytes(32)];
    const { harness, sandbox } = withPushes({ confirm: 'number' }, {}, { clock, store, secrets });
    const { phone } = sandbox;
    const browser = await harness.begin();
    const { qr, confirmNumber } = browser.attempt;
    assert.ok('text' in qr);
    await phone.scan(qr.text, 'bob');
    await clock.advance(2_000);
    secrets.unshift(randomBytes(32));
    harness.restart();
    if (scansAgain) await phone.scan(qr.text, 'bob');
    await settle();
    const text = phone.view('bob').chat.at(-1)?.text ?? '';
    assert.ok(numbersIn(text).includes(confirmNumber!), text);
    await phone.say(confirmNumber!, 'bob');
    await clock.advance(1_000);
    assert.equal((await browser.snapshot()).status, 'authorized');
  }
});
