import type { WirePush } from './push.ts';
import { PUSH_HEADERS } from './push.ts';
import type { Sleeper } from './sleeper.ts';

const ANSWER_WITHIN_MS = 5000;

/** Sends one request to where pushes go. Rejects when there is no answer, or `signal` aborts. */
export type SendPush = (push: WirePush, headers: Record<string, string>, signal: AbortSignal) => Promise<Response>;

export type Outcome = { status: number; body: string } | 'timeout' | 'unreachable';

export const isAccepted = (outcome: Outcome): boolean =>
  typeof outcome !== 'string' && outcome.status >= 200 && outcome.status <= 299;

/** One request; WeChat hangs up when the answer is not there in time. */
export const createOneTry =
  ({ sleep }: Sleeper, send: SendPush) =>
  async (push: WirePush): Promise<Outcome> => {
    const abort = new AbortController();
    const deadline = sleep(ANSWER_WITHIN_MS);
    const answer = send(push, { ...PUSH_HEADERS }, abort.signal)
      .then(async (response) => ({ status: response.status, body: await response.text() }))
      .catch(() => 'unreachable' as const);
    const outcome = await Promise.race([answer, deadline.over.then(() => 'timeout' as const)]);
    deadline.wake();
    if (outcome === 'timeout') abort.abort();
    return outcome;
  };
