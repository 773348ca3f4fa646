import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { serveSandbox } from './node.ts';

const post = async (url: string, body: object, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });

test('everything is there over HTTP: code, phone, tokens that verify against the served keys', async (t) => {
  const { url, sandbox, close } = await serveSandbox();
  t.after(close);
  const { appId, appSecret } = sandbox.account;
  const app = { 'x-authing-app-id': appId };
  const created = await post(`${url}/api/v3/gene-qrcode`, { type: 'WECHAT_OFFICIAL_ACCOUNT' }, app);
  const { data: code } = (await created.json()) as { data: { qrcodeId: string; url: string } };
  assert.ok(code.url.startsWith(`${url}/user-contentsqrcode/`));
  assert.equal((await fetch(code.url)).headers.get('content-type'), 'image/png');

  sandbox.switches.set({ O2: 'text' });
  const { data: textual } = (await (
    await post(`${url}/api/v3/gene-qrcode`, { type: 'WECHAT_OFFICIAL_ACCOUNT' }, app)
  ).json()) as { data: { qrcodeId: string; url: string } };
  const scanned = await post(`${url}/sandbox/phone/scan`, { text: textual.url, user: 'newcomer' });
  assert.equal(((await scanned.json()) as { screen: string }).screen, 'profile');
  await post(`${url}/sandbox/phone/follow`, { user: 'newcomer' });

  const status = await fetch(`${url}/api/v3/get-qrcode-status?qrcodeId=${textual.qrcodeId}`, { headers: app });
  const { data } = (await status.json()) as { data: { ticket: string } };
  const body = { ticket: data.ticket, client_id: appId, client_secret: appSecret };
  const exchanged = await post(`${url}/api/v3/exchange-tokenset-with-qrcode-ticket`, body, app);
  const tokens = ((await exchanged.json()) as { data: { access_token: string } }).data;
  const keys = createRemoteJWKSet(new URL(`${url}/oidc/.well-known/jwks.json`));
  await jwtVerify(tokens.access_token, keys, { issuer: `${url}/oidc`, audience: appId });
});

test('a phone request that lacks something is told what', async (t) => {
  const { url, close } = await serveSandbox();
  t.after(close);
  const answer = await post(`${url}/sandbox/phone/scan`, { text: '' });
  assert.equal(answer.status, 400);
  assert.match(await answer.text(), /\\"text\\".*\\"user\\"/);
});

test('the phone page loads under its own policy', async (t) => {
  const { url, close } = await serveSandbox();
  t.after(close);
  const page = await fetch(`${url}/phone`);
  assert.match(page.headers.get('content-security-policy') ?? '', /default-src 'none'; script-src 'self'/);
  const html = await page.text();
  assert.doesNotMatch(html, /<script(?! type="module" src="\/phone\/app\.js">)|<style|\son\w+=|\sstyle=/);
  for (const part of ['/phone/app.js', '/phone/style.css', '/sandbox/avatar.svg']) {
    assert.equal((await fetch(url + part)).status, 200, part);
  }
});

test('a broken connection is a destroyed socket', async (t) => {
  const { url, sandbox, close } = await serveSandbox();
  t.after(close);
  sandbox.faults.add({ path: '/api/v3/get-profile', fault: 'drop' });
  await assert.rejects(fetch(`${url}/api/v3/get-profile`), TypeError);
});

