import { isFinal, MAX_WAIT_SECONDS, RANK } from '@wechat-follow-login/protocol';
import { CompanionError } from '../errors.ts';
import { json, type Call, type Reply } from '../http.ts';
import { peerKey } from '../limits.ts';
import { toSnapshot, type Attempt } from '../login/attempt.ts';
import type { AttemptState } from '../ports.ts';
import type { Context } from './context.ts';
import { attemptOf } from './token.ts';

const MAX_WAITING = { perPeer: 50, all: 2_000 };

/** `GET /attempts/{id}?wait=20&after=1`: the plain look and the long poll. */
export async function snapshot(call: Call, id: string, context: Context): Promise<Reply> {
  const attempt = attemptOf(call, id, context);
  const wait = wholeNumber(call, 'wait', 0, 0, MAX_WAIT_SECONDS);
  const after = wholeNumber(call, 'after', -1, -1, RANK.claimed);
  let state = await context.watch.fresh(attempt);
  if (wait > 0 && RANK[state.status] <= after && !isFinal(state.status)) {
    state = await held(call, context, () => changed(call, attempt, after, wait * 1000, context), state);
  }
  return json(200, toSnapshot(attempt, state, context.clock.now()));
}

/** Past the limits a long poll is answered at once: the client sees an unchanged state, nobody sees an error. */
async function held(
  call: Call,
  { waiting }: Context,
  wait: () => Promise<AttemptState>,
  now: AttemptState,
): Promise<AttemptState> {
  const keys = call.address === null ? [''] : ['', peerKey(call.address)];
  if (keys.some((key) => waiting.count(key) >= (key === '' ? MAX_WAITING.all : MAX_WAITING.perPeer))) return now;
  for (const key of keys) waiting.add(key);
  try {
    return await wait();
  } finally {
    for (const key of keys) waiting.remove(key);
  }
}

async function changed(
  call: Call,
  attempt: Attempt,
  after: number,
  ms: number,
  { store, watch, progress, clock, streams }: Context,
): Promise<AttemptState> {
  let wake = (): void => {};
  const woken = new Promise<void>((resolve) => {
    wake = resolve;
  });
  const unsubscribe = await store.subscribe(attempt.id, (state) => {
    if (RANK[state.status] > after) wake();
  });
  const release = watch.listen(attempt);
  const timer = clock.setTimeout(wake, ms);
  call.signal.addEventListener('abort', wake, { once: true });
  if (call.signal.aborted) wake(); // gone before there was anybody to hear it
  const forgetClosing = streams.onClosing(wake);
  try {
    // What changed before the subscription stood has woken nobody.
    if (RANK[(await progress.current(attempt)).status] <= after) await woken;
    return await progress.current(attempt);
  } finally {
    forgetClosing();
    call.signal.removeEventListener('abort', wake);
    clock.clearTimeout(timer);
    release();
    unsubscribe();
  }
}

function wholeNumber(call: Call, name: string, fallback: number, from: number, to: number): number {
  const text = call.query.get(name);
  if (text === null) return fallback;
  const value = Number(text);
  if (!/^-?\d+$/.test(text) || value < from || value > to || call.query.getAll(name).length > 1) {
    throw new CompanionError('invalid_request', `"${name}" must be a whole number from ${from} to ${to}`);
  }
  return value;
}
