import { isRecord, requireRecord, requireSeconds, stringOrNull } from './guard.ts';
import { isStatus, RANK, type Status } from './status.ts';

/** Who signed in, for showing; from `authorized` on. Both are null when Authing does not tell. */
export interface SnapshotUser {
  name: string | null;
  picture: string | null;
}

/** Why an attempt ended without a login. `url` only with `step_required`: where the step can be done, or null. */
export interface SnapshotError {
  code: string;
  retryable: boolean;
  url?: string | null;
}

/** The whole public state of an attempt, never a delta: lost, doubled and reordered messages then cannot matter. */
export interface Snapshot {
  /** Rank of the status, 0–4. */
  seq: number;
  status: Status;
  /** Seconds the code is still shown, 0 when it is not. */
  expiresIn: number;
  /** true: followed just now; false: followed before; null: not known (Mode 1). */
  newFollower: boolean | null;
  user: SnapshotUser | null;
  error: SnapshotError | null;
}

/**
 * Reads a snapshot. Null when its status is one that this version does not know: a newer companion may say more, and a
 * client goes on with what it understands. Throws WireError when it is not a snapshot at all.
 */
export function parseSnapshot(value: unknown): Snapshot | null {
  const body = requireRecord(value, 'snapshot');
  const expiresIn = requireSeconds(body.expiresIn, 'snapshot.expiresIn');
  if (!isStatus(body.status)) return null;
  return {
    seq: RANK[body.status],
    status: body.status,
    expiresIn,
    newFollower: typeof body.newFollower === 'boolean' ? body.newFollower : null,
    user: parseUser(body.user),
    error: parseError(body.error),
  };
}

function parseUser(value: unknown): SnapshotUser | null {
  return isRecord(value) ? { name: stringOrNull(value.name), picture: stringOrNull(value.picture) } : null;
}

function parseError(value: unknown): SnapshotError | null {
  if (!isRecord(value) || typeof value.code !== 'string') return null;
  const error: SnapshotError = { code: value.code, retryable: value.retryable === true };
  if ('url' in value) error.url = stringOrNull(value.url);
  return error;
}
