import assert from 'node:assert/strict';
import test from 'node:test';
import { settle } from '../../test/fake-clock.ts';
import { Harness } from '../../test/harness.ts';
import { lost, ok, refused, ScriptedAuthing, silent } from '../../test/scripted-authing.ts';

const pending = ok({ status: 'PENDING' });

test('nobody listens, nobody looks', async () => {
  const harness = new Harness();
  await harness.begin();
  await harness.clock.advance(120_000);
  assert.equal(harness.authing.count('status'), 0);
});

test('many listeners of one attempt share one look every two seconds', async () => {
  const harness = new Harness();
  const browser = await harness.begin();
  for (let i = 0; i < 10; i++) void browser.snapshot('?wait=25&after=0');
  await browser.stream();
  await harness.clock.advance(20_000);
  const looks = harness.authing.count('status');
  assert.ok(looks >= 9 && looks <= 11, String(looks));
});

test('plain looks within two seconds of the last one do not ask Authing', async () => {
  const harness = new Harness();
  const browser = await harness.begin();
  for (let i = 0; i < 20; i++) await browser.snapshot();
  assert.equal(harness.authing.count('status'), 0); // the code is fresh
  await harness.clock.advance(2001);
  for (let i = 0; i < 20; i++) await browser.snapshot();
  assert.equal(harness.authing.count('status'), 1);
});

test('a plain look waits for a slow Authing one second, and the next one finds what came', async () => {
  let release = (_: Response): void => {};
  const late = new Promise<Response>((resolve) => (release = resolve));
  const scripted = new ScriptedAuthing();
  const isStatus = (input: unknown): boolean => String(input).includes('get-qrcode-status');
  const harness = new Harness({ fetch: (input, init) => (isStatus(input) ? late : scripted.fetch(input, init)) });
  const browser = await harness.begin();
  await harness.clock.advance(5000);
  let seen = '';
  void browser.snapshot().then(({ status }) => (seen = status));
  await harness.clock.advance(999);
  assert.equal(seen, '');
  await harness.clock.advance(1);
  assert.equal(seen, 'pending');
  release(Response.json({ statusCode: 200, data: { status: 'SCANNED' } }));
  await settle();
  assert.equal((await browser.snapshot()).status, 'scanned');
});

test('failed looks are invisible, back off, and the login still comes', async () => {
  const harness = new Harness();
  const browser = await harness.begin();
  const html = { response: new Response('<html>oops</html>', { status: 502 }) };
  harness.authing.script.status = [lost, html, refused(500), refused(499, 9999, '?'), ok({ status: 'SCANNED' })];
  const stream = await browser.stream();
  await harness.clock.advance(10_000);
  assert.deepEqual(stream.statuses, ['pending']);
  await harness.clock.advance(40_000);
  assert.deepEqual(stream.statuses, ['pending', 'scanned']);
  const failures = harness.log.filter((line) => line.includes('authing.status_failed'));
  assert.equal(failures.length, 4);
});

test('a look that is never answered ends after its deadline, and the next one is made', async () => {
  const harness = new Harness();
  const browser = await harness.begin();
  harness.authing.script.status = [silent, ok({ status: 'SCANNED' })];
  const stream = await browser.stream();
  await harness.clock.advance(20_000);
  assert.deepEqual(stream.statuses, ['pending', 'scanned']);
});

test('when Authing throttles, all attempts together ask less', async () => {
  const harness = new Harness({ pollBudget: 8 });
  const browsers = await Promise.all(Array.from({ length: 16 }, () => harness.begin()));
  for (const browser of browsers) await browser.stream();
  await harness.clock.advance(10_000);
  const usual = harness.authing.count('status');
  assert.ok(usual >= 60 && usual <= 96, String(usual));
  harness.authing.script.status = [refused(429), pending];
  await harness.clock.advance(3_000);
  const slowed = harness.authing.count('status') - usual;
  assert.ok(slowed >= 4 && slowed <= 14, `${slowed} instead of 24`);
});

test('the older endpoint takes over where the current one is missing, and is kept once it proved itself', async () => {
  const notThere = { response: new Response('Cannot GET', { status: 404 }) };
  for (const missing of [notThere, refused(404)]) {
    const harness = new Harness();
    const browser = await harness.begin();
    harness.authing.script.status = [missing];
    harness.authing.script.oldStatus = [{ body: { status: 'PENDING', ticket: null } }, { body: { status: 'SCANNED' } }];
    const stream = await browser.stream();
    await harness.clock.advance(6_000);
    assert.deepEqual(stream.statuses, ['pending', 'scanned']);
    assert.equal(harness.authing.count('status'), 1);
  }
});

test('an unknown code that answers 404 does not switch the endpoint', async () => {
  const harness = new Harness();
  const gone = await harness.begin();
  harness.authing.script.status = [refused(404), pending];
  harness.authing.script.oldStatus = [refused(404)];
  await harness.clock.advance(3000);
  assert.equal((await gone.snapshot()).status, 'expired');
  const next = await harness.begin();
  await harness.clock.advance(3000);
  assert.equal((await next.snapshot()).status, 'pending');
  assert.equal(harness.authing.count('oldStatus'), 1);
});

