import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import test from 'node:test';

const cli = fileURLToPath(new URL('./cli.ts', import.meta.url));
const good = {
  PORT: '0',
  ALLOWED_ORIGINS: 'https://shop.example',
  AUTHING_APP_HOST: 'http://127.0.0.1:9',
  AUTHING_APP_ID: 'app',
  AUTHING_APP_SECRET: 'app-secret-CANARY',
};

function start(args: string[], env: Record<string, string>) {
  const child = spawn(process.execPath, ['--import', 'tsx', cli, ...args], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const heard = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (heard.out += chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (heard.err += chunk));
  return { child, heard, exit: once(child, 'close').then(([code]) => code as number) };
}

test('serve says in one line where it listens, logs to stderr, and ends on SIGTERM', async () => {
  const { child, heard, exit } = start(['serve'], good);
  while (!heard.out.includes('\n')) await once(child.stdout, 'data');
  const base = /^companion ready (http:\/\/127\.0\.0\.1:\d+\/wechat-login)\n$/.exec(heard.out)![1]!;
  assert.equal((await fetch(`${base}/healthz`)).status, 200);
  child.kill('SIGTERM');
  assert.equal(await exit, 0);
  assert.match(heard.err, /secrets\.random/);
  assert.ok(!heard.err.includes('CANARY'));
});

test('wrong settings are all listed by name, and the exit code is 2', async () => {
  const { heard, exit } = start(['serve'], { ...good, ALLOWED_ORIGINS: '', PORT: 'x', AUTHING_APP_ID: '' });
  assert.equal(await exit, 2);
  assert.equal(heard.out, '');
  for (const name of ['ALLOWED_ORIGINS', 'PORT', 'AUTHING_APP_ID'])
    assert.match(heard.err, new RegExp(`^  ${name}: `, 'm'));
});

test('a wrong call shows what there is, version answers the version', async () => {
  for (const args of [[], ['fly'], ['serve', '--port', '1']]) {
    const wrong = start(args, good);
    assert.equal(await wrong.exit, 2);
    assert.match(wrong.heard.err, /serve +run the companion/);
  }
  const version = start(['version'], {});
  assert.equal(await version.exit, 0);
  assert.match(version.heard.out, /^\d+\.\d+\.\d+\n$/);
});

test('a port that is taken is said in one line, exit code 1', async () => {
  const first = start(['serve'], good);
  while (!first.heard.out.includes('\n')) await once(first.child.stdout, 'data');
  const port = new URL(first.heard.out.split(' ')[2]!.trim()).port;
  const second = start(['serve'], { ...good, PORT: port });
  assert.equal(await second.exit, 1);
  assert.match(second.heard.err, /the companion cannot run: .*EADDRINUSE/);
  first.child.kill('SIGKILL');
  await first.exit;
});
