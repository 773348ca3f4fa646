/**
 * WeChat's QR ticket (wechat.md §10.1): 96 characters of base64 over
 * `81 01 | checksum u16le | length u64le | 01 n url NUL | 02 04 created u32le | 03 04 expire u32le`.
 */
export interface TicketContent {
  url: string;
  /** Unix seconds. */
  created: number;
  /** 0 = permanent. */
  expireSeconds: number;
}

export interface DecodedTicket extends TicketContent {
  payloadLength: number;
  checksum: number;
}

const HEAD = 12;
/** Payload length of the layout in use since December 2016; the older one, 58, ends in `==` and standard base64. */
const NEW_LAYOUT = 60;

function checksumOf(payload: Uint8Array): number {
  let sum = 0;
  for (const byte of payload) sum += byte > 127 ? byte - 256 : byte;
  return ~sum & 0xffff;
}

/** WeChat's URL-safe letters are the other way round from RFC 4648: `-` is 63 and `_` is 62. */
const toStandard = (ticket: string) => ticket.replaceAll('-', '/').replaceAll('_', '+');
const toWechat = (base64: string) => base64.replaceAll('/', '-').replaceAll('+', '_');

/** Null for anything that is not a whole ticket with a right checksum. */
export function decodeTicket(ticket: string): DecodedTicket | null {
  if (!/^[A-Za-z0-9+/_-]{20,400}={0,2}$/.test(ticket)) return null;
  const bytes = Buffer.from(toStandard(ticket), 'base64');
  if (bytes.length < HEAD || bytes[0] !== 0x81 || bytes[1] !== 0x01) return null;
  const payloadLength = Number(bytes.readBigUInt64LE(4));
  const payload = bytes.subarray(HEAD);
  const checksum = bytes.readUInt16LE(2);
  if (payload.length !== payloadLength || checksum !== checksumOf(payload)) return null;
  const urlLength = payload[1] ?? 0;
  const rest = payload.subarray(2 + urlLength);
  if (payload[0] !== 1 || urlLength < 1 || payload[1 + urlLength] !== 0 || rest.length !== 12) return null;
  if (rest[0] !== 2 || rest[1] !== 4 || rest[6] !== 3 || rest[7] !== 4) return null;
  return {
    url: payload.toString('latin1', 2, 1 + urlLength),
    created: rest.readUInt32LE(2),
    expireSeconds: rest.readUInt32LE(8),
    payloadLength,
    checksum,
  };
}

/** The layout follows from the length of the url: 45 characters give today's, 43 the old one with `==`. */
export function encodeTicket({ url, created, expireSeconds }: TicketContent): string {
  const text = Buffer.from(`${url}\0`, 'latin1');
  const tail = Buffer.from([2, 4, 0, 0, 0, 0, 3, 4, 0, 0, 0, 0]);
  tail.writeUInt32LE(created, 2);
  tail.writeUInt32LE(expireSeconds, 8);
  const payload = Buffer.concat([Buffer.from([1, text.length]), text, tail]);
  const head = Buffer.alloc(HEAD);
  head.writeUInt16LE(0x0181, 0);
  head.writeUInt16LE(checksumOf(payload), 2);
  head.writeBigUInt64LE(BigInt(payload.length), 4);
  const base64 = Buffer.concat([head, payload]).toString('base64');
  return payload.length === NEW_LAYOUT ? toWechat(base64) : base64;
}
