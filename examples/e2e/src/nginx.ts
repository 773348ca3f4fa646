import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePortFrom } from '../../demo/src/listen-from.ts';
import { until } from './until.ts';
import type { Proxy } from './proxy.ts';

/** As much as nginx needs to run beside everything else: nothing outside `dir`, in the foreground. */
const configuration = (dir: string, port: number, upstream: URL, location: string): string => `
pid ${dir}/pid;
error_log stderr warn;
worker_processes 1;
events { worker_connections 64; }
http {
  access_log off;
  client_body_temp_path ${dir}/body;
  proxy_temp_path ${dir}/proxy;
  fastcgi_temp_path ${dir}/fastcgi;
  uwsgi_temp_path ${dir}/uwsgi;
  scgi_temp_path ${dir}/scgi;
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://${upstream.host};
      ${location}
    }
  }
}
`;

/** Debian puts it where only root looks. */
export function findNginx(): string | undefined {
  return ['nginx', '/usr/sbin/nginx'].find((exe) => spawnSync(exe, ['-v'], { stdio: 'ignore' }).status === 0);
}

/** `location`: further directives for the companion's place. */
export async function startNginx(exe: string, upstream: URL, location: string): Promise<Proxy> {
  const dir = mkdtempSync(path.join(tmpdir(), 'nginx-'));
  const port = await freePortFrom(0);
  const file = path.join(dir, 'nginx.conf');
  writeFileSync(file, configuration(dir, port, upstream, location));
  const child = spawn(exe, ['-p', dir, '-e', 'stderr', '-c', file, '-g', 'daemon off;'], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const origin = `http://127.0.0.1:${port}`;
  await until('nginx listens', () =>
    fetch(origin).then(
      () => true,
      () => false,
    ),
  );
  return {
    name: 'nginx',
    origin,
    async stop() {
      child.kill('SIGTERM');
      await ended;
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
