import { pngOf } from '../picture/png.ts';
import { qrMatrix } from '../picture/qr-matrix.ts';
import type { Call, Route, World } from '../world.ts';
import type { LoginCode, LoginCodes } from './login-codes.ts';

/** Another host that reaches the same handler: how private deployments serve their pictures. */
function otherHost(base: string): string {
  const url = new URL(base);
  if (url.hostname === '127.0.0.1') url.hostname = 'localhost';
  else if (url.hostname === 'localhost') url.hostname = '127.0.0.1';
  else url.hostname = `cdn.${url.hostname}`;
  return url.origin;
}

/** `url` of a code, in the form the switch O2 gives it. */
export function pictureUrl({ switches, account }: World, code: LoginCode, base: string): string {
  const form = switches.get('O2');
  const path = `/user-contentsqrcode/${account.userPoolId}/${encodeURIComponent(code.imageName)}.png`;
  if (form === 'text') return code.wechat.url;
  if (form === 'showqrcode') return `${base}/cgi-bin/showqrcode?ticket=${encodeURIComponent(code.wechat.ticket)}`;
  if (form === 'other-cdn') return otherHost(base) + path;
  return base + path;
}

export function pictureRoutes({ switches, account }: World, codes: LoginCodes): Route[] {
  const show =
    (followed: boolean) =>
    ({ base, params: [pool, name] }: Call) => {
      const code = pool === account.userPoolId ? codes.byImageName(name ?? '') : undefined;
      if (!code) return new Response('NoSuchKey', { status: 404 });
      if (switches.get('O2') === 'redirect' && !followed) {
        const location = `${base}/redirected/user-contentsqrcode/${pool}/${encodeURIComponent(name ?? '')}.png`;
        return new Response(null, { status: 302, headers: { location } });
      }
      const cors = switches.get('O2') === 'no-cors' ? null : { 'access-control-allow-origin': '*' };
      return new Response(new Uint8Array(pngOf(qrMatrix(code.wechat.url))), {
        headers: { 'content-type': 'image/png', 'cache-control': 'max-age=2592000', ...cors },
      });
    };
  return [
    { method: 'GET', path: /^\/user-contentsqrcode\/([^/]+)\/([^/]+)\.png$/, handle: show(false) },
    { method: 'GET', path: /^\/redirected\/user-contentsqrcode\/([^/]+)\/([^/]+)\.png$/, handle: show(true) },
  ];
}
