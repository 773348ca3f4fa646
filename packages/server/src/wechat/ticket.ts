/** WeChat's QR ticket: a readable record, not a random handle (WeChat: undocumented, worked out from real tickets). */

export interface Ticket {
  /** What the QR code says: `http://weixin.qq.com/q/…`. */
  url: string;
  /** Unix seconds. */
  created: number;
  /** Seconds; 0 = permanent. */
  expireSeconds: number;
}

const HEADER = 12;
const SHAPE = /^gQ[E-H][A-Za-z0-9_+/=-]{80,}$/;
const ADDRESS = /^https?:\/\/weixin\.qq\.com\/q\/[\w-]{16,40}$/;

/** Whether `text` is what a WeChat QR code says. */
export function isWechatAddress(text: string): boolean {
  return ADDRESS.test(text);
}

/**
 * Reads a ticket; null when it is none, its checksum is wrong, or its content is not a WeChat address. Callers then fall
 * back to the picture: the layout is an optimisation behind this gate, never a precondition.
 */
export function decodeTicket(ticket: string): Ticket | null {
  if (!SHAPE.test(ticket)) return null;
  const bytes = fromWechatBase64(ticket);
  if (!bytes || bytes.length < HEADER || bytes[0] !== 0x81 || bytes[1] !== 0x01) return null;
  const payload = bytes.subarray(HEADER);
  if (bytes.readBigUInt64LE(4) !== BigInt(payload.length)) return null;
  if (bytes.readUInt16LE(2) !== checksum(payload)) return null;
  return readPayload(payload);
}

/** `-` stands for `/` and `_` for `+`: the other way round from RFC 4648, which would spoil times and checksum. */
function fromWechatBase64(text: string): Buffer | null {
  const standard = text.replaceAll('-', '/').replaceAll('_', '+');
  const bytes = Buffer.from(standard, 'base64');
  const canonical = bytes.toString('base64');
  return canonical === standard || canonical.replace(/=+$/, '') === standard ? bytes : null;
}

function checksum(payload: Buffer): number {
  let sum = 0;
  for (let i = 0; i < payload.length; i++) sum += payload.readInt8(i);
  return ~sum & 0xffff;
}

/** `01 len url NUL`, `02 04 created`, `03 04 expire`, little-endian, nothing after. */
function readPayload(payload: Buffer): Ticket | null {
  const urlLength = payload[1] ?? 0;
  const times = 2 + urlLength;
  if (payload[0] !== 0x01 || payload.length !== times + 12 || payload[times - 1] !== 0) return null;
  if (payload.readUInt16BE(times) !== 0x0204 || payload.readUInt16BE(times + 6) !== 0x0304) return null;
  const url = payload.toString('latin1', 2, times - 1);
  if (!isWechatAddress(url)) return null;
  return { url, created: payload.readUInt32LE(times + 2), expireSeconds: payload.readUInt32LE(times + 8) };
}
