import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Qr } from '@wechat-follow-login/protocol';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';

const wasm = readFileSync(createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm'));
prepareZXingModule({ overrides: { wasmBinary: new Uint8Array(wasm).buffer } });

/** What a phone reads off the code: its text, or what a decoder sees in the picture. */
export async function readQr(qr: Qr): Promise<string> {
  if ('text' in qr) return qr.text;
  const picture = Buffer.from(qr.image.slice(qr.image.indexOf(',') + 1), 'base64');
  const [hit] = await readBarcodes(new Uint8Array(picture), { formats: ['QRCode'], tryHarder: true });
  if (!hit) throw new Error('the picture holds no QR code');
  return hit.text;
}
