import assert from 'node:assert/strict';
import test from 'node:test';
import type { Log } from './ports.ts';
import { createPeerAddress, isAddressOrCidr } from './trust-proxy.ts';

function recordingLog(): { log: Log; warnings: string[] } {
  const warnings: string[] = [];
  return { warnings, log: { debug() {}, info() {}, error() {}, warn: (event) => void warnings.push(event) } };
}

test('without trusted proxies the socket tells who it is, and one warning says that a header was ignored', () => {
  const { log, warnings } = recordingLog();
  const peer = createPeerAddress([], log);
  assert.equal(peer('203.0.113.9', null), '203.0.113.9');
  assert.equal(peer('203.0.113.9', '198.51.100.1'), '203.0.113.9');
  assert.equal(peer('203.0.113.9', '198.51.100.2'), '203.0.113.9');
  assert.deepEqual(warnings, ['proxy.untrusted']);
});

test('behind a trusted proxy the right-most hop that is not trusted counts', () => {
  const peer = createPeerAddress(['127.0.0.1', '10.0.0.0/8', 'fd00::/8'], recordingLog().log);
  assert.equal(peer('127.0.0.1', '198.51.100.1'), '198.51.100.1');
  assert.equal(peer('::ffff:127.0.0.1', '198.51.100.1'), '198.51.100.1');
  assert.equal(peer('10.2.3.4', '6.6.6.6, 198.51.100.1, 10.0.0.7'), '198.51.100.1');
  assert.equal(peer('fd00::1', '2001:db8::5'), '2001:db8::5');
  assert.equal(peer('10.2.3.4', '198.51.100.1:4711'), '198.51.100.1');
  assert.equal(peer('10.2.3.4', '[2001:db8::5]:443'), '2001:db8::5');
});

test('what a client writes into the header itself does not count', () => {
  const peer = createPeerAddress(['10.0.0.0/8'], recordingLog().log);
  assert.equal(peer('10.0.0.1', '127.0.0.1, 198.51.100.1'), '198.51.100.1');
  assert.equal(peer('10.0.0.1', 'nonsense'), '10.0.0.1');
  assert.equal(peer('10.0.0.1', ''), '10.0.0.1');
  assert.equal(peer('11.0.0.1', '198.51.100.1'), '11.0.0.1');
});

test('entries that are neither address nor CIDR are told apart', () => {
  for (const good of ['10.0.0.1', '10.0.0.0/8', '::1', 'fd00::/8', '0.0.0.0/0']) assert.ok(isAddressOrCidr(good), good);
  for (const bad of ['', '10.0.0', '10.0.0.0/33', '::/129', 'proxy', '10.0.0.0/8/8', '10.0.0.0/']) {
    assert.ok(!isAddressOrCidr(bad), bad);
  }
  assert.throws(() => createPeerAddress(['proxy'], recordingLog().log), /"trustProxy".*proxy/);
});
