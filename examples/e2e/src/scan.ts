import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import jsQR from 'jsqr';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';
import type { Picture } from './png.ts';

const wasm = readFileSync(createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm'));
prepareZXingModule({ overrides: { wasmBinary: new Uint8Array(wasm).buffer } });

/** What a QR decoder reads off a screenshot (PNG, or its pixels), or undefined. */
export async function scan(image: Uint8Array | Picture): Promise<string | undefined> {
  const source = image instanceof Uint8Array ? new Uint8Array(image) : (image as ImageData);
  const [hit] = await readBarcodes(source, { formats: ['QRCode'], tryHarder: true });
  return hit?.text;
}

/** The same by a decoder that shares nothing with the first. Inverted codes are none to it, as to many a phone. */
export function secondOpinion({ data, width, height }: Picture): string | undefined {
  return jsQR.default(data, width, height, { inversionAttempts: 'dontInvert' })?.data;
}
