import { isFinal, isRecord } from '@wechat-follow-login/protocol';
import { shortId } from '../log.ts';
import type { Clock, Log, Store } from '../ports.ts';
import type { KeyRing } from '../seal.ts';
import { openAttempt, overAt, sealAttempt, type Attempt } from './attempt.ts';
import type { Answered, Confirm, Question, Suspicion } from './confirm.ts';
import type { Outbox } from './outbox.ts';
import { personOf } from './person.ts';
import type { Progress } from './progress.ts';
import type { TicketIndex } from './ticket-index.ts';

/** A push as far as logins are concerned. */
export type LoginPush = { id: string; openid: string; /** Unix seconds. */ createdAt: number } & (
  | { type: 'scan' | 'subscribe'; ticket: string | null; /** What would be forwarded. */ parcel: string }
  | { type: 'text'; content: string }
);

/** What a push meant, and so what the chat is told. The same for every delivery of one push. */
export type Verdict =
  | { kind: 'login'; newFollower: boolean; locale: string | null }
  /** Somebody else has scanned this code before. */
  | { kind: 'taken' | 'ended' | 'confirmed' | 'rejected'; locale: string | null }
  | { kind: 'ask'; question: Question };

/** Takes in authentic pushes. */
export interface Inbox {
  /**
   * Null when the push is none of our business. Once it resolves, everything that must survive is kept; rejects when that
   * is not possible. Every effect is one that may happen again: then a delivery that was broken off is simply redone.
   */
  take(push: LoginPush): Promise<Verdict | null>;
}

export function createInbox(deps: {
  store: Store;
  tickets: TicketIndex;
  progress: Progress;
  outbox: Outbox;
  /** Null: a scan is enough. */
  confirm: Confirm | null;
  /** Which scans and follows that mean no attempt of ours are forwarded. */
  forward: 'scans' | 'known';
  /** Seconds. */
  maxSkew: number;
  onSuspicious(suspicion: Suspicion): void;
  keys: KeyRing;
  clock: Clock;
  log: Log;
}): Inbox {
  const { store, tickets, progress, outbox, confirm, keys, clock, log } = deps;
  const recordKey = (push: LoginPush): string => `push:${push.id}`;
  const remembered = 2 * deps.maxSkew * 1000;

  const scanned = async (push: LoginPush & { type: 'scan' | 'subscribe' }): Promise<Verdict | null> => {
    const attempt = push.ticket === null ? null : await tickets.find(push.ticket);
    if (!attempt || push.createdAt * 1000 < attempt.createdAt - deps.maxSkew * 1000) {
      if (deps.forward === 'scans') {
        await outbox.keep({ pushId: push.id }, push.parcel);
        outbox.run();
      }
      return null;
    }
    return scannedOurs(attempt, push);
  };

  const scannedOurs = async (
    attempt: Attempt,
    push: LoginPush & { type: 'scan' | 'subscribe' },
  ): Promise<Verdict | null> => {
    const { locale } = attempt;
    const state = await progress.current(attempt);
    if (isFinal(state.status) || state.status === 'authorized') return { kind: 'ended', locale };
    const who = personOf(push.openid);
    const ttl = Math.max(overAt(attempt) - clock.now(), 1);
    if ((await store.holdFirst(`scanner:${attempt.id}`, who, ttl)) !== who) {
      log.warn('scan.second_person', { attempt: shortId(attempt.id), openid: who.slice(0, 8) });
      return { kind: 'taken', locale };
    }
    const newFollower = push.type === 'subscribe';
    log.info('scan.received', { attempt: shortId(attempt.id), openid: who.slice(0, 8), newFollower });
    if (confirm) {
      // Begun before confirmation was switched on: there is no number on its page.
      if (attempt.confirmNumber === null) return { kind: 'ended', locale };
      const asked = await confirm.ask(attempt, { openid: push.openid, newFollower, parcel: push.parcel });
      return asked.kind === 'ask' ? asked : { kind: asked.kind, locale };
    }
    await outbox.keep({ attempt }, push.parcel);
    await progress.reached(attempt, 'scanned', newFollower);
    outbox.run();
    return { kind: 'login', newFollower, locale };
  };

  const said = async (push: LoginPush & { type: 'text' }): Promise<Verdict | null> => {
    const answered: Answered | null = (await confirm?.answer(push.openid, push.content)) ?? null;
    if (!answered) return null;
    outbox.run();
    if (answered.suspicion && (await store.once(`suspicion:${answered.attempt.id}`, remembered))) {
      log.warn('confirm.rejected', { attempt: shortId(answered.attempt.id), reason: answered.suspicion.reason });
      deps.onSuspicious(answered.suspicion);
    }
    return { kind: answered.kind, locale: answered.attempt.locale };
  };

  const recall = async (push: LoginPush): Promise<Verdict | null> => {
    const sealed = await store.peek(recordKey(push));
    const text = sealed === null ? null : keys.open('push', sealed, push.id);
    return text === null ? null : thaw(JSON.parse(text));
  };

  const thaw = (value: unknown): Verdict | null => {
    if (!isRecord(value)) return null;
    if (value.kind !== 'ask') return value as unknown as Verdict;
    const attempt = openAttempt(keys, String(value.attempt));
    return attempt && { kind: 'ask', question: { ...(value.question as Question), attempt } };
  };

  const freeze = (verdict: Verdict): unknown => {
    if (verdict.kind !== 'ask') return verdict;
    const { attempt, ...question } = verdict.question;
    return { kind: 'ask', attempt: sealAttempt(keys, attempt), question };
  };

  return {
    async take(push) {
      const before = await recall(push);
      if (before) return before;
      const verdict = await (push.type === 'text' ? said(push) : scanned(push));
      if (verdict === null) return null;
      // Kept last: a delivery that broke off before this line is done again from the start.
      await store.holdFirst(recordKey(push), keys.seal('push', JSON.stringify(freeze(verdict)), push.id), remembered);
      return verdict;
    },
  };
}
