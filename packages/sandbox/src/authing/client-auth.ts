import type { World } from '../world.ts';

export interface Credentials {
  method: 'post' | 'basic' | 'none';
  id: string;
  secret: string;
}

/** What the caller sent: Basic carries `appId:appSecret` raw, not percent-encoded as OAuth would have it. */
export function readCredentials(request: Request, body: Record<string, unknown>): Credentials {
  const basic = /^Basic\s+(\S+)$/i.exec(request.headers.get('authorization') ?? '')?.[1];
  if (basic !== undefined) {
    const text = Buffer.from(basic, 'base64').toString();
    const colon = text.indexOf(':');
    return { method: 'basic', id: text.slice(0, Math.max(colon, 0)), secret: text.slice(colon + 1) };
  }
  const secret = body['client_secret'];
  if (typeof secret === 'string') return { method: 'post', id: String(body['client_id'] ?? ''), secret };
  return { method: 'none', id: '', secret: '' };
}

/** Whether they are what the application's setting 换取 token 身份验证方式 asks for (the switch O15). */
export function credentialsFit({ account, switches }: World, { method, id, secret }: Credentials): boolean {
  const wanted = switches.get('O15');
  if (wanted === 'none') return method === 'none' || switches.get('O15-secret-under-none') === 'accepted';
  return method === wanted && id === account.appId && secret === account.appSecret;
}
