import { requireRecord, requireSeconds, requireString, stringOrNull, WireError } from './guard.ts';

/** Body of `POST /attempts/{id}/claim`. */
export interface ClaimRequest {
  /** 32 random bytes, base64url, 43 chars. */
  verifier: string;
}

/** Who signed in: `sub` is Authing's user id, from the verified id_token. */
export interface User {
  sub: string;
  name: string | null;
  picture: string | null;
}

/** OIDC's own names. `expires_in` in seconds. */
export interface Tokens {
  token_type: 'Bearer';
  access_token: string;
  id_token: string;
  expires_in: number;
  scope?: string;
  /** Only where the operator set DELIVER_REFRESH_TOKEN. */
  refresh_token?: string;
}

/** What the browser gets for its verifier, by the companion's configured delivery. */
export type ClaimResult =
  | { delivery: 'tokens'; user: User; tokens: Tokens }
  | { delivery: 'code'; user: User; code: string; expiresIn: number }
  | { delivery: 'cookie'; user: User };

/** What `POST /codes/redeem` gives the host's back end for a code, once. */
export interface Redemption {
  tokens: Tokens;
  user: User;
}

/** Throws WireError naming the field: a login is announced with a complete result or not at all. */
export function parseClaimResult(value: unknown): ClaimResult {
  const body = requireRecord(value, 'result');
  const user = parseUser(body.user);
  switch (body.delivery) {
    case 'tokens':
      return { delivery: 'tokens', user, tokens: parseTokens(body.tokens) };
    case 'code':
      return {
        delivery: 'code',
        user,
        code: requireString(body.code, 'result.code'),
        expiresIn: requireSeconds(body.expiresIn, 'result.expiresIn'),
      };
    case 'cookie':
      return { delivery: 'cookie', user };
    default:
      throw new WireError('result.delivery', '"tokens", "code" or "cookie"');
  }
}

function parseUser(value: unknown): User {
  const user = requireRecord(value, 'result.user');
  return {
    sub: requireString(user.sub, 'result.user.sub'),
    name: stringOrNull(user.name),
    picture: stringOrNull(user.picture),
  };
}

function parseTokens(value: unknown): Tokens {
  const tokens = requireRecord(value, 'result.tokens');
  const parsed: Tokens = {
    token_type: 'Bearer',
    access_token: requireString(tokens.access_token, 'result.tokens.access_token'),
    id_token: requireString(tokens.id_token, 'result.tokens.id_token'),
    expires_in: requireSeconds(tokens.expires_in, 'result.tokens.expires_in'),
  };
  if (typeof tokens.scope === 'string') parsed.scope = tokens.scope;
  if (typeof tokens.refresh_token === 'string') parsed.refresh_token = tokens.refresh_token;
  return parsed;
}
