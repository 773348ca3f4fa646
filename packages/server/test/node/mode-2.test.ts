import assert from 'node:assert/strict';
import test from 'node:test';
import { settle } from '../fake-clock.ts';
import { MODE_2, withPushes } from '../clouds.ts';
import type { Browser } from '../harness.ts';
import { readQr } from '../read-qr.ts';

const STATUS = '/api/v3/get-qrcode-status';
const EVENTS = new URL(MODE_2.eventsUrl).pathname;

const textOf = ({ attempt: { qr } }: Browser): string => ('text' in qr ? qr.text : '');

test('a scan reaches the page without a look at Authing, and a follow logs in', async () => {
  const { harness, sandbox } = withPushes();
  const browser = await harness.begin();
  const stream = await browser.stream();
  sandbox.faults.add({ path: EVENTS, fault: 'delay', ms: 300 });
  await sandbox.phone.scan(textOf(browser), 'alice');
  await sandbox.phone.follow('alice');
  await settle();
  assert.deepEqual(stream.statuses, ['pending', 'scanned']);
  assert.equal(stream.snapshots[1]?.newFollower, true);
  assert.equal(sandbox.log.count(STATUS), 0);
  await harness.clock.advance(500);
  assert.deepEqual(stream.statuses, ['pending', 'scanned', 'authorized']);
  assert.equal(await browser.claimed(), '200');
  assert.equal(sandbox.log.count(EVENTS), 1);
});

test('who follows already is told apart', async () => {
  const { harness, sandbox } = withPushes();
  const browser = await harness.begin();
  const stream = await browser.stream();
  await sandbox.phone.scan(textOf(browser), 'bob');
  await harness.clock.advance(500);
  assert.equal(stream.snapshots[1]?.newFollower, false);
  assert.equal(stream.statuses.at(-1), 'authorized');
});

test('with pushes an idle page asks Authing every ten seconds and no oftener', async () => {
  const { harness, sandbox } = withPushes();
  await (await harness.begin()).stream();
  await harness.clock.advance(60_000);
  assert.ok(sandbox.log.count(STATUS) <= 6, String(sandbox.log.count(STATUS)));
});

test('Authing down for 30 s in the middle of a login: it completes with one scan', async () => {
  for (const fault of ['drop', 'http-500', 'html', 'hang'] as const) {
    const { harness, sandbox } = withPushes();
    const browser = await harness.begin();
    const stream = await browser.stream();
    await harness.clock.advance(5_000);
    for (const path of [EVENTS, STATUS]) sandbox.faults.add({ path, fault });
    await sandbox.phone.scan(textOf(browser), 'bob');
    await harness.clock.advance(30_000);
    assert.deepEqual(stream.statuses, ['pending', 'scanned'], fault);
    sandbox.faults.clear();
    await harness.clock.advance(12_000);
    assert.deepEqual(stream.statuses, ['pending', 'scanned', 'authorized'], fault);
    assert.equal(await browser.claimed(), '200');
  }
});

test('a push that never reaches Authing fails its attempt with a reason and is kept for inspection', async () => {
  const { harness, sandbox } = withPushes();
  const browser = await harness.begin();
  const stream = await browser.stream();
  sandbox.faults.add({ path: EVENTS, fault: 'http-500' });
  await sandbox.phone.scan(textOf(browser), 'bob');
  await harness.clock.advance(140_000);
  assert.deepEqual(stream.snapshots.at(-1)?.error, { code: 'upstream_unavailable', retryable: true });
  const [kept] = await harness.companion.unforwarded();
  assert.equal(kept?.attempt, browser.attempt.id.slice(0, 6));
  assert.match(kept?.cause ?? '', /500/);
});

test('an answer that was lost, or a 500 that meant yes, ends in one login', async () => {
  for (const O28 of ['no-effect', 'error', 'second-login'] as const) {
    const { harness, sandbox } = withPushes({}, { switches: { O28 } });
    const browser = await harness.begin();
    const stream = await browser.stream();
    sandbox.faults.add({ path: EVENTS, fault: 'lose-answer', times: 1 });
    await sandbox.phone.scan(textOf(browser), 'bob');
    await harness.clock.advance(3_000);
    assert.deepEqual(stream.statuses, ['pending', 'scanned', 'authorized'], O28);
    assert.equal(await browser.claimed(), '200');
  }
  const { harness, sandbox } = withPushes({}, { switches: { O27: 'http-500' } });
  const browser = await harness.begin();
  const stream = await browser.stream();
  await sandbox.phone.scan(textOf(browser), 'bob');
  await harness.clock.advance(3_000);
  assert.equal(stream.statuses.at(-1), 'authorized');
  assert.equal(sandbox.log.count(EVENTS), 1);
});

