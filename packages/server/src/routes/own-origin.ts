import type { Call } from '../http.ts';
import { isSafeOrigin } from '../options.ts';

/**
 * Whether the page that calls is of the companion's own origin. A cookie is the browser's, whatever page asked for it: another
 * listed origin, a sibling subdomain say, could otherwise have somebody's login put into the browser of a visitor of ours.
 *
 * Behind a proxy the companion does not know what it is called. The browser does: `Sec-Fetch-Site` is its own verdict, no
 * page can set it, and scheme and port count. Browsers before 2023 do not send it; for them the origin, listed and
 * sealed as it is, must also be where the request says it was sent to. `Host` can only refuse: a page can set neither it nor,
 * across origins, `X-Forwarded-Host`, which is not among the headers that CORS lets through.
 */
export function isFromOwnOrigin(call: Pick<Call, 'header' | 'host'>): boolean {
  const origin = call.header('origin');
  // Browsers send it with every POST.
  if (origin === null || !isSafeOrigin(origin)) return false;
  const verdict = call.header('sec-fetch-site');
  return verdict === null ? isSentTo(origin, call) : verdict === 'same-origin';
}

function isSentTo(origin: string, { header, host }: Pick<Call, 'header' | 'host'>): boolean {
  const { protocol } = new URL(origin);
  // Of several proxies the first one has met the browser.
  const forwarded = header('x-forwarded-host')?.split(',')[0]!.trim();
  return [forwarded, host].some(
    (name) => name && URL.canParse(`${protocol}//${name}`) && originOf(protocol, name) === origin,
  );
}

/** `shop.example:443` is what https calls `shop.example`. */
function originOf(protocol: string, name: string): string {
  return new URL(`${protocol}//${name}`).origin;
}
