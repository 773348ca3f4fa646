import {
  isRecord,
  readFields,
  requireRecord,
  requireSeconds,
  requireString,
  stringOrNull,
  WireError,
} from './guard.ts';
import { parseSnapshot, type Snapshot } from './snapshot.ts';

/** Body of `POST /attempts`. */
export interface AttemptRequest {
  /** base64url(SHA-256(verifier)), 43 chars. */
  challenge: string;
  /** BCP 47, e.g. `zh-CN`. */
  locale?: string;
}

/** The QR code: its text, to be drawn by the page, or a finished picture where the text is not known. */
export type Qr = { text: string } | { image: string };

/** The official account as the operator configured it. */
export interface Account {
  name: string | null;
  avatar: string | null;
}

/** Answer to `POST /attempts`. */
export interface Attempt {
  /** 128 random bits, base64url, 22 chars. Public. */
  id: string;
  /** Bearer of every later call; opaque. */
  watchToken: string;
  /** Seconds the code is shown. */
  expiresIn: number;
  qr: Qr;
  /** Two digits to be found again in the chat, or null where no confirmation is asked for. */
  confirmNumber: string | null;
  account: Account | null;
  snapshot: Snapshot;
}

const BASE64URL_32 = /^[A-Za-z0-9_-]{43}$/;
/** Verifier and challenge have the same shape: 32 bytes as base64url. */
export function isBase64url32(value: unknown): value is string {
  return typeof value === 'string' && BASE64URL_32.test(value);
}

/** Throws WireError naming the field that is not of its form. */
export function parseAttempt(value: unknown): Attempt {
  return readFields(value, 'attempt', {
    id: requireString,
    watchToken: requireString,
    expiresIn: requireSeconds,
    qr: readQr,
    confirmNumber: stringOrNull,
    account: readAccount,
    snapshot: readSnapshot,
  });
}

const readAccount = (value: unknown): Account | null =>
  isRecord(value) ? { name: stringOrNull(value.name), avatar: stringOrNull(value.avatar) } : null;

function readSnapshot(value: unknown, field: string): Snapshot {
  const snapshot = parseSnapshot(value);
  if (!snapshot) throw new WireError(`${field}.status`, 'a known status');
  return snapshot;
}

/** An address. WeChat's are some 50 characters; what is longer makes a code that no phone reads at the size of the card. */
const QR_TEXT = /^[\x21-\x7e]{1,512}$/;

function readQr(value: unknown, field: string): Qr {
  const qr = requireRecord(value, field);
  if (typeof qr.text === 'string' && QR_TEXT.test(qr.text)) return { text: qr.text };
  // Only a picture inside the answer: an address would make the page fetch from wherever it says.
  if (typeof qr.image === 'string' && /^data:image\/(png|jpeg);base64,/.test(qr.image)) return { image: qr.image };
  throw new WireError(field, '{"text"} or {"image":"data:image/png;base64,…"}');
}
