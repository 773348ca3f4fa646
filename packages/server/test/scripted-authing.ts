import { readFileSync } from 'node:fs';
import { SignJWT } from 'jose';

export const APP = { host: 'https://app.authing.example', id: 'app-id-1', secret: 'app-secret-0123456789abcdef012345' };

const fixtures = JSON.parse(readFileSync(new URL('./fixtures/wechat-tickets.json', import.meta.url), 'utf8')) as Array<{
  ticket: string;
  url: string;
}>;
/** A real ticket and the text of its QR code. */
export const TICKET = fixtures[20]!;

/** What one call is answered: a body (HTTP 200), a whole answer, or an error thrown at the caller. */
type Scripted = { body: unknown } | { response: Response } | { error: Error } | { silent: true };

export const ok = (data: unknown): Scripted => ({ body: { statusCode: 200, message: 'ok', requestId: 'r', data } });
export const refused = (statusCode: number, apiCode?: number, message = 'no'): Scripted => ({
  body: { statusCode, message, apiCode, data: null },
});
export const lost: Scripted = { error: new TypeError('fetch failed') };
export const silent: Scripted = { silent: true };

const QRCODE_ID = `${TICKET.ticket.slice(0, 57)}`;
const PATHS = {
  create: '/api/v3/gene-qrcode',
  status: '/api/v3/get-qrcode-status',
  oldStatus: '/api/v3/check-qrcode-status',
  exchange: '/api/v3/exchange-tokenset-with-qrcode-ticket',
} as const;
type Name = keyof typeof PATHS;

/**
 * Answers Authing's calls from a script. It knows no rules: each list is used up from its front, its last entry is
 * repeated. (The sandbox is the oracle that knows rules; this is for answers it would not give.)
 */
export class ScriptedAuthing {
  readonly script: Record<Name, Scripted[]> = {
    create: [ok({ qrcodeId: QRCODE_ID, url: `https://files.authing.co/user-contentsqrcode/p/${TICKET.ticket}.png` })],
    status: [ok({ status: 'PENDING', ticket: null })],
    oldStatus: [{ response: new Response('not found', { status: 404 }) }],
    exchange: [],
  };
  readonly calls: Array<{ name: Name | string; init: RequestInit; url: URL }> = [];

  count(name: Name): number {
    return this.calls.filter((call) => call.name === name).length;
  }

  /** Bound, to be handed on as `fetch`. */
  readonly fetch = async (input: string | URL | Request, init: RequestInit = {}): Promise<Response> => {
    const url = new URL(input instanceof Request ? input.url : input);
    const name = (Object.keys(PATHS) as Name[]).find((key) => PATHS[key] === url.pathname);
    this.calls.push({ name: name ?? url.pathname, init, url });
    if (!name) return new Response('not found', { status: 404 });
    const list = this.script[name];
    const next = list.length > 1 ? list.shift()! : list[0];
    if (!next) throw new Error(`the script says nothing of ${name}`);
    if ('error' in next) throw next.error;
    if ('silent' in next) {
      return new Promise<Response>((_, reject) =>
        init.signal?.addEventListener('abort', () => reject(new Error('aborted'))),
      );
    }
    return 'response' in next ? next.response.clone() : Response.json(next.body);
  };
}

/** A token set as Authing's exchange answers it, its id_token signed with the app secret. `claims` overrides. */
export async function tokenSet(
  now: number,
  claims: Record<string, unknown> = {},
  more: Record<string, unknown> = {},
): Promise<Record<string, unknown>> {
  const seconds = Math.floor(now / 1000);
  const idToken = await new SignJWT({
    iss: `${APP.host}/oidc`,
    aud: APP.id,
    sub: 'user-1',
    name: '小明',
    iat: seconds,
    exp: seconds + 3600,
    ...claims,
  })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .sign(new TextEncoder().encode(APP.secret));
  return {
    scope: 'openid profile',
    access_token: 'access-token-CANARY',
    id_token: idToken,
    refresh_token: 'refresh-token-CANARY',
    token_type: 'bearer',
    expire_in: 7200,
    ...more,
  };
}
