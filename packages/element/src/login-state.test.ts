import assert from 'node:assert/strict';
import test from 'node:test';
import { RANK, type Snapshot, type Status } from '@wechat-follow-login/protocol';
import fc from 'fast-check';
import { LoginError } from './errors.ts';
import { hasEnded, initialState, type LoginInput, type LoginState, reduce } from './login-state.ts';

const account = { name: 'Example', avatar: null };
const code = { qr: { text: 'x' }, confirmNumber: '42', account, since: 0, until: 1, renews: false };
const snapshotOf = (status: Status): Snapshot => ({
  seq: RANK[status],
  status,
  expiresIn: 1,
  newFollower: true,
  user: null,
  error: { code: status, retryable: true },
});

const later: LoginInput[] = [
  { type: 'waiting' },
  { type: 'code', code },
  ...(Object.keys(RANK) as Status[]).map(
    (status) => ({ type: 'snapshot', snapshot: snapshotOf(status), code }) as const,
  ),
  { type: 'success', user: { name: 'Li', picture: null } },
  { type: 'expired' },
  { type: 'cancelled' },
  { type: 'failed', error: new LoginError('network', '', { retryable: true }) },
];

test('an end absorbs whatever comes late, until a new beginning', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...later)), (inputs) => {
      let state: LoginState = initialState;
      for (const input of inputs) {
        const next = reduce(state, input);
        if (hasEnded(state)) assert.equal(next, state);
        state = next;
      }
      assert.equal(reduce(state, { type: 'begin' }).name, 'loading');
    }),
  );
});

test('each snapshot leads to the state that tells of it', () => {
  const start = reduce(initialState, { type: 'code', code });
  const names = Object.fromEntries(
    (Object.keys(RANK) as Status[]).map((status) => [
      status,
      reduce(start, { type: 'snapshot', snapshot: snapshotOf(status), code }).name,
    ]),
  );
  assert.deepEqual(names, {
    pending: 'ready',
    scanned: 'scanned',
    confirming: 'confirming',
    authorized: 'authorized',
    claimed: 'authorized',
    expired: 'ready',
    cancelled: 'ready',
    failed: 'ready',
    step_required: 'step-required',
  });
});

test('the account stays known once it was told', () => {
  const states = [{ type: 'code', code } as const, ...later, { type: 'begin' } as const].reduce(
    (all, input) => [...all, reduce(all.at(-1)!, input)],
    [initialState],
  );
  assert.ok(states.slice(1).every((state) => state.account === account));
});

test('what changes nothing returns the same state', () => {
  const failed = reduce(initialState, { type: 'failed', error: new LoginError('network', 'a') });
  assert.equal(reduce(failed, { type: 'failed', error: new LoginError('network', 'b') }), failed);
  const waiting = reduce(initialState, { type: 'waiting' });
  assert.equal(reduce(waiting, { type: 'waiting' }), waiting);
});