test('every form and every answer of the events endpoint that Authing leaves open is served', async () => {
  const formats = [
    ['json', 'json'],
    ['raw', 'raw'],
    ['json', 'both'],
    ['raw', 'both'],
  ] as const;
  for (const mode of ['secure', 'compatible'] as const) {
    for (const [forwardFormat, O24] of formats) {
      for (const O27 of ['success', 'empty', 'encrypted-xml', 'json'] as const) {
        for (const O25 of forwardFormat === 'raw'
          ? (['aes-only', 'msg-signature-fresh'] as const)
          : (['aes-only'] as const)) {
          const { harness, sandbox } = withPushes({ forwardFormat }, { mode, switches: { O24, O25, O27 } });
          const browser = await harness.begin();
          await sandbox.phone.scan(textOf(browser), 'bob');
          await harness.clock.advance(2_000);
          assert.equal(
            (await browser.snapshot()).status,
            'authorized',
            `${mode} ${forwardFormat} ${O24} ${O27} ${O25}`,
          );
        }
      }
    }
  }
});

test('plaintext pushes log in where they are switched on, and are forwarded as they came', async () => {
  const { harness, sandbox } = withPushes({ plaintext: true, encodingAESKey: undefined } as never, {
    mode: 'plaintext',
    switches: { O26: 'accepted' },
  });
  const browser = await harness.begin();
  await sandbox.phone.scan(textOf(browser), 'bob');
  await harness.clock.advance(1_000);
  assert.equal((await browser.snapshot()).status, 'authorized');
});

test('a form that Authing does not understand fails the attempt once looking shows nothing, and the log says what it said', async () => {
  const { harness, sandbox } = withPushes({ forwardFormat: 'raw' });
  const browser = await harness.begin();
  await sandbox.phone.scan(textOf(browser), 'bob');
  await harness.clock.advance(1_000);
  assert.equal((await browser.snapshot()).status, 'scanned');
  await harness.clock.advance(7_000);
  const { error } = await browser.snapshot();
  assert.deepEqual(error, { code: 'upstream_rejected', retryable: false });
  assert.ok(harness.log.some((line) => /forward\.given_up.*not understood/.test(line)));
});

test('events that reach Authing past the companion still log in, by looking', async () => {
  const { harness, sandbox } = withPushes({}, { switches: { O36: 'yes' } });
  const browser = await harness.begin();
  const stream = await browser.stream();
  await sandbox.phone.scan(textOf(browser), 'bob');
  await harness.clock.advance(11_000);
  assert.equal(stream.statuses.at(-1), 'authorized');
});

test('a code whose ticket cannot be worked out still logs in, by looking', async () => {
  for (const O2 of ['text', 'png-random'] as const) {
    const { harness, sandbox } = withPushes({}, { switches: { O2 } });
    const browser = await harness.begin();
    const stream = await browser.stream();
    await sandbox.phone.scan(await readQr(browser.attempt.qr), 'bob');
    await harness.clock.advance(3_000);
    assert.equal(stream.statuses.at(-1), 'authorized', O2);
  }
});

test('after a restart a browser that comes back makes its ticket known again', async () => {
  const { harness, sandbox } = withPushes({ forward: 'known' });
  const browser = await harness.begin();
  harness.restart();
  const stream = await browser.stream();
  await settle();
  await sandbox.phone.scan(textOf(browser), 'bob');
  await harness.clock.advance(1_000);
  assert.deepEqual(stream.statuses, ['pending', 'scanned', 'authorized']);
});

test('the first person to scan a code has it; a second one is told so', async () => {
  const { harness, sandbox } = withPushes();
  const browser = await harness.begin();
  sandbox.faults.add({ path: EVENTS, fault: 'delay', ms: 2_000 });
  await sandbox.phone.scan(textOf(browser), 'bob');
  await settle();
  await sandbox.phone.scan(textOf(browser), 'xiaomei');
  await harness.clock.advance(3_000);
  assert.equal(sandbox.log.count(EVENTS), 1);
  assert.equal((await browser.snapshot()).status, 'authorized');
  assert.match(sandbox.phone.view('xiaomei').chat.at(-1)?.text ?? '', /他人/);
  assert.deepEqual(sandbox.phone.view('bob').chat, []);
});

test('a scan that logs in and a follow that logs in get their texts, every time they are delivered', async () => {
  const { harness, sandbox } = withPushes({ loginText: '登录中 ]]> <b>', welcomeText: '欢迎' });
  const first = await harness.begin();
  await sandbox.phone.scan(textOf(first), 'bob');
  await harness.clock.advance(100);
  assert.equal(sandbox.phone.view('bob').chat.at(-1)?.text, '登录中 ]]> <b>');
  const second = await harness.begin();
  await sandbox.phone.scan(textOf(second), 'alice');
  await sandbox.phone.follow('alice');
  await harness.clock.advance(100);
  assert.equal(sandbox.phone.view('alice').chat.at(-1)?.text, '欢迎');
});
