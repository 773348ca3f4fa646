import { sign } from './crypto.ts';
import type { PushField, SealInput, WirePush } from './push.ts';
import { sealPush } from './push.ts';

/** Pushes that no careful receiver takes (wechat.md §6.3, §7), each made from a genuine one. */
export const FORGERIES = [
  'bad-signature',
  'downgrade',
  'other-app-id',
  'flipped-byte',
  'bad-padding',
  'stale-timestamp',
  'stale-create-time',
] as const;
export type Forgery = (typeof FORGERIES)[number];

/** There is nothing to decrypt, or no lower mode, in plaintext. */
export const NEEDS_ENCRYPTION: readonly string[] = ['downgrade', 'other-app-id', 'flipped-byte', 'bad-padding'];

const OTHER_APP_ID = 'wx0000000000000000';
const BLOCK = 16;

/** The last hex digit becomes another one. */
const otherDigit = (hex: string) => hex.slice(0, -1) + (hex.endsWith('0') ? '1' : '0');

function flipBit(base64: string, atByte: (length: number) => number): string {
  const bytes = Buffer.from(base64, 'base64');
  const at = atByte(bytes.length);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  return bytes.toString('base64');
}

/** Reaches the last byte of the last block: the count of the padding no longer fits the padding. */
const spoilPadding = (encrypted: string) => flipBit(encrypted, (length) => length - BLOCK - 1);

function withBadSignature(push: WirePush): WirePush {
  const query = new URLSearchParams(push.query);
  const name = query.has('msg_signature') ? 'msg_signature' : 'signature';
  query.set(name, otherDigit(query.get(name) ?? ''));
  return { ...push, query };
}

/** Signed for the bytes that were sent; others arrive. */
function withFlippedByte(input: SealInput): WirePush {
  let genuine = '';
  const push = sealPush({
    ...input,
    alter: (encrypted) => {
      genuine = encrypted;
      return flipBit(encrypted, (length) => Math.floor(length / 2));
    },
  });
  const query = new URLSearchParams(push.query);
  const { wechatToken } = input.account;
  query.set('msg_signature', sign(wechatToken, query.get('timestamp') ?? '', query.get('nonce') ?? '', genuine));
  return { ...push, query };
}

const agedBy = (seconds: number, fields: readonly PushField[]): PushField[] =>
  fields.map((field) => {
    const [name, value] = field;
    if (name !== 'CreateTime' || typeof value === 'string' || !('bare' in value)) return field;
    return [name, { bare: String(Number(value.bare) - seconds) }];
  });

/** `ageMs`: how far a stale time lies back. */
export function forge(kind: Forgery, input: SealInput, ageMs: number): WirePush {
  const age = Math.ceil(ageMs / 1000);
  switch (kind) {
    case 'bad-signature':
      return withBadSignature(sealPush(input));
    case 'downgrade':
      return sealPush({ ...input, mode: 'plaintext' });
    case 'other-app-id':
      return sealPush({ ...input, account: { ...input.account, wechatAppId: OTHER_APP_ID } });
    case 'flipped-byte':
      return withFlippedByte(input);
    case 'bad-padding':
      return sealPush({ ...input, alter: spoilPadding });
    case 'stale-timestamp':
      return sealPush({ ...input, timestamp: input.timestamp - age });
    case 'stale-create-time':
      return sealPush({ ...input, fields: agedBy(age, input.fields) });
  }
}