test('a push goes out over HTTP with the headers of the platform and no others', async (t) => {
  const received: { headers: IncomingHttpHeaders; body: string }[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    received.push({ headers: request.headers, body });
    response.end('success');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const { sandbox, close } = await serveSandbox({ pushUrl: `http://127.0.0.1:${port}/push` });
  t.after(async () => {
    await close();
    server.close();
  });
  await sandbox.phone.follow('alice');
  await sandbox.phone.settled();
  assert.deepEqual(received[0]?.headers, {
    'user-agent': 'Mozilla/4.0',
    accept: '*/*',
    'content-type': 'text/xml',
    pragma: 'no-cache',
    connection: 'close',
    'content-length': String(Buffer.byteLength(received[0]?.body ?? '')),
    host: `127.0.0.1:${port}`,
  });
  assert.equal(sandbox.log.pushes[0]?.outcome, 200);
});

test('a slow push keeps its length and its headers over HTTP', async (t) => {
  const received: { length: string | undefined; body: string }[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    received.push({ length: request.headers['content-length'], body });
    response.end('success');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const { sandbox, close } = await serveSandbox({
    pushUrl: `http://127.0.0.1:${port}/push`,
    tamper: [{ tamper: 'slow', ms: 40 }],
  });
  t.after(async () => {
    await close();
    server.close();
  });
  await sandbox.phone.follow('alice');
  await sandbox.phone.settled();
  assert.equal(received.length, 1);
  assert.equal(received[0]?.length, String(Buffer.byteLength(received[0]?.body ?? '')));
  assert.match(received[0]?.body ?? '', /^<xml>\n {4}<ToUserName>.*\n {4}<Encrypt>.*\n<\/xml>\n$/);
});

const cli = (...args: string[]) =>
  spawn(process.execPath, ['--import', 'tsx', fileURLToPath(new URL('cli.ts', import.meta.url)), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });

test('the command says where it listens, obeys its switches, and stops on SIGTERM', async (t) => {
  const child = cli('--port', '0', '--switch', 'O3=http-404', '--mode', 'compatible');
  t.after(() => child.kill('SIGKILL'));
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const url = /^sandbox ready (http:\/\/127\.0\.0\.1:\d+)\n$/.exec(String(line))?.[1];
  assert.ok(url, String(line));
  const [settings] = (await once(child.stderr, 'data')) as [Buffer];
  assert.match(
    String(settings),
    new RegExp(`AUTHING_APP_HOST=${url}\\nAUTHING_APP_ID=\\w+\\nAUTHING_APP_SECRET=\\S{32}`),
  );
  const switches = (await (await fetch(`${url}/sandbox/switches`)).json()) as { name: string; value: string }[];
  assert.equal(switches.find(({ name }) => name === 'O3')?.value, 'http-404');
  child.kill('SIGTERM');
  assert.deepEqual(await once(child, 'exit'), [0, null]);
});

test('the command verifies the push URL at start and says what is wrong with it', async (t) => {
  const server = createServer((request, response) => {
    const echostr = new URL(request.url ?? '/', 'http://receiver').searchParams.get('echostr');
    response.end(request.url?.startsWith('/good') ? echostr : 'success');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  t.after(() => server.close());
  for (const [path, expected] of [
    ['good', /push URL: verified/],
    ['bad', /push URL: NOT verified: .*"success"[^]*curl/],
  ] as const) {
    const child = cli('--push-url', `http://127.0.0.1:${port}/${path}`, '--tamper', 'duplicate=2');
    let told = '';
    await new Promise<void>((resolve) => {
      child.stderr.on('data', (chunk: Buffer) => {
        told += String(chunk);
        if (told.includes('push URL: ')) resolve();
      });
      child.once('exit', () => resolve());
    });
    child.kill('SIGTERM');
    await once(child, 'close');
    assert.match(told, expected);
  }
});

test('all wrong flags are named at once, with exit code 2', async () => {
  const wrong = ['--port', 'x', '--bogus', '--mode=loud', '--switch', 'O3=never', '--push-url', 'ftp://x', 'stray'];
  const child = cli(...wrong, '--tamper', 'magic', '--tamper=slow=soon');
  let told = '';
  child.stderr.on('data', (chunk: Buffer) => (told += String(chunk)));
  const [code] = (await once(child, 'close')) as [number];
  assert.equal(code, 2);
  for (const named of ['--port', '--bogus', '--mode', 'O3', '--push-url', 'stray', '"magic"', '"times"'])
    assert.ok(told.includes(named), named);
});
