import { isFinal, isRecord } from '@wechat-follow-login/protocol';
import { shortId } from '../log.ts';
import type { Clock, Log, Random, Store } from '../ports.ts';
import type { KeyRing } from '../seal.ts';
import { openAttempt, overAt, sealAttempt, type Attempt } from './attempt.ts';
import type { Outbox } from './outbox.ts';
import { namesOf, personOf } from './person.ts';
import type { Progress } from './progress.ts';

/** What the chat asks the person who scanned. */
export interface Question {
  attempt: Attempt;
  /** Two digits each, the right one among them, in the order to be shown. */
  numbers: readonly string[];
  /** Unix milliseconds. */
  askedAt: number;
}

/** Somebody said no, or does not see the page that the code came from. */
export interface Suspicion {
  openid: string;
  reason: 'wrong_number' | 'not_me';
  /** The page's origin. */
  origin: string;
  browser: Attempt['browser'];
  /** Unix milliseconds of the attempt's beginning. */
  startedAt: number;
}

/** What a text decided, and of which attempt. */
export type Decision = { attempt: Attempt } & ({ answer: 'yes' } | { answer: 'no'; reason: Suspicion['reason'] });

/**
 * The number in the chat: a scan is held until the person who scanned names the number that the page shows. What decides is
 * kept with the push that decided: the same push decides the same again, whatever has come of it meanwhile.
 */
export interface Confirm {
  /** Holds the scan. `decided`: the answer that was given before. */
  hold(
    attempt: Attempt,
    scan: { openid: string; newFollower: boolean; parcel: string },
  ): Promise<{ question: Question; newFollower: boolean; decided: 'yes' | 'no' | null }>;
  /** Lets the question be answered. May be done again. */
  ask(openid: string, pushId: string, attempt: Attempt, newFollower: boolean): Promise<void>;
  isAnswer(text: string): boolean;
  /** Null for a text that is no answer, or answers nothing. Changes nothing that is seen. */
  decide(openid: string, text: string, pushId: string): Promise<Decision | null>;
  /** What a yes does, and a no. May be done again. */
  release(attempt: Attempt, remembered: number): Promise<void>;
  refuse(attempt: Attempt): Promise<void>;
}

const NUMBERS = { from: 10, to: 100 };
const SHOWN_NUMBERS = 3;
/** Without blanks: links of WeChat's do not keep them. */
const NOT_ME = new Set(['不是我', 'notme']);
/** Questions that one person can have open: more than that no one has in hand. */
const MAX_ASKED = 8;
/** Milliseconds; longer than any attempt lives. Each question ends with its attempt. */
const ASKED_TTL = 3_600_000;

/** Two digits. */
export function newConfirmNumber(random: Random): string {
  return String(Math.floor(random.between(NUMBERS.from, NUMBERS.to)));
}

interface Hold {
  openid: string;
  newFollower: boolean;
  parcel: string;
  numbers: string[];
  askedAt: number;
}

