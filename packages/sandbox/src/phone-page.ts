import { readFile } from 'node:fs/promises';
import { text } from './http.ts';
import { PHONE_HTML } from './phone/page.ts';
import { PHONE_CSS } from './phone/style.ts';
import type { Route } from './world.ts';

/** The page's script is bundled apart (`npm run build`): beside this file in dist, one folder over when run from source. */
const SCRIPT_PLACES = ['./phone.js', '../dist/phone.js'];

const NOT_BUILT = 'document.body.textContent = "The phone page is not built: run npm run build once.";';

/**
 * Nothing but the sandbox itself; pictures may be pasted (blob:, data:). Framing is open: the demo shows the phone beside
 * a site of another origin.
 */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data: blob:; media-src blob:; base-uri 'none'; form-action 'none'";

let script: Promise<string> | null = null;

async function readScript(): Promise<string> {
  for (const place of SCRIPT_PLACES) {
    try {
      return await readFile(new URL(place, import.meta.url), 'utf8');
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    }
  }
  script = null;
  return NOT_BUILT;
}

const ACCOUNT_PICTURE = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><rect width="64" height="64" rx="14" fill="#1aad19"/><path d="M20 34l8 8 17-19" fill="none" stroke="#fff" stroke-width="6" stroke-linecap="round" stroke-linejoin="round"/></svg>`;

const PERSON_PICTURE = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><rect width="64" height="64" fill="#dfe6ee"/><circle cx="32" cy="25" r="11" fill="#7b8ca3"/><path d="M10 58a22 20 0 0 1 44 0z" fill="#7b8ca3"/></svg>`;

export function phonePageRoutes(): Route[] {
  return [
    {
      method: 'GET',
      path: '/phone',
      handle: () => {
        const page = text(PHONE_HTML, 200, 'text/html; charset=utf-8');
        page.headers.set('content-security-policy', POLICY);
        page.headers.set('cache-control', 'no-store');
        return page;
      },
    },
    { method: 'GET', path: '/phone/style.css', handle: () => text(PHONE_CSS, 200, 'text/css; charset=utf-8') },
    {
      method: 'GET',
      path: '/phone/app.js',
      handle: async () => text(await (script ??= readScript()), 200, 'text/javascript; charset=utf-8'),
    },
    { method: 'GET', path: '/sandbox/avatar.svg', handle: () => text(ACCOUNT_PICTURE, 200, 'image/svg+xml') },
    { method: 'GET', path: '/sandbox/person.svg', handle: () => text(PERSON_PICTURE, 200, 'image/svg+xml') },
  ];
}
