import assert from 'node:assert/strict';
import test from 'node:test';
import type { FakeClock } from '../../test/support.ts';
import { ask, createCode, fakeClock, qrTextOf, settle } from '../../test/support.ts';
import type { Sandbox, SandboxOptions } from '../index.ts';
import { createSandbox } from '../index.ts';
import { CryptoRefusal, decrypt, signatureFits } from './crypto.ts';
import { FAILURE_NOTICE } from './delivery.ts';
import type { Tamper } from './tamper.ts';
import { TAMPER_KINDS } from './tamper.ts';
import { readXml } from './xml.ts';

interface Received {
  /** Milliseconds after the start. */
  after: number;
  query: URLSearchParams;
  body: string;
}

interface Stage {
  sandbox: Sandbox;
  clock: FakeClock;
  received: Received[];
  /** Bob writes; the texts are told apart by it. */
  say(text: string): Promise<void>;
}

/** As over a network: who hangs up ends the body as well. */
const readBody = ({ body, signal }: RequestInit = {}) =>
  new Response(
    body instanceof ReadableStream ? body.pipeThrough(new TransformStream(), signal ? { signal } : {}) : body,
  ).text();

/** A receiver that is done with a push only after `takes` milliseconds. */
function stageWith(options: SandboxOptions & { takes?: number } = {}): Stage {
  const { takes = 0, ...rest } = options;
  const clock = fakeClock();
  const start = clock.now();
  const received: Received[] = [];
  const sandbox = createSandbox({
    clock,
    pushUrl: 'https://companion.example/push',
    fetch: async (input, init) => {
      const body = await readBody(init);
      received.push({ after: clock.now() - start, query: new URL(String(input)).searchParams, body });
      if (takes > 0) await new Promise<void>((resolve) => clock.setTimeout(resolve, takes));
      return new Response('success');
    },
    ...rest,
  });
  return {
    sandbox,
    clock,
    received,
    say: async (text) => {
      await sandbox.phone.say(text, 'bob');
      await settle();
    },
  };
}

/** What a receiver that goes by the book makes of a push. */
function judge({ account }: Sandbox, { query, body }: Received): string {
  const encrypted = readXml(body)?.get('Encrypt');
  if (encrypted === undefined || query.get('encrypt_type') !== 'aes') return 'plaintext';
  const timestamp = query.get('timestamp') ?? '';
  const parts = { token: account.wechatToken, timestamp, nonce: query.get('nonce') ?? '', encrypt: encrypted };
  if (!signatureFits(parts, query.get('msg_signature') ?? '')) return 'signature';
  try {
    const { encodingAESKey, wechatAppId: appId } = account;
    return contentOf(decrypt({ encodingAESKey, appId, encrypt: encrypted }).plaintext);
  } catch (error) {
    if (error instanceof CryptoRefusal) return error.reason;
    throw error;
  }
}
const contentOf = (xml: string) => readXml(xml)?.get('Content') ?? '';

test('each forgery is refused for its own reason, is sent once, and the push after it is genuine', async () => {
  const expected = {
    'bad-signature': 'signature',
    downgrade: 'plaintext',
    'other-app-id': 'appid-mismatch',
    'flipped-byte': 'signature',
    'bad-padding': 'bad-padding',
  } as const;
  for (const [tamper, reason] of Object.entries(expected)) {
    const { sandbox, clock, received, say } = stageWith({ tamper: [{ tamper: tamper as Tamper['tamper'] }] });
    await say('forged');
    await clock.advance(60_000);
    await say('genuine');
    assert.deepEqual(
      received.map((push) => judge(sandbox, push)),
      [reason, 'genuine'],
      tamper,
    );
    assert.deepEqual(
      sandbox.log.pushes.map((push) => push.tamper),
      [tamper, undefined],
    );
  }
});

