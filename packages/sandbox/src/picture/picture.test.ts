import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import test from 'node:test';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';
import { createCode, qrTextOf } from '../../test/support.ts';
import { createSandbox } from '../index.ts';
import { jpegOf } from './jpeg.ts';
import { pngOf } from './png.ts';
import { qrMatrix } from './qr-matrix.ts';

const wasm = readFileSync(createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm'));
prepareZXingModule({ overrides: { wasmBinary: new Uint8Array(wasm).buffer } });

const scan = async (picture: Uint8Array): Promise<string | undefined> =>
  (await readBarcodes(picture, { formats: ['QRCode'] }))[0]?.text;

const TEXT = 'http://weixin.qq.com/q/02abc-_DEF0123456789xyz';

test('a scanner nobody here wrote reads the PNG and the JPEG', async () => {
  assert.equal(await scan(pngOf(qrMatrix(TEXT))), TEXT);
  assert.equal(await scan(pngOf(qrMatrix(TEXT), 3)), TEXT);
  assert.equal(await scan(jpegOf(qrMatrix(TEXT))), TEXT);
});

test('the picture at the address of a code shows what its ticket says', async () => {
  for (const form of ['png-ticket', 'showqrcode'] as const) {
    const sandbox = createSandbox({ switches: { O2: form } });
    const code = await createCode(sandbox);
    const response = await sandbox.fetch(new Request(code.url));
    assert.equal(response.status, 200);
    assert.equal(await scan(new Uint8Array(await response.arrayBuffer())), qrTextOf(code));
  }
});

test('a redirecting picture ends at the same code', async () => {
  const sandbox = createSandbox({ switches: { O2: 'redirect' } });
  const code = await createCode(sandbox);
  const first = await sandbox.fetch(new Request(code.url));
  assert.equal(first.status, 302);
  const second = await sandbox.fetch(new Request(first.headers.get('location') ?? ''));
  assert.equal(await scan(new Uint8Array(await second.arrayBuffer())), qrTextOf(code));
});
