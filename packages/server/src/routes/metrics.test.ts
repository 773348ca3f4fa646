import assert from 'node:assert/strict';
import test from 'node:test';
import { Harness } from '../../test/harness.ts';
import { ok } from '../../test/scripted-authing.ts';

const token = 't'.repeat(32);
const read = (harness: Harness, address: string | undefined, headers: Record<string, string> = {}) =>
  harness.request('/metrics', { headers: { origin: null, ...headers }, ...(address === undefined ? {} : { address }) });

test('this machine itself may read, everybody else needs the token', async () => {
  const harness = new Harness({ metricsToken: token });
  for (const address of ['127.0.0.1', '127.9.9.9', '::1'])
    assert.equal((await read(harness, address)).status, 200, address);
  for (const address of ['192.0.2.1', '::2', '12.7.0.1', undefined]) {
    assert.equal((await read(harness, address)).status, 401, String(address));
  }
  assert.equal((await read(harness, '192.0.2.1', { authorization: `Bearer ${token}` })).status, 200);
  for (const wrong of [`Bearer ${token}x`, `Bearer ${token.slice(1)}`, token, 'Bearer ', `Basic ${token}`]) {
    assert.equal((await read(harness, '192.0.2.1', { authorization: wrong })).status, 401, wrong);
  }
});

test('behind a proxy, loopback is the proxy and counts for nothing', async () => {
  const harness = new Harness({ metricsToken: token });
  for (const name of ['x-forwarded-for', 'forwarded', 'x-real-ip']) {
    assert.equal((await read(harness, '127.0.0.1', { [name]: '' })).status, 401, name);
    assert.equal((await read(harness, '127.0.0.1', { [name]: '127.0.0.1' })).status, 401, name);
  }
  const closed = new Harness();
  assert.equal((await read(closed, '192.0.2.1', { authorization: 'Bearer null' })).status, 401);
});

test('it tells of attempts, looks, problems and streams, in Prometheus’ words', async () => {
  const harness = new Harness();
  const browser = await harness.begin();
  harness.authing.script.status = [ok({ status: 'SCANNED' })];
  await browser.stream();
  await harness.clock.advance(3_000);
  await browser.claim('x');
  const response = await read(harness, '127.0.0.1');
  assert.equal(response.headers.get('content-type'), 'text/plain; version=0.0.4; charset=utf-8');
  const text = await response.text();
  const value = (line: string): number =>
    Number(
      text
        .split('\n')
        .find((one) => one.startsWith(`wechat_follow_login_${line} `))
        ?.split(' ')[1],
    );
  assert.equal(value('attempts_created_total'), 1);
  assert.equal(value('attempts_moved_total{status="scanned"}'), 1);
  assert.equal(value('problems_total{code="verifier_mismatch"}'), 1);
  assert.equal(value('streams_open'), 1);
  assert.ok(value('looks_total{outcome="answered"}') >= 1);
  for (const line of text.trimEnd().split('\n')) assert.match(line, /^(# (HELP|TYPE) \w+ .+|\w+(\{\w+="\w+"\})? \d+)$/);
});
