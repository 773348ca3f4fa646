import { jwtVerify, SignJWT } from 'jose';

export const SESSION = '__Host-session';
const HOURS = 8;

/** Value of a `Set-Cookie`; without a user it ends the session. */
export async function sessionCookie(sub: string | null): Promise<string> {
  const [value, seconds] = sub === null ? ['', 0] : [await seal(sub), HOURS * 3600];
  return `${SESSION}=${value}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=${seconds}`;
}

/** Read when it is needed: a build has no secrets. */
function key(): Uint8Array {
  const secret = process.env.SESSION_SECRET ?? '';
  if (secret.length < 32) throw new Error('SESSION_SECRET: expected at least 32 characters');
  return new TextEncoder().encode(secret);
}

function seal(sub: string): Promise<string> {
  return new SignJWT().setProtectedHeader({ alg: 'HS256' }).setSubject(sub).setExpirationTime(`${HOURS}h`).sign(key());
}

/** Whose session it is; null where there is none. */
export async function openSession(value: string | undefined): Promise<string | null> {
  if (!value) return null;
  const session = await jwtVerify(value, key(), { algorithms: ['HS256'] }).catch(() => null);
  return session?.payload.sub ?? null;
}
