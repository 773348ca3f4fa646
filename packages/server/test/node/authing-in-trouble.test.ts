import assert from 'node:assert/strict';
import test from 'node:test';
import type { FaultKind } from '../../../sandbox/src/index.ts';
import { withClouds } from '../clouds.ts';
import { PAGE, type Harness } from '../harness.ts';

const CREATE = '/api/v3/gene-qrcode';
const STATUS = '/api/v3/get-qrcode-status';
const EXCHANGE = '/api/v3/exchange-tokenset-with-qrcode-ticket';

async function create(harness: Harness): Promise<{ answer: string; retryAfter: string | null }> {
  const pending = harness.request('/attempts', {
    method: 'POST',
    headers: { origin: PAGE, 'content-type': 'application/json' },
    body: { challenge: 'A'.repeat(43) },
  });
  await harness.clock.advance(30_000);
  const response = await pending;
  const { code = 'created' } = (await response.json()) as { code?: string };
  return { answer: `${response.status} ${code}`, retryAfter: response.headers.get('retry-after') };
}

test('a code that Authing cannot make is a problem of ours, and the log names the cause', async () => {
  const expected: Array<[FaultKind, string, RegExp]> = [
    ['drop', '503 upstream_unavailable', /no answer/],
    ['hang', '503 upstream_unavailable', /no answer within 10000 ms/],
    ['html', '503 upstream_unavailable', /no JSON/],
    ['http-500', '503 upstream_unavailable', /500/],
    ['http-429', '503 upstream_unavailable', /429/],
  ];
  for (const [fault, answer, cause] of expected) {
    const { harness, sandbox } = withClouds();
    sandbox.faults.add({ path: CREATE, fault });
    const got = await create(harness);
    assert.equal(got.answer, answer, fault);
    assert.ok(Number(got.retryAfter) > 0, fault);
    assert.ok(
      harness.log.some((line) => line.includes('authing.create') && cause.test(line)),
      `${fault}: ${harness.log.join('')}`,
    );
  }
});

test("WeChat's own complaint inside Authing's message is named in the log", async () => {
  const { harness } = withClouds({ switches: { 'O33-cause': 'ip-not-listed' } });
  assert.equal((await create(harness)).answer, '502 upstream_rejected');
  assert.ok(harness.log.some((line) => /IP whitelist/.test(line)));
});

test('one fault while a code is made is tried again and stays invisible', async () => {
  for (const fault of ['drop', 'html', 'http-500', 'lose-answer'] as const) {
    const { harness, sandbox } = withClouds();
    sandbox.faults.add({ path: CREATE, fault, times: 1 });
    assert.equal((await create(harness)).answer, '201 created', fault);
  }
});

/** Scan and follow after 4 s, then watch for a minute. */
async function login(path: string, fault: FaultKind, times: number, ms?: number): Promise<string> {
  const { harness, sandbox } = withClouds();
  const browser = await harness.begin();
  const stream = await browser.stream();
  await harness.clock.advance(4_000);
  sandbox.faults.add({ path, fault, times, ...(ms === undefined ? {} : { ms }) });
  assert.ok('text' in browser.attempt.qr);
  await sandbox.phone.scan(browser.attempt.qr.text, 'alice');
  await sandbox.phone.follow('alice');
  await harness.clock.advance(60_000);
  assert.ok(stream.statuses.length <= 2, 'no status is told twice');
  return browser.claimed();
}

test('any one fault of a status query leaves the login whole', async () => {
  for (const fault of ['drop', 'html', 'error', 'lose-answer', 'http-500', 'http-429', 'hang'] as const) {
    assert.equal(await login(STATUS, fault, 1), '200', fault);
  }
  for (const ms of [1_500, 3_000]) assert.equal(await login(STATUS, 'delay', 1, ms), '200', `delay ${ms}`);
});

test('any five faults of status queries in a row do too', async () => {
  for (const fault of ['drop', 'html', 'http-500', 'lose-answer'] as const)
    assert.equal(await login(STATUS, fault, 5), '200', fault);
});

test('a fault of the exchange either leaves the login whole or ends it as lost, never in between', async () => {
  assert.equal(await login(EXCHANGE, 'drop', 1), '200'); // it never arrived
  assert.equal(await login(EXCHANGE, 'http-429', 2), '200'); // Authing did not look at it
  assert.equal(await login(EXCHANGE, 'delay', 1, 3_000), '200');
  assert.equal(await login(EXCHANGE, 'html', 1), '200');
  assert.equal(await login(EXCHANGE, 'lose-answer', 1), '410 exchange_lost'); // spent, and nobody has the tokens
});
