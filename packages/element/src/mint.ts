import type { Attempt } from '@wechat-follow-login/protocol';
import type { WatchContext } from './attempt-watch.ts';
import type { LoginError } from './errors.ts';
import { createProof } from './pkce.ts';
import { childOf, sleep } from './waiting.ts';

const AGAIN_AFTER = 2_000;
const AGAIN_AT_MOST = 60_000;

export interface Minted {
  attempt: Attempt;
  verifier: string;
}

/**
 * Asks the companion for an attempt until there is one. Null when asking again cannot help or `signal` was aborted.
 * A failure goes to `onSetback`, unless nobody is there and the next try may do; somebody coming back to the page cuts the wait short, down to what was asked for.
 */
export async function mint(
  { api, clock, random, presence }: WatchContext,
  locale: string | undefined,
  signal: AbortSignal,
  onSetback: (error: LoginError) => void,
): Promise<Minted | null> {
  for (let within = AGAIN_AFTER; ; within = Math.min(within * 2, AGAIN_AT_MOST)) {
    try {
      const { verifier, challenge } = await createProof();
      if (signal.aborted) return null;
      const attempt = await api.create(challenge, locale, signal);
      if (!signal.aborted) return { attempt, verifier };
      api.remove(attempt);
      return null;
    } catch (cause) {
      if (signal.aborted) return null;
      const error = cause as LoginError;
      if (!error.retryable || !presence.away) onSetback(error);
      if (!error.retryable) return null;
      const wait = childOf(signal, presence.change);
      await Promise.all([
        sleep(clock, within * (0.5 + random() / 2), wait.signal).catch(() => {}),
        sleep(clock, error.retryAfter, signal).catch(() => {}),
      ]);
      wait.abort();
      await presence.here(); // a code that nobody sees would be wasted
      if (signal.aborted) return null;
    }
  }
}