test('the QR id goes out percent-encoded, and only to the status endpoints', async () => {
  const harness = new Harness();
  harness.authing.script.create = [ok({ qrcodeId: 'a+b/c=d&e', url: 'http://weixin.qq.com/q/02abcdefghijklmnopqr12' })];
  const browser = await harness.begin();
  await harness.clock.advance(3000);
  await browser.snapshot();
  const { url } = harness.authing.calls.at(-1)!;
  assert.equal(url.searchParams.get('qrcodeId'), 'a+b/c=d&e');
  assert.ok(!url.search.includes('a+b'));
});

test('an AUTHORIZED whose answer was lost is found by the next look', async () => {
  const harness = new Harness();
  const browser = await harness.begin();
  harness.authing.script.status = [pending, lost, ok({ status: 'SCANNED' })];
  const stream = await browser.stream();
  await harness.clock.advance(15_000);
  assert.deepEqual(stream.statuses, ['pending', 'scanned']);
});

test('statuses that go backwards are ignored', async () => {
  const harness = new Harness();
  const browser = await harness.begin();
  harness.authing.script.status = [ok({ status: 'SCANNED' }), pending, ok({ status: 'SOMETHING_NEW' })];
  const stream = await browser.stream();
  await harness.clock.advance(15_000);
  assert.deepEqual(stream.statuses, ['pending', 'scanned']);
});

test('a bare 404 page of some gateway ends no attempt', async () => {
  const harness = new Harness();
  const browser = await harness.begin();
  const page = { response: new Response('<html>404</html>', { status: 404 }) };
  harness.authing.script.status = [page, ok({ status: 'SCANNED' })];
  harness.authing.script.oldStatus = [page];
  const stream = await browser.stream();
  await harness.clock.advance(15_000);
  assert.deepEqual(stream.statuses, ['pending', 'scanned']);
});

test('an absurd Retry-After holds nothing up for longer than ten seconds', async () => {
  const throttled = (after: string) => ({
    response: Response.json({ statusCode: 429 }, { status: 429, headers: { 'retry-after': after } }),
  });
  for (const after of ['3600', '2592000', '0', '', '-1', 'Wed, 21 Oct 2015 07:28:00 GMT']) {
    const harness = new Harness();
    const browser = await harness.begin();
    harness.authing.script.status = [throttled(after), ok({ status: 'SCANNED' })];
    const stream = await browser.stream();
    await harness.clock.advance(16_000);
    assert.deepEqual(stream.statuses, ['pending', 'scanned'], after);
  }
});

test('half a second of 429 for 300 attempts, and every scan is still seen within ten seconds', async () => {
  const harness = new Harness({ pollBudget: 200 });
  const browsers = await Promise.all(Array.from({ length: 150 }, () => harness.begin()));
  const streams = await Promise.all(browsers.map((browser) => browser.stream()));
  harness.authing.script.status = [refused(429)];
  await harness.clock.advance(2_500);
  harness.authing.script.status = [ok({ status: 'SCANNED' })];
  await harness.clock.advance(10_000);
  assert.equal(streams.filter(({ statuses }) => statuses.includes('scanned')).length, 150);
});

test('looks that wait for their turn end with their listeners', async () => {
  const harness = new Harness({ pollBudget: 1 });
  const browsers = await Promise.all(Array.from({ length: 60 }, () => harness.begin()));
  const streams = await Promise.all(browsers.map((browser) => browser.stream()));
  await harness.clock.advance(5_000);
  for (const stream of streams) await stream.leave();
  const before = harness.authing.count('status');
  await harness.clock.advance(100_000);
  assert.ok(harness.authing.count('status') - before <= 1);
  assert.equal(harness.clock.pending, 0);
});

test('streams end with their attempts however scarce the looks are', async () => {
  const harness = new Harness({ pollBudget: 1 });
  const browsers = await Promise.all(Array.from({ length: 60 }, () => harness.begin()));
  const streams = await Promise.all(browsers.map((browser) => browser.stream()));
  await harness.clock.advance(135_000 + 10_000);
  assert.equal(streams.filter(({ ended }) => !ended).length, 0);
});

test('a wall clock that is set back ten minutes stops neither looks nor new attempts', async () => {
  const harness = new Harness();
  const browser = await harness.begin();
  await browser.stream();
  harness.clock.stepWall(-600_000);
  const before = harness.authing.count('status');
  await harness.clock.advance(10_000);
  assert.ok(harness.authing.count('status') - before >= 4);
  assert.ok(await harness.begin());
});

test('a log that throws stops nothing', async () => {
  const fail = (): never => {
    throw new Error('the disk is full');
  };
  const harness = new Harness({ log: { debug: fail, info: fail, warn: fail, error: fail } });
  const browser = await harness.begin();
  harness.authing.script.status = [lost, ok({ status: 'SCANNED' })];
  const stream = await browser.stream();
  await harness.clock.advance(10_000);
  assert.deepEqual(stream.statuses, ['pending', 'scanned']);
});

test('a long poll whose peer leaves while a look is under way is let go', async () => {
  const harness = new Harness();
  const browser = await harness.begin();
  await harness.clock.advance(5_000);
  harness.authing.script.status = [silent, pending];
  const leaving = new AbortController();
  const poll = browser.call('?wait=20&after=0', { signal: leaving.signal }).catch(() => null);
  await settle();
  leaving.abort();
  await harness.clock.advance(1_000);
  await poll;
  await harness.clock.advance(30_000);
  assert.equal(harness.authing.count('status'), 1);
  assert.equal(harness.clock.pending, 0);
});
