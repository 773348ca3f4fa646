import { readFile } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { fileURLToPath } from 'node:url';
import { listenFrom } from './listen-from.ts';
import { contentSecurityPolicy, renderPage, type Neighbours } from './page.ts';
import { chooseLanguage } from './words.ts';

const own = (name: string): URL => new URL(`../public/${name}`, import.meta.url);

/** Everything the site serves beside its page. The element comes from the build, as a site would copy it. */
const FILES = new Map<string, [file: URL, type: string]>([
  ['/site.css', [own('site.css'), 'text/css; charset=utf-8']],
  ['/site.js', [own('site.js'), 'text/javascript; charset=utf-8']],
  ['/phone-camera.js', [own('phone-camera.js'), 'text/javascript; charset=utf-8']],
  ['/leaf.svg', [own('leaf.svg'), 'image/svg+xml']],
  [
    '/wechat-follow-login.min.js',
    [
      new URL('../../../packages/element/dist/wechat-follow-login.min.js', import.meta.url),
      'text/javascript; charset=utf-8',
    ],
  ],
]);

export interface DemoSite {
  /** `http://127.0.0.1:PORT` */
  origin: string;
  /** The page is served only once its neighbours are known. */
  meet(neighbours: Neighbours): void;
  close(): Promise<void>;
}

/** Serves the shop from the first free port at `port` or above. */
export async function serveDemoSite(port: number): Promise<DemoSite> {
  let neighbours: Neighbours | null = null;
  const server: Server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    if (url.pathname === '/' && neighbours) {
      const language = chooseLanguage(url.searchParams.get('lang'), request.headers['accept-language']);
      response.setHeader('content-security-policy', contentSecurityPolicy(neighbours));
      send(response, 200, 'text/html; charset=utf-8', renderPage(language, neighbours));
      return;
    }
    void sendFile(response, url.pathname);
  });
  const taken = await listenFrom(server, port);
  return {
    origin: `http://127.0.0.1:${taken}`,
    meet: (found) => {
      neighbours = found;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function sendFile(response: ServerResponse, pathname: string): Promise<void> {
  const found = FILES.get(pathname);
  if (!found) return send(response, 404, 'text/plain; charset=utf-8', 'There is nothing here');
  const [file, type] = found;
  try {
    send(response, 200, type, await readFile(file));
  } catch {
    send(response, 500, 'text/plain; charset=utf-8', `${fileURLToPath(file)} cannot be read; run npm run build`);
  }
}

function send(response: ServerResponse, status: number, type: string, body: string | Uint8Array): void {
  response.writeHead(status, {
    'content-type': type,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
  });
  response.end(body);
}
