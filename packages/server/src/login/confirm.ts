import { isRecord } from '@wechat-follow-login/protocol';
import { shortId } from '../log.ts';
import type { Clock, Log, Random, Store } from '../ports.ts';
import type { KeyRing } from '../seal.ts';
import { openAttempt, overAt, sealAttempt, type Attempt } from './attempt.ts';
import type { Outbox } from './outbox.ts';
import { personOf } from './person.ts';
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

export type Answered = { kind: 'confirmed' | 'rejected'; attempt: Attempt; suspicion: Suspicion | null };

/** The number in the chat: a scan is held until the person who scanned names the number that the page shows. */
export interface Confirm {
  ask(
    attempt: Attempt,
    scan: { openid: string; newFollower: boolean; parcel: string },
  ): Promise<{ kind: 'ask'; question: Question } | { kind: 'confirmed' | 'rejected' }>;
  /** Null for a text that is no answer, or answers nothing. */
  answer(openid: string, text: string): Promise<Answered | null>;
}

const NUMBERS = { from: 10, to: 100 };
const SHOWN_NUMBERS = 3;
const NOT_ME = new Set(['不是我', 'not me', 'notme']);

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

type Decision = 'yes' | 'no';

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
  const decisionKey = (attempt: Attempt): string => `decision:${attempt.id}`;
  const askedKey = (openid: string): string => `asked:${personOf(openid)}`;
  const ttl = (attempt: Attempt): number => Math.max(overAt(attempt) - clock.now(), 1);

  const decisionOf = async (attempt: Attempt): Promise<Decision | null> =>
    (await store.peek(decisionKey(attempt))) as Decision | null;

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

  return {
    async ask(attempt, { openid, newFollower, parcel }) {
      const wanted: Hold = {
        openid,
        newFollower,
        parcel,
        numbers: offered(attempt.confirmNumber ?? ''),
        askedAt: clock.now(),
      };
      const sealed = keys.seal('hold', JSON.stringify(wanted), attempt.id);
      const hold = open(attempt, await store.holdFirst(holdKey(attempt), sealed, ttl(attempt))) ?? wanted;
      const decision = await decisionOf(attempt);
      if (decision !== null) return { kind: decision === 'yes' ? 'confirmed' : 'rejected' };
      await store.hold(askedKey(openid), sealAttempt(keys, attempt), ttl(attempt));
      await progress.reached(attempt, 'confirming', hold.newFollower);
      return { kind: 'ask', question: { attempt, numbers: hold.numbers, askedAt: hold.askedAt } };
    },

    async answer(openid, text) {
      const said = readAnswer(text);
      if (said === null) return null;
      const pointer = await store.peek(askedKey(openid));
      const attempt = pointer === null ? null : openAttempt(keys, pointer);
      const hold = attempt && open(attempt, await store.peek(holdKey(attempt)));
      // Only who scanned is asked, and only while the question stands.
      if (!attempt || !hold || hold.openid !== openid || attempt.confirmNumber === null) return null;
      if ((await progress.current(attempt)).status !== 'confirming') return null;
      const mine: Decision = said === attempt.confirmNumber ? 'yes' : 'no';
      // One answer decides, whatever others come at the same time.
      const decision = await store.holdFirst(decisionKey(attempt), mine, ttl(attempt));
      if (decision !== mine) return null;
      log.info('confirm.answered', { attempt: shortId(attempt.id), confirmed: mine === 'yes' });
      if (mine === 'yes') {
        // In this order: what is kept may be forwarded at any moment, and its login must find itself released.
        await progress.release(attempt);
        await outbox.keep({ attempt }, hold.parcel);
        return { kind: 'confirmed', attempt, suspicion: null };
      }
      await deps.cancel(attempt);
      const reason = said === 'not me' ? 'not_me' : 'wrong_number';
      const { origin, browser, createdAt: startedAt } = attempt;
      return { kind: 'rejected', attempt, suspicion: { openid, reason, origin, browser, startedAt } };
    },
  };
}

/** Two digits, `not me`, or null for a text that is neither. Keyboards for Chinese write full-width digits. */
function readAnswer(text: string): string | null {
  const plain = text.normalize('NFKC').trim().toLowerCase();
  if (/^[0-9]{2}$/.test(plain)) return plain;
  return NOT_ME.has(plain) ? 'not me' : null;
}
