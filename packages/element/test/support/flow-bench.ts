import assert from 'node:assert/strict';
import type { ClaimResult } from '@wechat-follow-login/protocol';
import { LoginFlow, type LoginFlowOptions } from '../../src/flow.ts';
import { FakeClock, settle } from './fake-clock.ts';
import { FakeCompanion } from './fake-companion.ts';

const ENDPOINT = 'https://login.example.com/wechat-login';

/** A flow with its companion, and everything that it tells. */
export function setUp(options: Partial<LoginFlowOptions> = {}) {
  const clock = new FakeClock();
  const companion = new FakeCompanion(clock);
  const flow = new LoginFlow({ endpoint: ENDPOINT, fetch: companion.fetch, clock, random: () => 0.5, ...options });
  const seen = {
    states: [] as string[],
    statuses: [] as string[],
    scans: [] as unknown[],
    results: [] as ClaimResult[],
    errors: [] as { code: string; retryable: boolean; message: string }[],
    expired: 0,
    steps: [] as unknown[],
  };
  flow.on('state', ({ name }) => seen.states.push(name));
  flow.on('status', ({ status }) => seen.statuses.push(status));
  flow.on('scan', (detail) => seen.scans.push(detail));
  flow.on('success', (result) => seen.results.push(result));
  flow.on('error', (detail) => seen.errors.push(detail));
  flow.on('expire', () => seen.expired++);
  flow.on('step-required', (detail) => seen.steps.push(detail));
  return { clock, companion, flow, seen };
}

/** A flow whose first code is on screen. */
export async function ready(options: Partial<LoginFlowOptions> = {}) {
  const all = setUp(options);
  all.flow.start();
  await settle();
  assert.equal(all.flow.state.name, 'ready');
  return all;
}
