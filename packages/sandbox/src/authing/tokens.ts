import { createHash } from 'node:crypto';
import { SignJWT, exportJWK, generateKeyPair, importJWK, jwtVerify } from 'jose';
import type { CryptoKey, JWK } from 'jose';
import { seconds } from '../clock.ts';
import { randomText } from '../random-text.ts';
import type { World } from '../world.ts';
import type { Person } from '../wechat/people.ts';
import { idTokenClaims, userIdOf, v2User } from './users.ts';

const ACCESS_TOKEN_SECONDS = 7200;
/** Two weeks, as in Authing's sample. */
const ID_TOKEN_SECONDS = 1_209_600;
const SCOPE = 'openid profile';

interface SigningKey {
  privateKey: CryptoKey;
  publicKey: CryptoKey;
  publicJwk: JWK;
  kid: string;
}

async function importPair(jwk: JWK): Promise<SigningKey> {
  const { kty, n, e } = jwk;
  if (kty !== 'RSA' || !n || !e || !jwk.d) throw new TypeError('option "keys" must be a private RSA JWK');
  const publicJwk: JWK = { kty, n, e, alg: 'RS256', use: 'sig', kid: jwk.kid ?? keyIdOf(n) };
  const [privateKey, publicKey] = await Promise.all([importJWK(jwk, 'RS256'), importJWK(publicJwk, 'RS256')]);
  if (privateKey instanceof Uint8Array || publicKey instanceof Uint8Array)
    throw new TypeError('option "keys" must be RSA');
  return { privateKey, publicKey, publicJwk, kid: publicJwk.kid ?? '' };
}

const keyIdOf = (modulus: string) => createHash('sha256').update(modulus).digest('base64url');

async function generate(): Promise<SigningKey> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  return importPair(await exportJWK(privateKey));
}

export interface TokenAnswer {
  scope?: string;
  access_token: string;
  id_token?: string;
  refresh_token?: string;
  token_type: string;
  expire_in?: number;
  expires_in?: number;
}

export interface Tokens {
  jwks(): Promise<{ keys: JWK[] }>;
  /** `data` of the exchange, as the switches under O14 shape it. */
  tokenSet(person: Person, base: string): Promise<TokenAnswer>;
  /** The V2 user object with its own HS256 token. */
  v2UserWithToken(person: Person, base: string): Promise<object>;
  /** `sub` of one of our access tokens that still lives, else null. */
  subjectOf(accessToken: string): Promise<string | null>;
}

export function createTokens(world: World, keys?: JWK): Tokens {
  const { account, switches, clock, random } = world;
  let pending: Promise<SigningKey> | null = null;
  const signingKey = () => (pending ??= keys ? importPair(keys) : generate());
  const secretKey = () => new TextEncoder().encode(account.appSecret);

  const accessToken = async (person: Person, issuer: string) => {
    const { privateKey, kid } = await signingKey();
    const now = seconds(clock);
    return new SignJWT({ jti: randomText(random, 43), sub: userIdOf(person.openid), scope: SCOPE })
      .setProtectedHeader({ typ: 'JWT', alg: 'RS256', kid })
      .setIssuer(issuer)
      .setAudience(account.appId)
      .setIssuedAt(now)
      .setExpirationTime(now + ACCESS_TOKEN_SECONDS)
      .sign(privateKey);
  };

  const idToken = async (person: Person, base: string) => {
    const now = seconds(clock);
    const unsigned = new SignJWT(idTokenClaims(world, person, base))
      .setIssuer(`${base}/oidc`)
      .setAudience(account.appId)
      .setIssuedAt(now)
      .setExpirationTime(now + ID_TOKEN_SECONDS);
    if (switches.get('O14-id-token') === 'hs256') {
      return unsigned.setProtectedHeader({ alg: 'HS256', typ: 'JWT' }).sign(secretKey());
    }
    const { privateKey, kid } = await signingKey();
    return unsigned.setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid }).sign(privateKey);
  };

  return {
    jwks: async () => ({ keys: [(await signingKey()).publicJwk] }),
    tokenSet: async (person, base) => {
      const optional = switches.get('O14-optional') === 'present';
      const life = switches.get('O14');
      return {
        ...(optional ? { scope: SCOPE } : {}),
        access_token: await accessToken(person, `${base}/oidc`),
        ...(switches.get('O14-id-token') === 'absent' ? {} : { id_token: await idToken(person, base) }),
        ...(optional ? { refresh_token: randomText(random, 43) } : {}),
        token_type: switches.get('O14-token-type') === 'lower' ? 'bearer' : 'Bearer',
        ...(life === 'expire-in' ? { expire_in: ACCESS_TOKEN_SECONDS } : {}),
        ...(life === 'expires-in' ? { expires_in: ACCESS_TOKEN_SECONDS } : {}),
      };
    },
    v2UserWithToken: async (person, base) => {
      const now = seconds(clock);
      const user = v2User(world, person, base);
      const token = await new SignJWT({ data: { id: user.id, userPoolId: user.userPoolId } })
        .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
        .setIssuedAt(now)
        .setExpirationTime(now + ID_TOKEN_SECONDS)
        .sign(secretKey());
      return { ...user, token, tokenExpiredAt: new Date((now + ID_TOKEN_SECONDS) * 1000).toISOString() };
    },
    subjectOf: async (token) => {
      const { publicKey } = await signingKey();
      try {
        const { payload } = await jwtVerify(token, publicKey, {
          algorithms: ['RS256'],
          audience: account.appId,
          currentDate: new Date(clock.now()),
        });
        return payload.sub ?? null;
      } catch {
        return null;
      }
    },
  };
}
