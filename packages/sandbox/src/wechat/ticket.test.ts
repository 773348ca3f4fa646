import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { ticketFixtures } from '../../test/fixtures.ts';
import { decodeTicket, encodeTicket } from './ticket.ts';

test('all 56 published tickets decode to their url, creation time, expiry and checksum', () => {
  assert.equal(ticketFixtures.length, 56);
  for (const { ticket, payloadLength, checksum, url, created, expireSeconds } of ticketFixtures) {
    assert.deepEqual(decodeTicket(ticket), { url, created, expireSeconds, payloadLength, checksum }, ticket);
  }
});

test('all 56 published tickets encode back byte for byte, in both layouts', () => {
  for (const fixture of ticketFixtures) assert.equal(encodeTicket(fixture), fixture.ticket);
  assert.deepEqual(new Set(ticketFixtures.map(({ payloadLength }) => payloadLength)), new Set([58, 60]));
});

test('a ticket with one changed character is refused', () => {
  for (const { ticket, payloadLength } of ticketFixtures) {
    // Behind the checksum; the last character of the padded layout holds bits nobody reads.
    for (const at of [20, 40, 60, payloadLength === 60 ? 95 : 92]) {
      const changed = ticket[at] === 'A' ? 'B' : 'A';
      assert.equal(decodeTicket(ticket.slice(0, at) + changed + ticket.slice(at + 1)), null);
    }
    assert.equal(decodeTicket(ticket.slice(0, -4)), null);
  }
});

test('the alphabet is swapped against RFC 4648: read the other way round, the checksum does not fit', () => {
  const affected = ticketFixtures.filter(({ ticket }) => /[-_]/.test(ticket));
  assert.equal(affected.length, 6);
  for (const { ticket } of affected) {
    const swapped = ticket.replace(/[-_]/g, (letter) => (letter === '-' ? '_' : '-'));
    assert.equal(decodeTicket(swapped), null);
  }
});

test('any code and time survives encoding and decoding, in 96 characters', () => {
  const letters = fc.constantFrom(...'ABCxyz019-_');
  const urls = fc
    .string({ unit: letters, minLength: 20, maxLength: 20 })
    .map((code) => `http://weixin.qq.com/q/02${code}`);
  const times = fc.integer({ min: 0, max: 0xffffffff });
  fc.assert(
    fc.property(urls, times, times, (url, created, expireSeconds) => {
      const ticket = encodeTicket({ url, created, expireSeconds });
      assert.match(ticket, /^gQ[A-Za-z0-9_-]{94}$/);
      const decoded = decodeTicket(ticket);
      assert.deepEqual([decoded?.url, decoded?.created, decoded?.expireSeconds], [url, created, expireSeconds]);
    }),
  );
});

test('text that is no ticket is refused without throwing', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.base64String()), (text) => {
      assert.equal(decodeTicket(text), null);
    }),
  );
});
