import assert from 'node:assert/strict';
import test from 'node:test';
import { withPushes } from '../clouds.ts';
import { PushLine } from '../push-line.ts';
import { OPENID, scanOf, sealed, textSaying } from '../pushes.ts';

const OWNER = 'https://owner.example/handler?own=CANARY-owner-secret';

test('no log line, no answer to a browser and no address of ours holds an openid, a ticket, a text or the query of a push', async () => {
  const { harness, sandbox, tickets, outside } = withPushes({
    confirm: 'number',
    ownerUrl: OWNER,
    onPush: () => Promise.reject(new Error(`a host's own words: ${OPENID}`)),
  });
  const urls: string[] = [];
  const seen: string[] = [];
  const toClouds = outside.fetch;
  outside.fetch = (input, init) => {
    if (String(input).startsWith('https://owner.example'))
      return Promise.reject(new TypeError(`no route to ${String(input)}`));
    urls.push(String(input));
    return toClouds(input, init);
  };
  const secrets = new Set<string>([OPENID, 'CANARY-owner-secret']);
  const line = new PushLine(harness);
  const send = async (fields: Record<string, string>, more = {}): Promise<void> => {
    const { query, body } = sealed(fields, { now: harness.clock.now(), ...more });
    for (const name of ['signature', 'msg_signature', 'nonce', 'openid']) secrets.add(query.get(name)!);
    const answer = line.post(query, body);
    await harness.clock.advance(10);
    await answer;
  };
  const browser = await harness.begin();
  const stream = await browser.stream();
  for (const ticket of tickets) secrets.add(ticket);
  for (const user of ['bob', 'xiaomei']) secrets.add(sandbox.phone.view(user).user.openid);
  const bob = sandbox.phone.view('bob').user.openid;
  await send(scanOf('x'), { account: { wechatToken: 'Wrong01' } });
  await send(scanOf('x'), { account: { wechatAppId: 'wxother' } });
  await send(scanOf(tickets[0]!), { openid: bob });
  await send(scanOf(tickets[0]!), { openid: OPENID });
  await send(textSaying('CANARY a private message'), { openid: bob });
  secrets.add('CANARY a private message');
  await send(textSaying(browser.attempt.confirmNumber!), { openid: bob });
  await harness.clock.advance(2_000);
  assert.equal(stream.statuses.at(-1), 'authorized');
  seen.push(stream.text, JSON.stringify(await browser.snapshot()), ...harness.log, ...urls);
  const refusal = await harness.companion.fetch(
    new Request('https://login.example/wechat-login/wechat/push', { method: 'POST' }),
  );
  seen.push(await refusal.text(), JSON.stringify([...refusal.headers]));
  assert.ok(seen.length > 20 && secrets.size > 15, `${seen.length} ${secrets.size}`);
  for (const text of seen) {
    for (const secret of secrets) assert.ok(!text.includes(secret), `${secret} in ${text.slice(0, 300)}`);
  }
});
