import assert from 'node:assert/strict';
import test from 'node:test';
import { ask, fakeClock, settle } from '../../test/support.ts';
import type { UrlCheck } from '../index.ts';
import { createSandbox } from '../index.ts';
import { signatureFits } from './crypto.ts';

const PUSH_URL = 'https://companion.example/push?own=1';

type Answer = (echostr: string, request: Request) => Response | Promise<Response>;

const checkOf = (answer: Answer): Promise<UrlCheck> =>
  createSandbox({
    pushUrl: PUSH_URL,
    fetch: async (input, init) => {
      const url = new URL(String(input));
      return answer(url.searchParams.get('echostr') ?? '', new Request(url, init));
    },
  }).verifyUrl();

test('the URL is asked with a signed, decimal echostr in the clear, and passes when it echoes just that', async () => {
  const sandbox = createSandbox();
  const check = await checkOf((echostr, request) => {
    const { searchParams: query } = new URL(request.url);
    assert.equal(request.method, 'GET');
    assert.equal(request.headers.get('user-agent'), 'Mozilla/4.0');
    assert.deepEqual([...query.keys()], ['own', 'signature', 'echostr', 'timestamp', 'nonce']);
    assert.match(echostr, /^\d{19}$/);
    const parts = {
      token: sandbox.account.wechatToken,
      timestamp: query.get('timestamp') ?? '',
      nonce: query.get('nonce') ?? '',
    };
    assert.ok(signatureFits(parts, query.get('signature') ?? ''));
    return new Response(echostr);
  });
  assert.deepEqual(check, { ok: true });
});

test('every other answer fails, and the reason says what is wrong with it', async () => {
  const answers: [RegExp, Answer][] = [
    [/HTTP 403.*Token/, () => new Response(null, { status: 403 })],
    [/HTTP 500/, (echostr) => new Response(echostr, { status: 500 })],
    [/redirects \(HTTP 301\)/, () => new Response(null, { status: 301 })],
    [/no quotes or newline/, (echostr) => new Response(`"${echostr}"`)],
    [/no quotes or newline/, (echostr) => new Response(`${echostr}\n`)],
    [/not echostr but "\d+"/, (echostr) => new Response(String(Number(echostr)))],
    [/not echostr but "success"/, () => new Response('success')],
    [/cannot be reached/, () => Promise.reject(new TypeError('fetch failed'))],
  ];
  for (const [reason, answer] of answers) {
    const check = await checkOf(answer);
    assert.ok(!check.ok);
    assert.match(check.reason, reason);
  }
});

test('a URL that does not answer within 5 s fails', async () => {
  const clock = fakeClock();
  const sandbox = createSandbox({ clock, pushUrl: PUSH_URL, fetch: () => new Promise<never>(() => {}) });
  const check = sandbox.verifyUrl();
  await settle();
  await clock.advance(5000);
  assert.deepEqual(await check, { ok: false, reason: 'no answer within 5 s' });
});

test('over HTTP, and without a push URL, it is the events endpoint of Authing that is asked', async () => {
  const { body, http } = await ask(createSandbox(), 'POST', '/sandbox/wechat/verify-url');
  assert.equal(http, 200);
  assert.deepEqual(body, { ok: true });
});