test('bad-signature leaves the weaker signature valid in secure mode, and spoils it in plaintext', async () => {
  const fits = async (mode: 'secure' | 'plaintext') => {
    const { sandbox, received, say } = stageWith({ mode, tamper: [{ tamper: 'bad-signature' }] });
    await say('x');
    const query = received[0]?.query ?? new URLSearchParams();
    const parts = {
      token: sandbox.account.wechatToken,
      timestamp: query.get('timestamp') ?? '',
      nonce: query.get('nonce') ?? '',
    };
    return signatureFits(parts, query.get('signature') ?? '');
  };
  assert.equal(await fits('secure'), true);
  assert.equal(await fits('plaintext'), false);
});

test('downgrade is what somebody sends who saw one address: a valid signature and a body of their own', async () => {
  const { sandbox, received, say } = stageWith({ tamper: [{ tamper: 'downgrade' }] });
  await say('let me in');
  const { query, body } = received[0] ?? { query: new URLSearchParams(), body: '' };
  assert.deepEqual([...query.keys()], ['signature', 'timestamp', 'nonce', 'openid']);
  const { wechatToken: token } = sandbox.account;
  const parts = { token, timestamp: query.get('timestamp') ?? '', nonce: query.get('nonce') ?? '' };
  assert.ok(signatureFits(parts, query.get('signature') ?? ''));
  assert.equal(contentOf(body), 'let me in');
});

test('the stale ones are signed right and old in one place only', async () => {
  const times = async (tamper: Tamper) => {
    const { sandbox, clock, received, say } = stageWith({ tamper: [tamper] });
    await say('x');
    const [push] = received;
    assert.ok(push);
    assert.equal(judge(sandbox, push), 'x');
    const { encodingAESKey, wechatAppId: appId } = sandbox.account;
    const encrypted = readXml(push.body)?.get('Encrypt') ?? '';
    const message = readXml(decrypt({ encodingAESKey, appId, encrypt: encrypted }).plaintext);
    const now = clock.now() / 1000;
    return [now - Number(push.query.get('timestamp')), now - Number(message?.get('CreateTime'))];
  };
  assert.deepEqual(await times({ tamper: 'stale-timestamp' }), [600, 0]);
  assert.deepEqual(await times({ tamper: 'stale-create-time', ms: 301_000 }), [0, 301]);
});

test('a replay brings the same bytes again after its time; a re-signed push brings the same message in others', async () => {
  for (const tamper of ['replay', 're-sign'] as const) {
    const { sandbox, clock, received, say } = stageWith({ tamper: [{ tamper, ms: 7000 }] });
    await say('once');
    await clock.advance(6999);
    assert.equal(received.length, 1);
    await clock.advance(1);
    const [first, second] = received;
    assert.ok(first && second);
    const same = first.body === second.body && String(first.query) === String(second.query);
    assert.equal(same, tamper === 'replay');
    assert.deepEqual([judge(sandbox, first), judge(sandbox, second)], ['once', 'once']);
    assert.notEqual(first.query.get('timestamp') === second.query.get('timestamp'), tamper === 're-sign');
    await clock.advance(60_000);
    assert.equal(received.length, 2);
  }
});

test('a duplicate is there before the first one is answered', async () => {
  const { sandbox, clock, received } = stageWith({ takes: 1000, tamper: [{ tamper: 'duplicate' }] });
  void sandbox.phone.say('twice', 'bob');
  await settle();
  assert.equal(received.length, 2);
  assert.equal(received[0]?.body, received[1]?.body);
  await clock.advance(60_000);
  assert.equal(received.length, 2);
});

test('a held push comes after the next one, after its time, or when tampering is cleared', async () => {
  const order = async (next: (stage: Stage) => Promise<unknown>) => {
    const stage = stageWith({ tamper: [{ tamper: 'reorder', ms: 20_000 }] });
    await stage.say('held');
    assert.equal(stage.received.length, 0);
    await next(stage);
    await settle();
    return stage.received.map((push) => judge(stage.sandbox, push));
  };
  assert.deepEqual(await order(({ say }) => say('next')), ['next', 'held']);
  assert.deepEqual(await order(({ clock }) => clock.advance(20_000)), ['held']);
  assert.deepEqual(await order(async ({ sandbox }) => sandbox.tamper.clear()), ['held']);
});

