import {
  readFields,
  requireRecord,
  requireSeconds,
  requireString,
  stringOrNull,
  stringOrUndefined,
  WireError,
} from './guard.ts';

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
  const { delivery } = requireRecord(value, 'result');
  switch (delivery) {
    case 'tokens':
      return { delivery, ...readFields(value, 'result', { user: readUser, tokens: readTokens }) };
    case 'code':
      return {
        delivery,
        ...readFields(value, 'result', { user: readUser, code: requireString, expiresIn: requireSeconds }),
      };
    case 'cookie':
      return { delivery, ...readFields(value, 'result', { user: readUser }) };
    default:
      throw new WireError('result.delivery', '"tokens", "code" or "cookie"');
  }
}

const readUser = (value: unknown, field: string): User =>
  readFields(value, field, { sub: requireString, name: stringOrNull, picture: stringOrNull });

const readTokens = (value: unknown, field: string): Tokens =>
  readFields<Tokens>(value, field, {
    token_type: () => 'Bearer',
    access_token: requireString,
    id_token: requireString,
    expires_in: requireSeconds,
    scope: stringOrUndefined,
    refresh_token: stringOrUndefined,
  });
