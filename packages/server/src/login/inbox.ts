import { isFinal } from '@wechat-follow-login/protocol';
import { shortId } from '../log.ts';
import type { Clock, Log, Store } from '../ports.ts';
import type { KeyRing } from '../seal.ts';
import { overAt, type Attempt } from './attempt.ts';
import type { Confirm, Question, Suspicion } from './confirm.ts';
import type { Outbox } from './outbox.ts';
import { namesOf, personOf } from './person.ts';
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
   * is not possible. What a push means is decided and kept before anything is done about it, and every effect is one that
   * may happen again: so a delivery that was broken off is redone, and all deliveries of a push do and say the same.
   */
  take(push: LoginPush): Promise<Verdict | null>;
}

/** What was decided of a push. */
type Decided =
  | { effect: 'nothing' }
  /** Of no attempt of ours: handed on, if such are. */
  | { effect: 'pass on' }
  | { effect: 'forward'; attempt: Attempt; newFollower: boolean; round: number }
  | { effect: 'ask'; question: Question; newFollower: boolean }
  | { effect: 'release'; attempt: Attempt }
  | { effect: 'refuse'; attempt: Attempt; reason: Suspicion['reason'] }
  /** The same code of a person who has confirmed it, once more. */
  | { effect: 'forward confirmed'; attempt: Attempt; round: number }
  | { effect: 'say'; kind: 'taken' | 'ended' | 'confirmed' | 'rejected'; locale: string | null };

type Scan = LoginPush & { type: 'scan' | 'subscribe' };

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
  /** Attempts whose suspicion is being told right now. */
  const telling = new Set<string>();

  const decideScan = async (push: Scan): Promise<Decided> => {
    const attempt = push.ticket === null ? null : await tickets.find(push.ticket);
    if (!attempt || push.createdAt * 1000 < attempt.createdAt - deps.maxSkew * 1000) return { effect: 'pass on' };
    const { locale } = attempt;
    const scannerKey = `scanner:${attempt.id}`;
    const [before, { status }, nextRound] = await Promise.all([
      store.peek(scannerKey),
      progress.current(attempt),
      outbox.round(attempt),
    ]);
    // This very push may have moved the attempt: then where it stands now says nothing about the push.
    const isTheFirst = before?.endsWith(`:${push.id}`) === true;
    if (!isTheFirst && (isFinal(status) || status === 'authorized')) return { effect: 'say', kind: 'ended', locale };
    const who = personOf(keys, push.openid);
    const ttl = Math.max(overAt(attempt) - clock.now(), 1);
    const scanner = await store.holdFirst(scannerKey, `${who}:${push.id}`, ttl);
    if (!namesOf(keys, push.openid).includes(scanner.split(':')[0]!)) {
      log.warn('scan.second_person', { attempt: shortId(attempt.id), openid: who.slice(0, 8) });
      return { effect: 'say', kind: 'taken', locale };
    }
    const newFollower = push.type === 'subscribe';
    log.info('scan.received', { attempt: shortId(attempt.id), openid: who.slice(0, 8), newFollower });
    const round = isTheFirst ? 0 : nextRound;
    if (!confirm) return { effect: 'forward', attempt, newFollower, round };
    // Begun before confirmation was switched on: there is no number on its page.
    if (attempt.confirmNumber === null) return { effect: 'say', kind: 'ended', locale };
    const held = await confirm.hold(attempt, { openid: push.openid, newFollower, parcel: push.parcel });
    if (held.decided === null || isTheFirst) {
      return { effect: 'ask', question: held.question, newFollower: held.newFollower };
    }
    if (held.decided === 'no') return { effect: 'say', kind: 'rejected', locale };
    return round > 0 ? { effect: 'forward confirmed', attempt, round } : { effect: 'say', kind: 'confirmed', locale };
  };

  const decideText = async (push: LoginPush & { type: 'text' }): Promise<Decided> => {
    const decision = await confirm?.decide(push.openid, push.content, push.id);
    if (!decision) return { effect: 'nothing' };
    const { attempt } = decision;
    if (decision.answer === 'yes') return { effect: 'release', attempt };
    return { effect: 'refuse', attempt, reason: decision.reason };
  };

  /** Does what was decided, again if need be, and says what the chat is told. */
  const carryOut = async (decided: Decided, push: LoginPush): Promise<Verdict | null> => {
    switch (decided.effect) {
      case 'nothing':
        return null;
      case 'pass on':
        if (deps.forward === 'known' || push.type === 'text') return null;
        await outbox.keep({ pushId: push.id }, push.parcel, remembered);
        outbox.run();
        return null;
      case 'say':
        return { kind: decided.kind, locale: decided.locale };
      case 'forward':
      case 'forward confirmed': {
        const { attempt, round } = decided;
        if (push.type !== 'text') await outbox.keep({ attempt, round }, push.parcel, remembered);
        if (decided.effect === 'forward') await progress.reached(attempt, 'scanned', decided.newFollower);
        outbox.run();
        if (decided.effect === 'forward confirmed') return { kind: 'confirmed', locale: attempt.locale };
        return { kind: 'login', newFollower: decided.newFollower, locale: attempt.locale };
      }
      case 'ask':
        await confirm?.ask(push.openid, push.id, decided.question.attempt, decided.newFollower);
        return { kind: 'ask', question: decided.question };
      case 'release':
        await confirm?.release(decided.attempt, remembered);
        outbox.run();
        return { kind: 'confirmed', locale: decided.attempt.locale };
      case 'refuse':
        await confirm?.refuse(decided.attempt);
        await tellSuspicion(decided.attempt, push.openid, decided.reason);
        return { kind: 'rejected', locale: decided.attempt.locale };
    }
  };

  /** Marked as told only afterwards: twice in the worst case, where the other way round it could be never. */
  const tellSuspicion = async (attempt: Attempt, openid: string, reason: Suspicion['reason']): Promise<void> => {
    const key = `suspicion:${attempt.id}`;
    if (telling.has(attempt.id) || (await store.peek(key)) !== null || telling.has(attempt.id)) return;
    telling.add(attempt.id);
    try {
      log.warn('confirm.rejected', { attempt: shortId(attempt.id), reason });
      const { origin, browser, createdAt: startedAt } = attempt;
      deps.onSuspicious({ openid, reason, origin, browser, startedAt });
      await store.hold(key, '1', Math.max(remembered, overAt(attempt) - clock.now()));
    } finally {
      telling.delete(attempt.id);
    }
  };

  const open = (push: LoginPush, sealed: string | null): Decided | null => {
    const text = sealed === null ? null : keys.open('push', sealed, push.id);
    return text === null ? null : (JSON.parse(text) as Decided);
  };

  /** Of deliveries that decide at the same time, one counts for all. */
  const decide = async (push: LoginPush): Promise<Decided> => {
    const mine = await (push.type === 'text' ? decideText(push) : decideScan(push));
    const sealed = keys.seal('push', JSON.stringify(mine), push.id);
    return open(push, await store.holdFirst(recordKey(push), sealed, remembered)) ?? mine;
  };

  return {
    async take(push) {
      // Kept even when it means nothing: a number that was said before there was a question answers none that comes later.
      if (push.type === 'text' && !confirm?.isAnswer(push.content)) return null;
      const before = open(push, await store.peek(recordKey(push)));
      return carryOut(before ?? (await decide(push)), push);
    },
  };
}
