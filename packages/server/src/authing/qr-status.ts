import { isRecord, type SnapshotUser } from '@wechat-follow-login/protocol';
import type { UpstreamStatus } from '../ports.ts';
import type { Answer } from './http.ts';

const NAMES = ['PENDING', 'SCANNED', 'AUTHORIZED', 'CANCELLED', 'EXPIRED', 'ERROR'] as const;
type Name = (typeof NAMES)[number];

/** A status answer as it was understood. `named`: it was one of Authing's six names. */
export interface ReadStatus {
  named: boolean;
  report: UpstreamStatus;
}

/**
 * One tolerant parser for both status endpoints: the current one wraps the object in the envelope, the deprecated one
 * really answers the bare object. Null when the answer holds no status at all and is an error to be classified.
 */
export function readQrStatus(answer: Answer): ReadStatus | null {
  const data = statusObject(answer.json);
  if (!data) return null;
  if (data.status === null) return { named: false, report: { status: 'expired' } };
  const name = NAMES.find((known) => known === data.status);
  return { named: name !== undefined, report: name ? toReport(name, data) : { status: 'pending' } };
}

/** Only a string or null is a QR status: a numeric `status` is some framework's HTTP error. */
function statusObject(body: unknown): Record<string, unknown> | null {
  const holdsStatus = (value: unknown): value is Record<string, unknown> =>
    isRecord(value) && (typeof value.status === 'string' || value.status === null);
  if (!isRecord(body)) return null;
  return holdsStatus(body.data) ? body.data : holdsStatus(body) ? body : null;
}

function toReport(name: Name, data: Record<string, unknown>): UpstreamStatus {
  switch (name) {
    case 'PENDING':
      return { status: 'pending' };
    case 'SCANNED':
      return { status: 'scanned' };
    case 'CANCELLED':
      return { status: 'cancelled' };
    case 'EXPIRED':
      return { status: 'expired' };
    case 'ERROR':
      return { status: 'failed', code: 'login_failed', retryable: true };
    case 'AUTHORIZED':
      return {
        status: 'authorized',
        loginTicket: typeof data.ticket === 'string' && data.ticket !== '' ? data.ticket : null,
        tokenSet: isRecord(data.tokenSet) && Object.keys(data.tokenSet).length > 0 ? data.tokenSet : null,
        user: readUser(data.briefUserInfo),
      };
  }
}

/** May be empty: since the end of 2021 WeChat hands out no nickname and avatar on follow. */
function readUser(brief: unknown): SnapshotUser | null {
  if (!isRecord(brief)) return null;
  const user = { name: nonEmpty(brief.displayName), picture: httpsUrl(brief.photo) };
  return user.name || user.picture ? user : null;
}

export function nonEmpty(value: unknown): string | null {
  return typeof value === 'string' && value.trim() !== '' ? value : null;
}

/** An address that a page may load: https only. */
export function httpsUrl(value: unknown): string | null {
  return typeof value === 'string' && URL.canParse(value) && new URL(value).protocol === 'https:' ? value : null;
}
