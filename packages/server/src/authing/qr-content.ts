import type { Qr } from '@wechat-follow-login/protocol';
import { foreignText } from '../log.ts';
import { isLoopback } from '../loopback.ts';
import { UpstreamFault, type Clock } from '../ports.ts';
import { decodeTicket, isWechatAddress } from '../wechat/ticket.ts';
import { fetchBytes, type Fetch } from './http.ts';

/** A person is waiting for it. */
const IMAGE_TIMEOUT = 5_000;

export class QrContentError extends Error {
  override name = 'QrContentError';
}

/**
 * Works out what the QR code says from the `url` that Authing answers, so that we draw it ourselves and the address,
 * whose file name is WeChat's ticket, stays here. Where that fails, the picture's bytes. Throws QrContentError (no address
 * in its message), UpstreamFault when the picture cannot be fetched.
 */
export async function readQrContent(
  url: string,
  deps: { fetch: Fetch; clock: Clock; qrHosts: readonly string[] },
): Promise<{ ticket: string | null; qr: Qr }> {
  if (isWechatAddress(url)) return { ticket: null, qr: { text: url } };
  if (!URL.canParse(url)) throw new QrContentError('the QR url is no address');
  const address = new URL(url);
  for (const ticket of candidates(address)) {
    const decoded = decodeTicket(ticket);
    if (decoded) return { ticket, qr: { text: decoded.url } };
  }
  return { ticket: null, qr: { image: await fetchImage(address, deps) } };
}

/** `…/<ticket>.png`, or `showqrcode?ticket=<ticket>`. */
function candidates(address: URL): string[] {
  const file = address.pathname.slice(address.pathname.lastIndexOf('/') + 1).replace(/\.\w{3,4}$/, '');
  return [safeDecode(file), address.searchParams.get('ticket')?.replaceAll(' ', '+') ?? ''].filter(
    (text) => text !== '',
  );
}

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}

async function fetchImage(
  address: URL,
  deps: { fetch: Fetch; clock: Clock; qrHosts: readonly string[] },
): Promise<string> {
  if (!deps.qrHosts.includes(address.hostname)) {
    throw new QrContentError(
      `the QR picture lies on a host that is not in AUTHING_QR_HOSTS: ${foreignText(address.hostname)}`,
    );
  }
  if (address.protocol !== 'https:' && !(address.protocol === 'http:' && isLoopback(address.hostname))) {
    throw new QrContentError('the QR picture is not offered over https');
  }
  const { response, bytes } = await fetchBytes(
    deps,
    address,
    { headers: { accept: 'image/png, image/jpeg' } },
    IMAGE_TIMEOUT,
  );
  if (response.status >= 500) throw new UpstreamFault(`the QR picture answered HTTP ${response.status}`);
  if (!response.ok) throw new QrContentError(`the QR picture answered HTTP ${response.status}`);
  const type = imageType(bytes);
  if (!type) throw new QrContentError('the QR picture is neither PNG nor JPEG');
  return `data:${type};base64,${Buffer.from(bytes).toString('base64')}`;
}

/** By its first bytes: WeChat says `image/jpg`, others say nothing, and only these two are passed on. */
function imageType(bytes: Uint8Array): 'image/png' | 'image/jpeg' | null {
  const head = Buffer.from(bytes.subarray(0, 4)).toString('hex');
  if (head === '89504e47') return 'image/png';
  return head.startsWith('ffd8ff') ? 'image/jpeg' : null;
}
