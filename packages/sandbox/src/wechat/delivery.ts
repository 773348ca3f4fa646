import { seconds } from '../clock.ts';
import type { PushEntry } from '../log.ts';
import { append } from '../log.ts';
import type { World } from '../world.ts';
import { FORGERIES, forge } from './forge.ts';
import type { Forgery } from './forge.ts';
import { createMarkFail } from './mark-fail.ts';
import { createOneTry, isAccepted } from './one-try.ts';
import type { Outcome, SendPush } from './one-try.ts';
import type { Person } from './people.ts';
import type { PushField, SealInput, WirePush } from './push.ts';
import { sealPush } from './push.ts';
import { readReply } from './reply.ts';
import { createSleeper } from './sleeper.ts';
import type { TakenTamper, Tampering } from './tamper.ts';
import { createTamperQueue } from './tamper.ts';

/** How WeChat delivers a push (wechat.md §5). */
const TRIES = 3;
const BETWEEN_TRIES_MS = 5000;
export const FAILURE_NOTICE = '该公众号提供的服务出现故障，请稍后再试';

export interface Delivery {
  /** Resolves when the first try has been answered or given up, at once for a push that `reorder` holds. */
  firstTry: Promise<void>;
  /** Resolves when WeChat is done with the push. */
  done: Promise<void>;
}

/** A push on its way, with what was done to it. */
interface Job {
  person: Person;
  name: string;
  fields: readonly PushField[];
  tamper: TakenTamper | null;
  afterFirst: () => void;
  born: number;
}

export interface Deliverer {
  deliver(person: Person, name: string, fields: readonly PushField[]): Delivery;
  readonly tamper: Tampering;
  /** Resolves when nothing is under way any more. */
  settled(): Promise<void>;
  reset(): void;
}

const isForgery = (kind: string): kind is Forgery => (FORGERIES as readonly string[]).includes(kind);

export function createDeliverer(world: World, send: SendPush): Deliverer {
  const { clock, switches, log } = world;
  const underWay = new Set<Promise<void>>();
  const held = new Set<() => void>();
  const sleeper = createSleeper(clock);
  const { sleep } = sleeper;
  const attempt = createOneTry(sleeper, send);
  const markFail = createMarkFail(clock, world.account.markFailAfter);
  let generation = 0;

  const releaseHeld = () => {
    for (const release of held) release();
  };
  const tampers = createTamperQueue(() => world.mode !== 'plaintext', releaseHeld);

  /** One request, and its line in the log. Null when the sandbox was reset meanwhile. */
  const attemptAndLog = async (job: Job, push: WirePush, number: number) => {
    const { kind } = job.tamper ?? {};
    const startedAt = clock.now();
    // The companion has answered, and WeChat does not hear it.
    const outcome = await attempt(push).then((answer) => (kind === 'lost-answer' ? 'unreachable' : answer));
    if (job.born !== generation) return null;
    const entry: PushEntry = {
      at: startedAt,
      event: job.name,
      attempt: number,
      outcome: typeof outcome === 'string' ? outcome : outcome.status,
      ...(kind && { tamper: kind }),
    };
    append(log.pushes, entry);
    return { outcome, entry };
  };

  const sealInput = ({ person, fields }: Job): SealInput => ({
    account: world.account,
    mode: world.mode,
    fields,
    openid: person.openid,
    timestamp: seconds(clock),
    random: world.random,
  });

  /** True when WeChat got what it wants, also when that is nothing to show. */
  const show = (person: Person, outcome: Outcome, entry: PushEntry): boolean => {
    const { account, mode } = world;
    const reply =
      typeof outcome !== 'string' && isAccepted(outcome)
        ? readReply(outcome.body, { account, originalId: account.originalId, openid: person.openid, mode })
        : null;
    if (reply?.kind === 'unusable') entry.unusable = reply.why;
    if (!reply || reply.kind === 'unusable') {
      person.chat.push({ from: 'notice', text: FAILURE_NOTICE, at: clock.now() });
      return false;
    }
    if (reply.kind === 'line' && person.follower) {
      const { text, articles } = reply;
      person.chat.push({ from: 'account', text, at: clock.now(), ...(articles && { articles }) });
    }
    return true;
  };

  const givesUp = (outcome: Outcome) =>
    isAccepted(outcome) || (typeof outcome !== 'string' && switches.get('W1') === 'given-up');

  /** Up to three tries of one push, and what the person sees of it. */
  const deliverGenuine = async (job: Job, sealed: WirePush): Promise<void> => {
    let push = job.tamper?.kind === 'slow' ? { ...sealed, trickleMs: job.tamper.ms } : sealed;
    for (let number = 1; number <= TRIES; number++) {
      const startedAt = clock.now();
      const tried = await attemptAndLog(job, push, number);
      if (!tried) return;
      if (number === 1) {
        job.afterFirst();
        releaseHeld();
      }
      if (givesUp(tried.outcome) || number === TRIES) {
        markFail.note(show(job.person, tried.outcome, tried.entry));
        return;
      }
      await sleep(Math.max(0, startedAt + BETWEEN_TRIES_MS - clock.now())).over;
      if (job.born !== generation) return;
      push = switches.get('W2') === 'anew' ? sealPush(sealInput(job)) : sealed;
    }
  };

  /** Once, and its answer is shown to nobody: whoever forges or repeats a push has no chat with the account. */
  const deliverExtra = async (job: Job, push: WirePush): Promise<void> => {
    await attemptAndLog(job, push, 1);
    job.afterFirst();
  };

  const untilNextPush = async (ms: number) => {
    const patience = sleep(ms);
    held.add(patience.wake);
    await patience.over;
    held.delete(patience.wake);
  };

  const run = async (job: Job) => {
    if (markFail.isBlocked()) {
      append(log.pushes, { at: clock.now(), event: job.name, attempt: 1, outcome: 'marked-as-failing' });
      return;
    }
    const { tamper } = job;
    if (tamper && isForgery(tamper.kind)) {
      await deliverExtra(job, forge(tamper.kind, sealInput(job), tamper.ms));
      releaseHeld();
      return;
    }
    const push = sealPush(sealInput(job));
    if (tamper?.kind === 'reorder') {
      job.afterFirst();
      await untilNextPush(tamper.ms);
      if (job.born !== generation) return;
    }
    if (tamper?.kind === 'duplicate') {
      await Promise.all([deliverGenuine(job, push), deliverExtra(job, push)]);
      return;
    }
    await deliverGenuine(job, push);
    if (tamper?.kind !== 'replay' && tamper?.kind !== 're-sign') return;
    await sleep(tamper.ms).over;
    if (job.born !== generation) return;
    const input = sealInput(job);
    const later = Math.max(input.timestamp, Number(push.query.get('timestamp')) + 1);
    await deliverExtra(job, tamper.kind === 'replay' ? push : sealPush({ ...input, timestamp: later }));
  };

  return {
    tamper: tampers,
    deliver: (person, name, fields) => {
      let afterFirst = () => {};
      const first = new Promise<void>((resolve) => {
        afterFirst = resolve;
      });
      const job = { person, name, fields, tamper: tampers.take(), afterFirst, born: generation };
      const done = run(job).finally(afterFirst);
      underWay.add(done);
      void done.finally(() => underWay.delete(done));
      return { firstTry: first, done };
    },
    settled: async () => {
      while (underWay.size > 0) await Promise.all(underWay);
    },
    reset: () => {
      generation += 1;
      markFail.reset();
      tampers.clear();
      sleeper.wakeAll();
    },
  };
}
