import { clearLogin, readLogin } from '@wechat-follow-login/server';
import { sessionCookie } from '../../lib/session';

/** Begins the session of whoever has just signed in: the companion's cookie says who that is. */
export async function POST(request: Request): Promise<Response> {
  const login = readLogin(request, { secrets: process.env.COMPANION_SECRETS! });
  if (!login) return new Response(null, { status: 401 });
  // Its cookie is good once: who signs out within five minutes would else be signed in again by it. Both by hand, since
  // Next's `cookies()` would take the place of a Set-Cookie that it does not know.
  const headers = new Headers({ 'set-cookie': clearLogin() });
  headers.append('set-cookie', await sessionCookie(login.sub));
  return new Response(null, { status: 204, headers });
}

export async function DELETE(): Promise<Response> {
  return new Response(null, { status: 204, headers: { 'set-cookie': await sessionCookie(null) } });
}
