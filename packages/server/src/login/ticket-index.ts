import { createHash } from 'node:crypto';
import type { Clock, Store } from '../ports.ts';
import type { KeyRing } from '../seal.ts';
import { openAttempt, overAt, sealAttempt, type Attempt } from './attempt.ts';

/** Which attempt a push means: pushes name WeChat's ticket and nothing else of ours. */
export interface TicketIndex {
  /** Done at the beginning, and by every authenticated call: a restarted or another process has to find it too. */
  register(attempt: Attempt): Promise<void>;
  find(ticket: string): Promise<Attempt | null>;
}

export function createTicketIndex({ store, keys, clock }: { store: Store; keys: KeyRing; clock: Clock }): TicketIndex {
  const key = (ticket: string): string => `ticket:${createHash('sha256').update(ticket).digest('base64url')}`;
  return {
    async register(attempt) {
      const ttl = overAt(attempt) - clock.now();
      if (attempt.ticket === null || ttl <= 0 || (await store.peek(key(attempt.ticket))) !== null) return;
      await store.hold(key(attempt.ticket), sealAttempt(keys, attempt, 'attempt'), ttl);
    },
    async find(ticket) {
      const sealed = await store.peek(key(ticket));
      const attempt = sealed === null ? null : openAttempt(keys, sealed, 'attempt');
      return attempt?.ticket === ticket ? attempt : null;
    },
  };
}
