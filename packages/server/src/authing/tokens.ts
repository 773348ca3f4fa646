import { isRecord, type Tokens, type User } from '@wechat-follow-login/protocol';
import { createRemoteJWKSet, customFetch, decodeJwt, decodeProtectedHeader, jwtVerify, type JWTPayload } from 'jose';
import { UpstreamFault, type Clock, type VerifiedLogin } from '../ports.ts';
import { call, fetchBytes, type Fetch } from './http.ts';
import { httpsUrl, nonEmpty } from './qr-status.ts';

/** Seconds that Authing's clock and ours may differ. */
const CLOCK_TOLERANCE = 30;

/** A token set that is incomplete or does not verify. The message names the fault, never a token. */
export class TokenError extends Error {
  override name = 'TokenError';
}

export interface TokenVerifier {
  /** Throws TokenError for tokens that do not verify, UpstreamFault when the keys cannot be fetched. */
  verify(tokenSet: unknown): Promise<VerifiedLogin>;
}

/**
 * Verifies signature, issuer, audience and expiry of the id_token. The algorithm is bound to the kind of key: HS256 only
 * with the app secret, RS256 only with Authing's published keys; a token's header never chooses across kinds.
 */
export function createTokenVerifier(deps: {
  appHost: string;
  appId: string;
  appSecret: string | null;
  fetch: Fetch;
  clock: Clock;
}): TokenVerifier {
  const { appHost, appId, appSecret, clock } = deps;
  const issuer = `${appHost}/oidc`;
  let jwks: Promise<ReturnType<typeof createRemoteJWKSet>> | null = null;

  /** Discovery once; a failure is forgotten, so that the next login tries again. */
  const remoteKeys = (): Promise<ReturnType<typeof createRemoteJWKSet>> => {
    jwks ??= discoverKeys().catch((error: unknown) => {
      jwks = null;
      throw error;
    });
    return jwks;
  };
  const discoverKeys = async (): Promise<ReturnType<typeof createRemoteJWKSet>> => {
    const answer = await call(deps, new URL(`${issuer}/.well-known/openid-configuration`), {});
    if (answer.httpStatus !== 200) throw new UpstreamFault(`discovery answered HTTP ${answer.httpStatus}`);
    const uri = isRecord(answer.json) ? answer.json.jwks_uri : null;
    if (typeof uri !== 'string' || !URL.canParse(uri)) throw new TokenError('discovery names no jwks_uri');
    // Keys from anywhere else would let whoever can bend one answer of ours sign logins.
    if (new URL(uri).origin !== appHost) throw new TokenError('discovery names a jwks_uri of another origin');
    return createRemoteJWKSet(new URL(uri), {
      [customFetch]: async (url) => {
        const { response, bytes } = await fetchBytes(deps, new URL(url), { headers: { accept: 'application/json' } });
        if (!response.ok) throw new UpstreamFault(`the keys answered HTTP ${response.status}`);
        return new Response(Buffer.from(bytes), { status: 200 });
      },
    });
  };

  const verifyIdToken = async (idToken: string): Promise<JWTPayload & { sub: string }> => {
    const checks = {
      issuer,
      audience: appId,
      requiredClaims: ['exp', 'iat', 'sub'],
      clockTolerance: CLOCK_TOLERANCE,
      currentDate: new Date(clock.now()),
    };
    const alg = algorithmOf(idToken);
    const payload = await (async () => {
      if (alg === 'HS256') {
        if (!appSecret)
          throw new TokenError('the id_token is signed with HS256, and there is no app secret to check it');
        return (await jwtVerify(idToken, new TextEncoder().encode(appSecret), { ...checks, algorithms: ['HS256'] }))
          .payload;
      }
      if (alg === 'RS256')
        return (await jwtVerify(idToken, await remoteKeys(), { ...checks, algorithms: ['RS256'] })).payload;
      throw new TokenError(`the id_token is signed with an algorithm that is not HS256 or RS256`);
    })();
    if (typeof payload.sub !== 'string' || payload.sub === '') throw new TokenError('the id_token names no user');
    return payload as JWTPayload & { sub: string };
  };

  return {
    async verify(tokenSet) {
      if (!isRecord(tokenSet)) throw new TokenError('the answer holds no token set');
      const idToken = requireToken(tokenSet, 'id_token');
      const accessToken = requireToken(tokenSet, 'access_token');
      let claims: JWTPayload & { sub: string };
      try {
        claims = await verifyIdToken(idToken);
      } catch (error) {
        // jose's messages name the claim or check that failed, never a value.
        if (isJoseError(error) && error.code !== 'ERR_JWKS_TIMEOUT')
          throw new TokenError(`the id_token does not verify: ${error.message}`);
        throw error;
      }
      return { tokens: readTokens(tokenSet, accessToken, idToken, clock), user: readUser(claims) };
    },
  };
}

function algorithmOf(jwt: string): string | undefined {
  try {
    return decodeProtectedHeader(jwt).alg;
  } catch {
    throw new TokenError('the id_token is no signed JWT');
  }
}

function isJoseError(error: unknown): error is Error & { code: string } {
  return error instanceof Error && 'code' in error && /^ERR_J/.test(String(error.code));
}

function requireToken(set: Record<string, unknown>, name: string): string {
  const token = set[name];
  if (typeof token !== 'string' || token === '') throw new TokenError(`the token set holds no ${name}`);
  return token;
}

function readTokens(set: Record<string, unknown>, accessToken: string, idToken: string, clock: Clock): Tokens {
  const tokens: Tokens = {
    token_type: 'Bearer',
    access_token: accessToken,
    id_token: idToken,
    expires_in: lifetime(set, accessToken, clock),
  };
  if (typeof set.scope === 'string') tokens.scope = set.scope;
  if (typeof set.refresh_token === 'string') tokens.refresh_token = set.refresh_token;
  return tokens;
}

/** Seconds. `expire_in` at this endpoint, `expires_in` at /oidc/token (Authing), else the access token's own `exp`. */
function lifetime(set: Record<string, unknown>, accessToken: string, clock: Clock): number {
  const said = [set.expires_in, set.expire_in].map((value) => Number(value ?? Number.NaN));
  const usable = said.find((value) => Number.isFinite(value) && value >= 0);
  if (usable !== undefined) return usable;
  try {
    return Math.max(0, (decodeJwt(accessToken).exp ?? 0) - Math.floor(clock.now() / 1000));
  } catch {
    return 0; // an opaque access token of unknown life: the page should refresh it at once
  }
}

function readUser(claims: JWTPayload & { sub: string }): User {
  return {
    sub: claims.sub,
    name: nonEmpty(claims.name) ?? nonEmpty(claims.nickname),
    picture: httpsUrl(claims.picture),
  };
}
