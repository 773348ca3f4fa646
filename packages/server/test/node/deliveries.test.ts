import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import test, { type TestContext } from 'node:test';
import { jwtVerify } from 'jose';
import { SANDBOX_DEFAULTS } from '../../../sandbox/src/index.ts';
import { serveSandbox } from '../../../sandbox/src/node.ts';
import { clearLogin, readLogin, type CookieLogin } from '../../src/index.ts';
import { readQr } from '../read-qr.ts';

/* The command itself, over sockets: a page that logs in, and the host's back end that learns of it. */

const cli = fileURLToPath(new URL('../../src/cli.ts', import.meta.url));
const API_KEY = randomBytes(24).toString('base64url');
const SECRETS = randomBytes(32).toString('hex');

interface Running {
  /** The companion's origin. */
  origin: string;
  base: string;
  sandbox: Awaited<ReturnType<typeof serveSandbox>>;
  log(): string;
}

/** With delivery `cookie` page and companion are one origin, so its port has to be known before it starts. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function served(t: TestContext, env: Record<string, string>, pages: string[] = []): Promise<Running> {
  const sandbox = await serveSandbox();
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const child = spawn(process.execPath, ['--import', 'tsx', cli, 'serve'], {
    env: {
      PATH: process.env.PATH,
      PORT: String(port),
      COMPANION_SECRETS: SECRETS,
      ALLOWED_ORIGINS: [origin, ...pages].join(','),
      AUTHING_APP_HOST: sandbox.url,
      AUTHING_APP_ID: SANDBOX_DEFAULTS.appId,
      AUTHING_APP_SECRET: SANDBOX_DEFAULTS.appSecret,
      AUTHING_QR_HOSTS: '127.0.0.1',
      LOG_LEVEL: 'debug',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (out += chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (err += chunk));
  const closed = once(child, 'close');
  t.after(async () => {
    child.kill('SIGTERM');
    await closed;
    await sandbox.close();
  });
  while (!out.includes('\n')) await Promise.race([once(child.stdout, 'data'), closed.then(() => assert.fail(err))]);
  return { origin, base: `${origin}/wechat-login`, sandbox, log: () => err };
}

/** A page of `origin`: begins, is scanned and followed, claims. `claim` may be called again. */
async function logIn({ base, sandbox: { sandbox } }: Running, origin: string) {
  const verifier = randomBytes(32).toString('base64url');
  const challenge = createHash('sha256').update(verifier).digest('base64url');
  const headers = { origin, 'content-type': 'application/json' };
  const created = await fetch(`${base}/attempts`, { method: 'POST', headers, body: JSON.stringify({ challenge }) });
  assert.equal(created.status, 201);
  const { id, watchToken, qr } = (await created.json()) as { id: string; watchToken: string; qr: { text: string } };
  await sandbox.phone.scan(await readQr(qr), 'alice');
  await sandbox.phone.follow('alice');
  const authorization = `Bearer ${watchToken}`;
  for (let seq = 0; seq < 3;) {
    const look = await fetch(`${base}/attempts/${id}?wait=20&after=${seq}`, { headers: { authorization } });
    ({ seq } = (await look.json()) as { seq: number });
  }
  const claim = (): Promise<Response> =>
    fetch(`${base}/attempts/${id}/claim`, {
      method: 'POST',
      headers: { ...headers, authorization },
      body: JSON.stringify({ verifier }),
    });
  return { claim, secrets: [verifier, watchToken] };
}

/** What a server of the host's, with nothing but the secrets, makes of a request with these cookies. */
async function atTheBackEnd(t: TestContext, cookie: string): Promise<CookieLogin | null> {
  const server = createHttpServer((request, response) =>
    response.end(JSON.stringify(readLogin(request, { secrets: SECRETS }))),
  ).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return (await (await fetch(`http://127.0.0.1:${port}/`, { headers: { cookie } })).json()) as CookieLogin | null;
}

test('DELIVERY=code: the page gets a code, the back end tokens that verify, and the log neither', async (t) => {
  const page = 'http://shop.localhost:5173';
  const running = await served(t, { DELIVERY: 'code', API_KEY }, [page]);
  const { base } = running;
  const { claim, secrets } = await logIn(running, page);
  const result = (await (await claim()).json()) as { delivery: string; code: string; user: { sub: string } };
  assert.deepEqual(Object.keys(result).sort(), ['code', 'delivery', 'expiresIn', 'user']);
  assert.equal(((await (await claim()).json()) as { code: string }).code, result.code);
  const redeem = (key: string): Promise<Response> =>
    fetch(`${base}/codes/redeem`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ code: result.code }),
    });
  assert.equal((await redeem(API_KEY.toUpperCase())).status, 401);
  const answers = await Promise.all(Array.from({ length: 8 }, () => redeem(API_KEY)));
  assert.deepEqual(answers.map(({ status }) => status).sort(), [200, ...Array<number>(7).fill(410)]);
  const body = (await answers.find(({ status }) => status === 200)!.json()) as {
    tokens: Record<string, string>;
    user: { sub: string };
  };
  const idToken = body.tokens.id_token!;
  const key = new TextEncoder().encode(SANDBOX_DEFAULTS.appSecret);
  const { payload } = await jwtVerify(idToken, key, { algorithms: ['HS256'] });
  assert.deepEqual([payload.sub, payload.aud, body.user], [result.user.sub, SANDBOX_DEFAULTS.appId, result.user]);
  assert.equal(body.tokens.refresh_token, undefined);
  assert.match(running.log(), /code\.redeemed/);
  for (const secret of [...secrets, result.code, API_KEY, idToken, body.tokens.access_token!])
    assert.ok(!running.log().includes(secret));
});

test('DELIVERY=cookie: the back end reads from the request who signed in, and drops the cookie', async (t) => {
  const neighbour = 'http://127.0.0.1:5173';
  const running = await served(t, { DELIVERY: 'cookie' }, [neighbour]);
  const { claim, secrets } = await logIn(running, running.origin);
  const answer = await claim();
  assert.equal(answer.status, 200);
  const result = (await answer.json()) as { user: { sub: string } };
  assert.deepEqual(Object.keys(result).sort(), ['delivery', 'user']);
  const [setCookie] = answer.headers.getSetCookie();
  const cookie = setCookie!.split(';')[0]!;
  const login = await atTheBackEnd(t, `theme=dark; ${cookie}`);
  assert.equal(login?.sub, result.user.sub);
  const age = login!.exp - Date.now() / 1000;
  assert.ok(age > 240 && age <= 300, String(age));
  assert.equal(await atTheBackEnd(t, clearLogin().split(';')[0]!), null);
  for (const secret of [...secrets, cookie.split('=')[1]!]) assert.ok(!running.log().includes(secret));

  const other = await logIn(running, neighbour);
  const refused = await other.claim();
  assert.deepEqual([refused.status, refused.headers.getSetCookie()], [403, []]);
  assert.equal(((await refused.json()) as { code: string }).code, 'origin_not_allowed');
});
