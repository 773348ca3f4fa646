import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { documentOf, DROP_IN } from './scripted-page.ts';

export interface Site {
  /** `http://127.0.0.1:PORT`: give it to the companion as an allowed origin. */
  origin: string;
  /** What the page at `/` holds: the body's markup. */
  body: string;
  close(): Promise<void>;
}

/**
 * A shop without headers of its own, for what the demo's strict page does not allow: other companions, other markup, and
 * a page that may be cached. `/elsewhere` has nothing of ours.
 */
export async function serveSite(): Promise<Site> {
  const server = createServer((request, response) => {
    const html = { 'content-type': 'text/html; charset=utf-8' };
    if (request.url === '/') response.writeHead(200, html).end(documentOf(site.body));
    else if (request.url === '/elsewhere') response.writeHead(200, html).end('<!doctype html><title>Elsewhere</title>');
    else if (request.url === '/wechat-follow-login.min.js') {
      response.writeHead(200, { 'content-type': 'text/javascript' }).end(readFileSync(DROP_IN));
    } else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const site: Site = {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    body: '',
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return site;
}

export const tag = (endpoint: string, more = ''): string =>
  `<wechat-follow-login endpoint="${endpoint}" ${more}></wechat-follow-login>`;
