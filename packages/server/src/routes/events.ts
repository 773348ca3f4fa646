import { isFinal, RANK } from '@wechat-follow-login/protocol';
import type { Call, Reply, Sink } from '../http.ts';
import { shortId } from '../log.ts';
import { toSnapshot, type Attempt } from '../login/attempt.ts';
import type { AttemptState } from '../ports.ts';
import { snapshotFrame, STREAM_HEADERS } from '../sse.ts';
import type { Stream } from '../streams.ts';
import type { Context } from './context.ts';
import { attemptOf } from './token.ts';

/** `GET /attempts/{id}/events` */
export async function events(call: Call, id: string, context: Context): Promise<Reply> {
  const attempt = attemptOf(call, id, context);
  context.streams.admit(attempt.id, call.address);
  const open = (sink: Sink): (() => void) => {
    const stream = context.streams.open(attempt.id, call.address, sink);
    follow(stream, attempt, context).catch((error: unknown) => {
      context.log.error('stream.failed', {
        attempt: shortId(attempt.id),
        cause: error instanceof Error ? error.name : 'unknown',
      });
      stream.end(); // the client comes back and finds what there is
    });
    return () => stream.gone();
  };
  return { status: 200, headers: { ...STREAM_HEADERS }, body: { open } };
}

/** A snapshot now, then one per change, until a final one. */
async function follow(stream: Stream, attempt: Attempt, { store, watch, clock }: Context): Promise<void> {
  let sent = -1;
  const send = (state: AttemptState): void => {
    if (RANK[state.status] <= sent) return;
    sent = RANK[state.status];
    stream.send(snapshotFrame(toSnapshot(attempt, state, clock.now())));
    if (isFinal(state.status)) stream.end();
  };
  // Subscribed before the state is read: a change between the two must not fall through.
  stream.onEnd(await store.subscribe(attempt.id, send));
  send(await watch.fresh(attempt));
  stream.onEnd(watch.listen(attempt));
}
