import assert from 'node:assert/strict';
import test from 'node:test';
import { ask, createCode, exchange, fakeClock, qrTextOf, settle, statusOf, statusPath } from '../test/support.ts';
import { createSandbox } from './index.ts';
import type { FaultKind } from './index.ts';

const PATH = '/api/v3/get-qrcode-status';
const EXCHANGE = '/api/v3/exchange-tokenset-with-qrcode-ticket';

const broken = (fault: FaultKind) => {
  const clock = fakeClock();
  const sandbox = createSandbox({ clock });
  sandbox.faults.add({ path: PATH, fault, ms: 1500, times: 1 });
  return { clock, sandbox, call: () => ask(sandbox, 'GET', statusPath('x')) };
};

test('each fault answers in its own way, as often as asked, and then is over', async () => {
  const expected: Partial<Record<FaultKind, [http: number, statusCode: number | undefined]>> = {
    html: [502, undefined],
    error: [200, 500],
    'http-500': [500, 500],
    'http-429': [429, 429],
  };
  for (const [fault, answer] of Object.entries(expected)) {
    const { sandbox, call } = broken(fault as FaultKind);
    const { http, body } = await call();
    assert.deepEqual([http, body.statusCode], answer, fault);
    assert.equal((await call()).body.statusCode, 404, fault);
    assert.equal(sandbox.log.calls[0]?.status, http);
  }
});

test('drop breaks the connection', async () => {
  const { call, sandbox } = broken('drop');
  await assert.rejects(call, TypeError);
  assert.equal(sandbox.log.calls[0]?.status, 'lost');
});

test('delay processes the request after its time', async () => {
  const { call, clock } = broken('delay');
  let answered = false;
  const answer = call().then(() => {
    answered = true;
  });
  await clock.advance(1499);
  assert.equal(answered, false);
  await clock.advance(1);
  await answer;
});

test('hang ends when the caller gives up, or the sandbox closes', async () => {
  const first = broken('hang');
  const abort = new AbortController();
  const request = new Request(`https://app.example${PATH}`, { signal: abort.signal });
  const hanging = assert.rejects(first.sandbox.fetch(request), TypeError);
  await settle();
  abort.abort();
  await hanging;

  const second = broken('hang');
  const call = assert.rejects(second.call(), TypeError);
  await settle();
  second.sandbox.close();
  await call;
});

test('lose-answer does what was asked and loses the answer', async () => {
  const sandbox = createSandbox();
  const code = await createCode(sandbox);
  await sandbox.phone.scan(qrTextOf(code), 'bob');
  const { ticket } = await statusOf(sandbox, code.qrcodeId);
  sandbox.faults.add({ path: EXCHANGE, fault: 'lose-answer', times: 1 });
  await assert.rejects(exchange(sandbox, ticket ?? ''), TypeError);
  assert.equal((await exchange(sandbox, ticket ?? '')).body.statusCode, 400);
});

test('faults are set and cleared over HTTP; mistakes are all named', async () => {
  const sandbox = createSandbox();
  const bad = await ask(sandbox, 'POST', '/sandbox/faults', { path: 'x', fault: 'explode', times: 0 });
  assert.equal(bad.http, 400);
  assert.equal((bad.body as unknown as { mistakes: string[] }).mistakes.length, 3);
  await ask(sandbox, 'POST', '/sandbox/faults', { path: PATH, fault: 'http-500' });
  assert.equal((await ask(sandbox, 'GET', statusPath('x'))).http, 500);
  assert.equal((await ask(sandbox, 'DELETE', '/sandbox/faults')).http, 204);
  assert.equal((await ask(sandbox, 'GET', statusPath('x'))).http, 200);
});