test('a slow body arrives in its time, and one slower than 5 s is given up and pushed again whole', async () => {
  const patient = stageWith({ tamper: [{ tamper: 'slow', ms: 4000 }] });
  await patient.say('patience');
  await patient.clock.advance(4000);
  assert.deepEqual(
    patient.received.map((push) => [push.after, judge(patient.sandbox, push)]),
    [[4000, 'patience']],
  );
  const hasty = stageWith({ tamper: [{ tamper: 'slow', ms: 60_000 }] });
  await hasty.say('again');
  await hasty.clock.advance(60_000);
  assert.deepEqual(
    hasty.sandbox.log.pushes.map(({ outcome }) => outcome),
    ['timeout', 200],
  );
  assert.deepEqual(
    hasty.received.map((push) => [push.after, judge(hasty.sandbox, push)]),
    [[5000, 'again']],
  );
});

test('lost answers make WeChat try three times and show the notice', async () => {
  const { sandbox, clock, received, say } = stageWith({ tamper: [{ tamper: 'lost-answer' }] });
  await say('hello?');
  await clock.advance(30_000);
  assert.equal(received.length, 3);
  assert.equal(new Set(received.map(({ body }) => body)).size, 1);
  assert.deepEqual(
    sandbox.phone.view('bob').chat.map(({ text }) => text),
    ['hello?', FAILURE_NOTICE],
  );
});

test('"times" counts pushes, several wait for each other, and a reset forgets them', async () => {
  const { sandbox, received, say } = stageWith();
  sandbox.tamper.add({ tamper: 'bad-signature', times: 2 });
  sandbox.tamper.add({ tamper: 'downgrade' });
  for (const text of ['a', 'b', 'c', 'd']) await say(text);
  assert.deepEqual(
    received.map((push) => judge(sandbox, push)),
    ['signature', 'signature', 'plaintext', 'd'],
  );
  sandbox.tamper.add({ tamper: 'downgrade' });
  sandbox.reset();
  assert.deepEqual(sandbox.tamper.all(), []);
});

test('tampering is set over HTTP; mistakes are all named', async () => {
  const { sandbox } = stageWith();
  const bad = await ask(sandbox, 'POST', '/sandbox/tamper', { tamper: 'magic', times: 0, ms: -1 });
  assert.equal(bad.http, 400);
  const told = JSON.stringify(bad.body);
  for (const named of [...TAMPER_KINDS, 'magic', 'times', 'ms']) assert.ok(told.includes(named), named);
  assert.equal((await ask(sandbox, 'POST', '/sandbox/tamper', { tamper: 'slow', times: 3 })).http, 200);
  assert.deepEqual((await ask(sandbox, 'GET', '/sandbox/tamper')).body, [{ tamper: 'slow', times: 3 }]);
  assert.equal((await ask(sandbox, 'DELETE', '/sandbox/tamper')).http, 204);
  assert.deepEqual(sandbox.tamper.all(), []);
});

test('what needs encryption is refused in plaintext mode', () => {
  const { sandbox } = stageWith({ mode: 'plaintext' });
  assert.throws(() => sandbox.tamper.add({ tamper: 'downgrade' }), /"downgrade" needs encrypted pushes/);
  sandbox.tamper.add({ tamper: 'stale-timestamp' });
});

test('a forgery logs nobody in at an Authing that looks at more than the key', async () => {
  const clock = fakeClock();
  const sandbox = createSandbox({ clock, switches: { O25: 'msg-signature-fresh' } });
  const code = await createCode(sandbox);
  for (const tamper of ['bad-signature', 'downgrade', 'other-app-id', 'flipped-byte', 'stale-timestamp'] as const) {
    sandbox.tamper.add({ tamper });
    await sandbox.phone.scan(qrTextOf(code), 'bob');
    assert.equal(sandbox.log.pushes.at(-1)?.outcome, 400, tamper);
  }
  await sandbox.phone.scan(qrTextOf(code), 'bob');
  assert.equal(sandbox.log.pushes.at(-1)?.outcome, 200);
});
