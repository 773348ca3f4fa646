// A shop's page and a companion on two origins of loopback. The companion answers after a fixed time: what is measured is the page.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { root } from '../../tools/local.mjs';

const DROP_IN = '/wechat-follow-login.min.js';
/** With some text: a page that people see has its fonts loaded. */
const PAGE = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Paint</title>
<script type="module" src="${DROP_IN}"></script>
<body style="font-family: system-ui, sans-serif"><h1>Sign in</h1><p>Welcome back.</p><button>Another way</button></body></html>`;

async function listen(handler) {
  const server = createServer(handler);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, origin: `http://127.0.0.1:${server.address().port}` };
}

/** @returns {Promise<{ page: string, endpoint: string, close(): void }>} */
export async function startServers({ delay }) {
  const dropIn = readFileSync(path.join(root, 'packages/element/dist', DROP_IN));
  const shop = await listen((request, response) => {
    const isScript = request.url === DROP_IN;
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
    response.end(isScript ? dropIn : request.url === '/' ? PAGE : '');
  });
  let codes = 0;
  const companion = await listen(async (request, response) => {
    response.setHeader('access-control-allow-origin', request.headers.origin ?? '');
    response.setHeader('vary', 'origin');
    if (request.method === 'OPTIONS') {
      response.setHeader('access-control-allow-headers', 'authorization, content-type, last-event-id');
      response.setHeader('access-control-allow-methods', 'GET, POST, DELETE');
      response.setHeader('access-control-max-age', '600');
      return response.writeHead(204).end();
    }
    if (request.method === 'DELETE') return response.writeHead(204).end();
    if (request.method === 'GET') {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
      return response.write(`retry: 3000\n\nid: 0\nevent: snapshot\ndata: ${JSON.stringify(SNAPSHOT)}\n\n`);
    }
    request.resume();
    await sleep(delay);
    response.writeHead(201, { 'content-type': 'application/json', 'cache-control': 'no-store' });
    response.end(JSON.stringify(attempt(++codes)));
  });
  return {
    page: `${shop.origin}/`,
    endpoint: `${companion.origin}/wechat-login`,
    close() {
      for (const { server } of [shop, companion]) {
        server.close();
        server.closeAllConnections();
      }
    },
  };
}

const SNAPSHOT = { seq: 0, status: 'pending', expiresIn: 120, newFollower: null, user: null, error: null };

/** Another code each time, as long as WeChat's are. */
const attempt = (number) => ({
  id: `a${number}`,
  watchToken: `w${number}`,
  expiresIn: 120,
  qr: { text: `http://weixin.qq.com/q/02${String(number * 7_919).padStart(20, 'AbCdEfGhIjKlMnOpQrSt')}` },
  confirmNumber: null,
  account: { name: 'Example', avatar: null },
  snapshot: SNAPSHOT,
});
