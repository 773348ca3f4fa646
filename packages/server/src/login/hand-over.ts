import type { ClaimResult } from '@wechat-follow-login/protocol';
import type { Clock, Store, VerifiedLogin } from '../ports.ts';
import type { KeyRing } from '../seal.ts';
import { REPLAYED, type Attempt } from './attempt.ts';
import type { Codes } from './codes.ts';
import type { Results } from './result.ts';

/** What a claim was given, and when first (unix milliseconds). */
export interface HandedOver {
  at: number;
  result: ClaimResult;
}

/** Handing a held login over by the configured delivery: the first time, and the same again to a repeated claim. */
export interface HandOver {
  /** Of many at once one makes the answer, and all get it. Null when it cannot be kept. */
  first(attempt: Attempt, login: VerifiedLogin): Promise<HandedOver | null>;
  /** What was given before, within 60 s of the first time. */
  again(attempt: Attempt): Promise<HandedOver | null>;
  /** Nothing more is given, and a code that nobody has redeemed yet is dead. */
  destroy(attempt: Attempt): Promise<void>;
}

export function createHandOver(deps: {
  delivery: ClaimResult['delivery'];
  deliverRefreshToken: boolean;
  store: Store;
  results: Results;
  codes: Codes;
  keys: KeyRing;
  clock: Clock;
}): HandOver {
  const { delivery, deliverRefreshToken, store, results, codes, keys, clock } = deps;
  const keyOf = (attempt: Attempt): string => `handed-over:${attempt.id}`;

  /** With `code` and `cookie` the browser's answer holds no token, so neither does what is kept of it. */
  const compose = async (attempt: Attempt, login: VerifiedLogin): Promise<ClaimResult> => {
    const { user } = login;
    const tokens = { ...login.tokens };
    if (!deliverRefreshToken) delete tokens.refresh_token;
    switch (delivery) {
      case 'tokens':
        return { delivery, user, tokens };
      case 'code': {
        const code = await codes.issue(attempt.id, { user, tokens }, REPLAYED);
        return { delivery, user, code, expiresIn: REPLAYED / 1000 };
      }
      case 'cookie':
        return { delivery, user };
    }
  };

  const open = (sealed: string | null, attempt: Attempt): HandedOver | null => {
    const text = sealed === null ? null : keys.open('handed-over', sealed, attempt.id);
    if (text === null) return null;
    const { at, result } = JSON.parse(text) as HandedOver;
    if (result.delivery !== 'code') return { at, result };
    const left = Math.ceil((at + REPLAYED - clock.now()) / 1000);
    return { at, result: { ...result, expiresIn: Math.min(Math.max(left, 0), REPLAYED / 1000) } };
  };

  return {
    async first(attempt, login) {
      const mine = { at: clock.now(), result: await compose(attempt, login) };
      // Before the answer is kept, so that a process that dies in between leaves no result that outlives the answer.
      await results.shorten(attempt, REPLAYED);
      const sealed = keys.seal('handed-over', JSON.stringify(mine), attempt.id);
      const held = await store.holdFirst(keyOf(attempt), sealed, REPLAYED);
      // The code was redeemable before anybody could know it; the other way round a claim that comes late would make a
      // redeemed one good again. So of two claims at once one has made a code too many.
      if (held !== sealed && mine.result.delivery === 'code') await codes.withdraw(mine.result.code);
      await results.destroy(attempt);
      return open(held, attempt);
    },
    again: async (attempt) => open(await store.peek(keyOf(attempt)), attempt),
    async destroy(attempt) {
      await results.destroy(attempt);
      const given = open(await store.take(keyOf(attempt)), attempt);
      if (given?.result.delivery === 'code') await codes.withdraw(given.result.code);
    },
  };
}
