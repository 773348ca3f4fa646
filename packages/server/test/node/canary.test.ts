import assert from 'node:assert/strict';
import test from 'node:test';
import { SANDBOX_DEFAULTS } from '../../../sandbox/src/index.ts';
import { withClouds } from '../clouds.ts';
import { PAGE, type Browser, type Harness } from '../harness.ts';

/** Every string inside a JSON value that is long enough to be a secret, by the name of its field. */
function strings(value: unknown, into: Map<string, string>, name = ''): void {
  if (typeof value === 'string' && value.length >= 16) into.set(value, name);
  else if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value)) strings(inner, into, key);
  }
}

const SECRET_FIELDS = new Set(['qrcodeId', 'ticket', 'access_token', 'id_token', 'refresh_token', 'url']);

test('no answer, stream, log line or URL ever holds the QR id, a ticket, a token or the app secret, the claim’s body aside', async () => {
  const secrets = new Map<string, string>([[SANDBOX_DEFAULTS.appSecret, 'appSecret']]);
  const seen: Array<{ where: string; text: string }> = [];
  const { harness, sandbox } = withClouds({ switches: { O8: 'short', O9: 'full' } }, { account: { name: 'Example' } });
  // Everything that Authing tells the companion, heard on the way.
  const hear = sandbox.fetch;
  sandbox.fetch = async (request) => {
    const response = await hear(request);
    const found = new Map<string, string>();
    strings(
      await response
        .clone()
        .json()
        .catch(() => null),
      found,
    );
    for (const [value, name] of found) {
      if (!SECRET_FIELDS.has(name)) continue;
      secrets.set(value, name);
      if (name === 'url') secrets.set(value.slice(value.lastIndexOf('/') + 1).replace('.png', ''), 'WeChat ticket');
    }
    return response;
  };
  // Everything that the companion tells a browser, heard on the way.
  const answer = harness.companion.fetch;
  harness.companion.fetch = async (request, peer) => {
    seen.push({ where: 'URL', text: request.url });
    const response = await answer.call(harness.companion, request, peer);
    seen.push({ where: 'headers', text: JSON.stringify([...response.headers]) });
    const isClaim = request.url.endsWith('/claim') && response.status === 200;
    if (!response.headers.get('content-type')?.includes('event-stream') && !isClaim) {
      seen.push({ where: `${request.method} ${new URL(request.url).pathname}`, text: await response.clone().text() });
    }
    return response;
  };

  const browser = await harness.begin();
  const stream = await browser.stream();
  await misbehave(harness, browser);
  const { qr } = browser.attempt;
  assert.ok('text' in qr);
  await sandbox.phone.scan(qr.text, 'alice');
  await harness.clock.advance(2_500);
  await browser.snapshot();
  await sandbox.phone.follow('alice');
  await harness.clock.advance(10_000);
  assert.equal(stream.statuses.at(-1), 'authorized');
  const claim = await browser.claim();
  const result = await claim.text();
  await harness.clock.advance(1_000);
  await browser.cancel();
  await browser.claim();
  seen.push({ where: 'stream', text: stream.text });
  seen.push(...harness.log.map((text) => ({ where: 'log', text })));

  // The walk was a real one: the claim's own body does hold tokens, and many secrets were heard.
  const names = new Set(secrets.values());
  for (const name of ['qrcodeId', 'ticket', 'WeChat ticket', 'access_token', 'id_token', 'refresh_token', 'appSecret'])
    assert.ok(names.has(name), name);
  assert.ok(result.includes([...secrets].find(([, name]) => name === 'id_token')![0]));
  assert.ok(!result.includes([...secrets].find(([, name]) => name === 'refresh_token')![0]));
  assert.ok(seen.length > 30 && seen.some(({ where }) => where === 'log'));
  secrets.set(browser.verifier, 'verifier');
  secrets.set(browser.attempt.watchToken, 'watchToken');
  for (const { where, text } of seen) {
    for (const [value, name] of secrets) {
      if (name === 'watchToken' && where === 'POST /wechat-login/attempts') continue; // where it is handed out
      // The start of an address is only its host.
      const forms = name === 'url' ? [value] : [value, encodeURIComponent(value), value.slice(0, 24)];
      for (const form of forms) {
        assert.ok(!text.includes(form), `${where} holds the ${name}`);
      }
    }
  }
});

/** Every call with something wrong about it. */
async function misbehave(harness: Harness, browser: Browser): Promise<void> {
  for (const suffix of ['', '/events', '/claim', '/nothing', '?wait=x']) {
    const cases: Array<Record<string, string | null>> = [
      { authorization: null },
      { authorization: 'Bearer wrong' },
      { origin: 'https://evil.example' },
      {},
    ];
    for (const headers of cases) {
      for (const method of ['GET', 'POST', 'DELETE']) {
        if (suffix === '' && method === 'DELETE') continue; // that would cancel the attempt
        if (suffix === '/events' && method === 'GET') continue; // that would take over its stream
        if (suffix === '?wait=x' && method !== 'GET') continue;
        const body = method === 'POST' ? { body: { verifier: 'A'.repeat(43) } } : {};
        await browser.call(suffix, { method, headers: { 'content-type': 'text/plain', ...headers }, ...body });
      }
    }
  }
  await harness.request('/attempts', {
    method: 'POST',
    headers: { origin: PAGE, 'content-type': 'application/json' },
    body: '{',
  });
}
