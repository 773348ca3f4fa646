import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';

const wasm = readFileSync(createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm'));
prepareZXingModule({ overrides: { wasmBinary: new Uint8Array(wasm).buffer } });

/** What a QR decoder reads off a screenshot (PNG), or undefined. */
export async function scan(png: Uint8Array): Promise<string | undefined> {
  const [hit] = await readBarcodes(new Uint8Array(png), { formats: ['QRCode'], tryHarder: true });
  return hit?.text;
}