export function createConfirm(deps: {
  store: Store;
  progress: Progress;
  outbox: Outbox;
  /** Ends an attempt for good. */
  cancel(attempt: Attempt): Promise<void>;
  keys: KeyRing;
  clock: Clock;
  random: Random;
  log: Log;
}): Confirm {
  const { store, progress, outbox, keys, clock, random, log } = deps;
  const holdKey = (attempt: Attempt): string => `hold:${attempt.id}`;
  /** The first answer, and the no that took a yes back: each `yes` or `no`, and the push that said it. */
  const decisionKey = (attempt: Attempt): string => `decision:${attempt.id}`;
  const withdrawnKey = (attempt: Attempt): string => `withdrawn:${attempt.id}`;
  const ttl = (attempt: Attempt): number => Math.max(overAt(attempt) - clock.now(), 1);

  const open = (attempt: Attempt, sealed: string | null): Hold | null => {
    const text = sealed === null ? null : keys.open('hold', sealed, attempt.id);
    const value: unknown = text === null ? null : JSON.parse(text);
    return isRecord(value) ? (value as unknown as Hold) : null;
  };

  const offered = (right: string): string[] => {
    const numbers = new Set([right]);
    while (numbers.size < SHOWN_NUMBERS) numbers.add(newConfirmNumber(random));
    const [, ...decoys] = numbers;
    decoys.splice(Math.floor(random.between(0, SHOWN_NUMBERS)), 0, right);
    return decoys;
  };

  /** The attempts this person was asked about, the newest question first. */
  const askedOf = async (openid: string): Promise<Attempt[]> => {
    const lists = await Promise.all(namesOf(keys, openid).map((name) => store.listed(`asked:${name}`)));
    const attempts = new Map<string, Attempt>();
    for (const entry of lists.flat()) {
      const attempt = openAttempt(keys, entry.slice(entry.indexOf(' ') + 1), 'attempt');
      if (attempt && attempt.confirmNumber !== null && !attempts.has(attempt.id)) attempts.set(attempt.id, attempt);
    }
    return [...attempts.values()];
  };

  const decisionsOf = (attempt: Attempt): Promise<[string | null, string | null]> =>
    Promise.all([store.peek(withdrawnKey(attempt)), store.peek(decisionKey(attempt))]);

  /** Only who scanned is asked. */
  const isAsked = async (openid: string, attempt: Attempt): Promise<boolean> =>
    open(attempt, await store.peek(holdKey(attempt)))?.openid === openid;

  const decisionOf = (attempt: Attempt, said: string): Decision => {
    if (said === attempt.confirmNumber) return { attempt, answer: 'yes' };
    return { attempt, answer: 'no', reason: said === NO ? 'not_me' : 'wrong_number' };
  };

  return {
    async hold(attempt, { openid, newFollower, parcel }) {
      const numbers = offered(attempt.confirmNumber ?? '');
      const wanted: Hold = { openid, newFollower, parcel, numbers, askedAt: clock.now() };
      const sealed = keys.seal('hold', JSON.stringify(wanted), attempt.id);
      let hold = open(attempt, await store.holdFirst(holdKey(attempt), sealed, ttl(attempt)));
      if (!hold) {
        // Sealed under a secret that is gone: no answer could be matched with it any more.
        await store.hold(holdKey(attempt), sealed, ttl(attempt));
        hold = wanted;
      }
      const [withdrawn, first] = await decisionsOf(attempt);
      const decided = withdrawn ?? first;
      const question = { attempt, numbers: hold.numbers, askedAt: hold.askedAt };
      const answer = decided === null ? null : decided.startsWith('yes:') ? 'yes' : 'no';
      return { question, newFollower: hold.newFollower, decided: answer };
    },

    async ask(openid, pushId, attempt, newFollower) {
      const list = `asked:${personOf(keys, openid)}`;
      // Said again, an older question must not become the newest.
      const isListed = (await store.listed(list)).some((entry) => entry.startsWith(`${pushId} `));
      if (!isListed) {
        await store.append(list, `${pushId} ${sealAttempt(keys, attempt, 'attempt')}`, MAX_ASKED, ASKED_TTL);
      }
      await progress.reached(attempt, 'confirming', newFollower);
    },

    isAnswer: (text) => readAnswer(text) !== null,

    async decide(openid, text, pushId) {
      const said = readAnswer(text);
      if (said === null) return null;
      const asked = await askedOf(openid);
      for (const attempt of asked) {
        // What was decided comes before where the attempt stands: this very push may have moved it.
        const decided = await decisionsOf(attempt);
        if (decided.some((value) => value?.endsWith(`:${pushId}`))) return decisionOf(attempt, said);
      }
      for (const [index, attempt] of asked.entries()) {
        if (!(await isAsked(openid, attempt))) continue;
        const { status } = await progress.current(attempt);
        if (isFinal(status) || status === 'authorized') continue;
        const mine = decisionOf(attempt, said);
        const value = `${mine.answer}:${pushId}`;
        const before = await store.peek(decisionKey(attempt));
        if (before === null && status !== 'confirming') return null;
        // One answer decides, whatever others come at the same time.
        const first = before ?? (await store.holdFirst(decisionKey(attempt), value, ttl(attempt)));
        if (first === value) {
          log.info('confirm.answered', { attempt: shortId(attempt.id), confirmed: mine.answer === 'yes' });
          return mine;
        }
        if (first.startsWith('no:') || mine.answer === 'yes') return null;
        // A yes that has not come about yet can be taken back; unless this answers an older question.
        if (asked.slice(index + 1).some(({ confirmNumber }) => confirmNumber === said)) continue;
        if ((await store.holdFirst(withdrawnKey(attempt), value, ttl(attempt))) !== value) return null;
        log.info('confirm.withdrawn', { attempt: shortId(attempt.id) });
        return mine;
      }
      return null;
    },

    async release(attempt, remembered) {
      const hold = open(attempt, await store.peek(holdKey(attempt)));
      if (!hold || (await store.peek(withdrawnKey(attempt))) !== null) return;
      // In this order: what is kept may be forwarded at any moment, and its login must find itself released.
      await progress.release(attempt);
      await outbox.keep({ attempt, round: 0 }, hold.parcel, remembered);
    },
    refuse: (attempt) => deps.cancel(attempt),
  };
}

const NO = 'not me';

/** Two digits, `not me`, or null for a text that is neither. Keyboards for Chinese write full-width digits. */
function readAnswer(text: string): string | null {
  const plain = text.normalize('NFKC').trim().toLowerCase();
  if (/^[0-9]{2}$/.test(plain)) return plain;
  return NOT_ME.has(plain.replace(/\s+/g, '')) ? NO : null;
}
