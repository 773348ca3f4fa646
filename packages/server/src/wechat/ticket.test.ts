import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import fc from 'fast-check';
import { decodeTicket } from './ticket.ts';

interface Fixture {
  ticket: string;
  url: string;
  created: number;
  expireSeconds: number;
}
const fixtures = JSON.parse(
  readFileSync(new URL('../../test/fixtures/wechat-tickets.json', import.meta.url), 'utf8'),
) as Fixture[];

test('all 56 real tickets decode to their url, creation time and expiry', () => {
  assert.equal(fixtures.length, 56);
  for (const { ticket, url, created, expireSeconds } of fixtures) {
    assert.deepEqual(decodeTicket(ticket), { url, created, expireSeconds }, url);
  }
});

test('a ticket with any one character changed is refused or says the same', () => {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  let refused = 0;
  fc.assert(
    fc.property(fc.constantFrom(...fixtures), fc.nat(95), fc.constantFrom(...alphabet), ({ ticket }, at, to) => {
      if (ticket[at] === to) return;
      const decoded = decodeTicket(ticket.slice(0, at) + to + ticket.slice(at + 1));
      // `/` and `-` are one digit in two spellings; every real change is caught by checksum or layout.
      const sameDigit = ['/-', '-/', '+_', '_+'].includes(`${ticket[at]}${to}`);
      if (!sameDigit) {
        assert.equal(decoded, null);
        refused++;
      }
    }),
    { numRuns: 2000 },
  );
  assert.ok(refused > 1000);
});

test('a ticket read with the alphabet of RFC 4648 would fail, so the swapped one is in use', () => {
  const swapped = fixtures.filter(({ ticket }) => /[-_]/.test(ticket));
  assert.equal(swapped.length, 6);
  for (const { ticket } of swapped) {
    const asRfc = ticket.replaceAll('-', '+').replaceAll('_', '/');
    assert.equal(decodeTicket(asRfc), null);
  }
});

test('cut, lengthened, and foreign texts are refused', () => {
  const { ticket } = fixtures[20]!;
  for (const text of [
    '',
    'gQ',
    ticket.slice(0, -4),
    `${ticket}AAAA`,
    ` ${ticket}`,
    'x'.repeat(96),
    `gQH${'A'.repeat(93)}`,
  ]) {
    assert.equal(decodeTicket(text), null, JSON.stringify(text));
  }
  fc.assert(fc.property(fc.string(), (text) => decodeTicket(text) === null));
});
