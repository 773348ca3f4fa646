import { readFileSync } from 'node:fs';

/** Published data this package's tests are held against; see the `source` of each entry. */
const read = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`./fixtures/${name}`, import.meta.url), 'utf8'));

export interface TicketFixture {
  ticket: string;
  payloadLength: number;
  checksum: number;
  url: string;
  created: number;
  expireSeconds: number;
}

export interface VectorFixture {
  name: string;
  kind: 'url-verify' | 'signature' | 'decrypt';
  expect: string;
  token: string;
  encodingAESKey: string | null;
  appId: string | null;
  timestamp: string;
  nonce: string;
  encrypt: string | null;
  msgSignature: string;
  plaintext: string | null;
  random: string | null;
}

export interface PushFixture {
  name: string;
  mode: 'plaintext' | 'secure' | 'compatible';
  token: string;
  encodingAESKey: string | null;
  appId: string | null;
  decrypted: string | null;
  query: Record<string, string>;
  contentType: string;
  body: string;
}

export const ticketFixtures = read('wechat-tickets.json') as TicketFixture[];
export const vectorFixtures = read('wechat-crypto-vectors.json') as VectorFixture[];
export const pushFixtures = read('wechat-pushes.json') as PushFixture[];
