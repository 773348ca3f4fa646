import { seconds } from '../clock.ts';
import { append } from '../log.ts';
import type { World } from '../world.ts';
import type { Person } from './people.ts';
import type { PushField, WirePush } from './push.ts';
import { PUSH_HEADERS, sealPush } from './push.ts';
import { readReply } from './reply.ts';

/** How WeChat delivers a push (wechat.md §5). */
const ANSWER_WITHIN_MS = 5000;
const TRIES = 3;
const BETWEEN_TRIES_MS = 5000;
const BLOCKED_FOR_MS = 60_000;
export const FAILURE_NOTICE = '该公众号提供的服务出现故障，请稍后再试';

/** Sends one request to where pushes go. Rejects when there is no answer, or `signal` aborts. */
export type SendPush = (push: WirePush, headers: Record<string, string>, signal: AbortSignal) => Promise<Response>;

export interface Delivery {
  /** Resolves when the first try has been answered, or given up. */
  firstTry: Promise<void>;
  /** Resolves when WeChat is done with the push. */
  done: Promise<void>;
}

type Outcome = { status: number; body: string } | 'timeout' | 'unreachable';

export interface Deliverer {
  deliver(person: Person, name: string, fields: readonly PushField[]): Delivery;
  /** Resolves when nothing is under way any more. */
  settled(): Promise<void>;
  reset(): void;
}

export function createDeliverer(world: World, send: SendPush): Deliverer {
  const { clock, switches, log } = world;
  const underWay = new Set<Promise<void>>();
  const asleep = new Set<() => void>();
  let failedInARow = 0;
  let blockedUntil = 0;
  let generation = 0;

  /** Resolves after its time, or at a reset. */
  const sleep = (ms: number) => {
    let wake = () => {};
    const over = new Promise<void>((resolve) => {
      const handle = clock.setTimeout(() => wake(), ms);
      wake = () => {
        clock.clearTimeout(handle);
        asleep.delete(wake);
        resolve();
      };
    });
    asleep.add(wake);
    return { over, wake };
  };

  const attempt = async (push: WirePush): Promise<Outcome> => {
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

  const seal = (person: Person, fields: readonly PushField[]) =>
    sealPush({
      account: world.account,
      mode: world.mode,
      fields,
      openid: person.openid,
      timestamp: seconds(clock),
      random: world.random,
    });

  /** True when WeChat got what it wants, also when that is nothing to show. */
  const show = (person: Person, outcome: Outcome): boolean => {
    const notice = () => {
      person.chat.push({ from: 'notice', text: FAILURE_NOTICE, at: clock.now() });
      return false;
    };
    if (typeof outcome === 'string' || outcome.status < 200 || outcome.status > 299) return notice();
    const { account, mode } = world;
    const reply = readReply(outcome.body, { account, originalId: account.originalId, openid: person.openid, mode });
    if (reply.kind === 'unusable') return notice();
    if (reply.kind === 'text' && person.follower) {
      person.chat.push({ from: 'account', text: reply.text, at: clock.now() });
    }
    return true;
  };

  const givesUp = (outcome: Outcome) =>
    typeof outcome !== 'string' &&
    ((outcome.status >= 200 && outcome.status <= 299) || switches.get('W1') === 'given-up');

  const run = async (person: Person, name: string, fields: readonly PushField[], afterFirst: () => void) => {
    const born = generation;
    if (clock.now() < blockedUntil) {
      append(log.pushes, { at: clock.now(), event: name, attempt: 1, outcome: 'marked-as-failing' });
      return;
    }
    let push = seal(person, fields);
    let outcome: Outcome = 'unreachable';
    for (let number = 1; number <= TRIES; number++) {
      const startedAt = clock.now();
      outcome = await attempt(push);
      if (born !== generation) return;
      append(log.pushes, {
        at: startedAt,
        event: name,
        attempt: number,
        outcome: typeof outcome === 'string' ? outcome : outcome.status,
      });
      if (number === 1) afterFirst();
      if (givesUp(outcome) || number === TRIES) break;
      await sleep(Math.max(0, startedAt + BETWEEN_TRIES_MS - clock.now())).over;
      if (born !== generation) return;
      if (switches.get('W2') === 'anew') push = seal(person, fields);
    }
    if (show(person, outcome)) {
      failedInARow = 0;
    } else if (++failedInARow >= world.account.markFailAfter) {
      blockedUntil = clock.now() + BLOCKED_FOR_MS;
      failedInARow = 0;
    }
  };

  return {
    deliver: (person, name, fields) => {
      let afterFirst = () => {};
      const first = new Promise<void>((resolve) => {
        afterFirst = resolve;
      });
      const done = run(person, name, fields, afterFirst).finally(afterFirst);
      underWay.add(done);
      void done.finally(() => underWay.delete(done));
      return { firstTry: first, done };
    },
    settled: async () => {
      while (underWay.size > 0) await Promise.all(underWay);
    },
    reset: () => {
      generation += 1;
      failedInARow = 0;
      blockedUntil = 0;
      for (const wake of asleep) wake();
    },
  };
}
