// What a page downloads: not more than promised, and nothing of the server's or the provider's in it.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { inWords, weigh } from './compressed.mjs';
import { root } from './local.mjs';
import { report } from './sources.mjs';

const DROP_IN = 'wechat-follow-login.min.js';
const DROP_IN_BROTLI_BYTES = 17_000;

/** The element knows its companion and nobody else; these words come from behind it. */
const NOT_IN_A_PAGE = [
  '/api/v3/',
  'authing',
  'api.weixin.qq.com',
  'client_secret',
  'appSecret',
  'APP_SECRET',
  'aes-256',
];

const dist = path.join(root, 'packages/element/dist');
const complaints = [];

const weight = weigh(readFileSync(path.join(dist, DROP_IN)));
console.log(`${DROP_IN}: ${inWords(weight)}`);
if (weight.brotli > DROP_IN_BROTLI_BYTES) {
  complaints.push(`${DROP_IN} weighs ${weight.brotli} bytes with brotli; promised are ${DROP_IN_BROTLI_BYTES}`);
}
const scripts = readdirSync(dist, { recursive: true }).filter((file) => file.endsWith('.js'));
for (const file of scripts) {
  const code = readFileSync(path.join(dist, file), 'utf8').toLowerCase();
  for (const word of NOT_IN_A_PAGE) {
    if (code.includes(word.toLowerCase())) complaints.push(`packages/element/dist/${file} holds "${word}"`);
  }
}
report('size', `${scripts.length} scripts`, complaints);
