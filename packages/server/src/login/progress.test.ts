import assert from 'node:assert/strict';
import test from 'node:test';
import { FakeClock } from '../../test/fake-clock.ts';
import { SILENT } from '../log.ts';
import { createMetrics } from '../metrics.ts';
import type { UpstreamStatus } from '../ports.ts';
import { createMemoryStore } from '../stores/memory.ts';
import type { Attempt } from './attempt.ts';
import { createProgress } from './progress.ts';
import type { Results } from './result.ts';

const clock = new FakeClock();
const attempt: Attempt = {
  id: 'a',
  qrcodeId: 'q',
  ticket: null,
  challenge: 'A'.repeat(43),
  origin: 'https://shop.example',
  locale: null,
  confirmNumber: null,
  browser: null,
  createdAt: clock.now(),
  ttl: 120,
};
const login = { user: { sub: 's', name: null, picture: null }, tokens: {} } as never;
/** A result is held from the first AUTHORIZED on. */
const results: Results = {
  obtain: async () => ({ kind: 'held', user: { name: null, picture: null } }),
  read: async () => login,
  shorten: async () => {},
  destroy: async () => {},
};

test('once a result is held, nothing that Authing says of the spent code takes it away', async () => {
  const store = createMemoryStore(clock);
  const progress = createProgress({
    store,
    results,
    clock,
    log: SILENT,
    metrics: createMetrics(),
    hostedLoginUrl: null,
  });
  await progress.report(attempt, { status: 'authorized', loginTicket: 't', tokenSet: null, user: null });
  const said: UpstreamStatus[] = [
    { status: 'pending' },
    { status: 'scanned' },
    { status: 'cancelled' },
    { status: 'expired' },
    { status: 'step_required' },
    { status: 'failed', code: 'login_failed', retryable: true },
  ];
  for (const report of said) {
    await progress.report(attempt, report);
    assert.equal((await progress.current(attempt)).status, 'authorized', report.status);
  }
});
