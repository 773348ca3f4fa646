import { createServer, type Server, type ServerResponse } from 'node:http';
import { galleryPolicy, renderGallery } from './gallery-page.ts';
import { listenFrom } from './listen-from.ts';
import { pagePolicy, renderPage, type Neighbours } from './page.ts';
import { readSiteFile } from './site-files.ts';
import { chooseLanguage } from './words.ts';

export interface DemoSite {
  /** `http://127.0.0.1:PORT` */
  origin: string;
  /** The shop's page is served only once its neighbours are known. */
  meet(neighbours: Neighbours): void;
  close(): Promise<void>;
}

/** Serves the shop from the first free port at `port` or above. */
export async function serveDemoSite(port: number): Promise<DemoSite> {
  let neighbours: Neighbours | null = null;
  const server: Server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const language = chooseLanguage(url.searchParams.get('lang'), request.headers['accept-language']);
    if (url.pathname === '/' && neighbours) {
      sendPage(response, pagePolicy(neighbours), renderPage(language, neighbours));
    } else if (url.pathname === '/gallery') {
      sendPage(response, galleryPolicy, renderGallery(language));
    } else void sendFile(response, url.pathname);
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

function sendPage(response: ServerResponse, policy: string, html: string): void {
  response.setHeader('content-security-policy', policy);
  send(response, 200, 'text/html; charset=utf-8', html);
}

async function sendFile(response: ServerResponse, pathname: string): Promise<void> {
  const { status, type, body } = await readSiteFile(pathname);
  send(response, status, type, body);
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
