import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

export interface SiteFile {
  status: number;
  type: string;
  body: string | Uint8Array;
}

const TYPES: Record<string, string> = {
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
};
/** Names without dots of their own: none leads out of the folder. */
const OWN = /^\/(?:gallery\/)?[\w-]+\.(css|js|svg)$/;
/** The element comes from the build, as a site would copy it. */
const ELEMENT = '/wechat-follow-login.min.js';

/** Everything the site serves beside its pages. */
export async function readSiteFile(pathname: string): Promise<SiteFile> {
  if (pathname === ELEMENT) return readElement();
  const type = TYPES[OWN.exec(pathname)?.[1] ?? ''];
  const body = type && (await readFile(new URL(`../public${pathname}`, import.meta.url)).catch(() => null));
  return body ? { status: 200, type: type!, body } : plain(404, 'There is nothing here');
}

async function readElement(): Promise<SiteFile> {
  const file = new URL(`../../../packages/element/dist${ELEMENT}`, import.meta.url);
  try {
    return { status: 200, type: TYPES.js!, body: await readFile(file) };
  } catch {
    return plain(500, `${fileURLToPath(file)} cannot be read; run npm run build`);
  }
}

function plain(status: number, body: string): SiteFile {
  return { status, type: 'text/plain; charset=utf-8', body };
}
