/** The life of an attempt: which statuses exist, how they rank, and which may follow which. */

export type Status =
  | 'pending'
  | 'scanned'
  | 'confirming'
  | 'authorized'
  | 'claimed'
  | 'expired'
  | 'cancelled'
  | 'failed'
  | 'step_required';

/**
 * The rank of a status is the `seq` on the wire. A rank and not a counter, so that every process, also one that was
 * restarted and has forgotten everything, numbers the same state the same way.
 */
export const RANK: Readonly<Record<Status, number>> = Object.freeze({
  pending: 0,
  scanned: 1,
  confirming: 2,
  authorized: 3,
  claimed: 4,
  expired: 4,
  cancelled: 4,
  failed: 4,
  step_required: 4,
});

const FINAL_RANK = 4;

export function isStatus(value: unknown): value is Status {
  return typeof value === 'string' && Object.hasOwn(RANK, value);
}

/** A final status absorbs: nothing follows it. */
export function isFinal(status: Status): boolean {
  return RANK[status] === FINAL_RANK;
}

/** Whether `next` may follow `current`: only forwards, and `claimed` only what was authorized. */
export function mayFollow(current: Status, next: Status): boolean {
  if (RANK[next] <= RANK[current]) return false;
  return next !== 'claimed' || current === 'authorized';
}
