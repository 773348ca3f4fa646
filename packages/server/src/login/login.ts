import { createHash, timingSafeEqual } from 'node:crypto';
import { isBase64url32, isProblemCode, type ProblemCode } from '@wechat-follow-login/protocol';
import { CompanionError } from '../errors.ts';
import { shortId } from '../log.ts';
import type { AttemptState, Clock, IssuedCode, Log, Random, Store, Upstream, VerifiedLogin } from '../ports.ts';
import type { Metrics } from '../metrics.ts';
import type { KeyRing } from '../seal.ts';
import { HELD, overAt, REPLAYED, sealAttempt, type Attempt } from './attempt.ts';
import { labelOf } from './browser-label.ts';
import type { Codes } from './codes.ts';
import { newConfirmNumber } from './confirm.ts';
import type { HandedOver, HandOver } from './hand-over.ts';
import type { Progress } from './progress.ts';
import type { Results } from './result.ts';
import type { TicketIndex } from './ticket-index.ts';
import type { Watch } from './watch.ts';

/** The use-cases: begin, claim, redeem, cancel. (Watching is `Watch`.) */
export interface Login {
  begin(request: { challenge: string; locale: string | null; origin: string; userAgent: string | null }): Promise<{
    attempt: Attempt;
    watchToken: string;
    qr: IssuedCode['qr'];
    state: AttemptState;
  }>;
  /** Throws CompanionError: every "no" of the wire's claim. */
  claim(attempt: Attempt, verifier: unknown): Promise<HandedOver>;
  /** What a code stands for, once; null for whatever is no code, or no longer. */
  redeem(code: string): Promise<VerifiedLogin | null>;
  cancel(attempt: Attempt): Promise<void>;
}

/** So many wrong verifiers destroy the result: somebody holds the watchToken who is not the browser that asked. */
const WRONG_VERIFIERS = 5;

export function createLogin(deps: {
  upstream: Upstream;
  store: Store;
  results: Results;
  handOver: HandOver;
  codes: Codes;
  progress: Progress;
  watch: Watch;
  keys: KeyRing;
  clock: Clock;
  random: Random;
  log: Log;
  metrics: Metrics;
  attemptTtl: number;
  /** Null without Mode 2. */
  tickets: TicketIndex | null;
  /** A scan is confirmed in the chat. */
  asksInChat: boolean;
}): Login {
  const { upstream, store, results, handOver, codes, progress, watch, keys, clock, random, log, metrics } = deps;
  const cancelledKey = (attemptId: string): string => `cancelled:${attemptId}`;

  const isCancelled = async (attemptId: string): Promise<boolean> =>
    (await store.peek(cancelledKey(attemptId))) !== null;

  const revoke = async (attempt: Attempt): Promise<void> => {
    // Marked before the result is dropped: a claim or a code that comes between finds one or the other, never a live result.
    await store.hold(cancelledKey(attempt.id), '1', Math.max(overAt(attempt) - clock.now(), HELD + REPLAYED));
    await progress.finish(attempt, 'cancelled', { code: 'attempt_cancelled', retryable: true });
    await handOver.destroy(attempt);
  };

  const refuseWrongVerifier = async (attempt: Attempt): Promise<never> => {
    const wrong = await store.count(`wrong-verifier:${attempt.id}`, Math.max(overAt(attempt) - clock.now(), 1));
    log.warn('claim.verifier_mismatch', { attempt: shortId(attempt.id), wrong });
    if (wrong >= WRONG_VERIFIERS) await revoke(attempt);
    throw new CompanionError('verifier_mismatch');
  };

  const deliver = async (attempt: Attempt): Promise<HandedOver> => {
    // In this order: the result goes when the answer is kept, so one of the two is there.
    const login = await results.read(attempt);
    const before = await handOver.again(attempt);
    if (!login && !before) {
      throw new CompanionError((await isCancelled(attempt.id)) ? 'attempt_cancelled' : 'attempt_expired');
    }
    const { status } = await progress.finish(attempt, 'claimed');
    // Whoever cancelled between our reading the result and this line has won.
    if (status === 'cancelled' || (await isCancelled(attempt.id))) throw new CompanionError('attempt_cancelled');
    if (status !== 'claimed') throw new CompanionError('attempt_expired');
    const given = before ?? (await handOver.first(attempt, login!));
    if (!given) throw new CompanionError('attempt_expired');
    metrics.count('claims');
    return given;
  };

  return {
    async begin({ challenge, locale, origin, userAgent }) {
      const id = random.token(16);
      const { qrcodeId, ticket, qr } = await upstream.issueCode(keys.mac('handle', id));
      if (deps.asksInChat && ticket === null) {
        log.error('confirm.no_ticket', {
          cause: "WECHAT_CONFIRM: the ticket of Authing's code cannot be worked out, so no push could ever be matched",
        });
        throw new CompanionError('upstream_rejected');
      }
      const attempt: Attempt = {
        id,
        qrcodeId,
        ticket,
        challenge,
        origin,
        locale,
        confirmNumber: deps.asksInChat ? newConfirmNumber(random) : null,
        browser: deps.asksInChat ? labelOf(userAgent) : null,
        createdAt: clock.now(),
        ttl: deps.attemptTtl,
      };
      await progress.begin(attempt);
      await deps.tickets?.register(attempt);
      return { attempt, watchToken: sealAttempt(keys, attempt), qr, state: await progress.current(attempt) };
    },

    async claim(attempt, verifier) {
      if (!isTheVerifier(attempt, verifier)) return refuseWrongVerifier(attempt);
      if (await isCancelled(attempt.id)) throw new CompanionError('attempt_cancelled');
      const state = await watch.fresh(attempt);
      switch (state.status) {
        case 'pending':
        case 'scanned':
        case 'confirming':
          throw new CompanionError('not_authorized');
        case 'authorized':
        case 'claimed':
          return deliver(attempt);
        case 'expired':
          throw new CompanionError('attempt_expired');
        case 'cancelled':
          throw new CompanionError('attempt_cancelled');
        case 'step_required':
          throw new CompanionError('step_required');
        case 'failed':
          throw new CompanionError(failureCode(state));
      }
    },

    async redeem(code) {
      const redeemed = await codes.redeem(code);
      // Cancelled, or destroyed by wrong verifiers, after the code was handed over: nothing comes of the login any more.
      if (!redeemed || (await isCancelled(redeemed.attemptId))) return null;
      log.info('code.redeemed', { attempt: shortId(redeemed.attemptId) });
      return redeemed.login;
    },

    cancel: revoke,
  };
}

/** Constant time over the digests; a value of another shape can be no verifier. */
function isTheVerifier(attempt: Attempt, verifier: unknown): verifier is string {
  if (!isBase64url32(verifier)) return false;
  const digest = createHash('sha256').update(verifier).digest();
  return timingSafeEqual(digest, Buffer.from(attempt.challenge, 'base64url'));
}

function failureCode(state: AttemptState): ProblemCode {
  const code = state.error?.code;
  return isProblemCode(code) ? code : 'login_failed';
}
