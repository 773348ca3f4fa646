import { SNAPSHOT_EVENT, type Snapshot } from '@wechat-follow-login/protocol';

/** Milliseconds a client waits before it comes back: random, so that a restart is not followed by a stampede. */
export const RETRY = { from: 1_500, to: 4_500 };

export const STREAM_HEADERS: Readonly<Record<string, string>> = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-store, no-transform',
  // nginx holds a stream back to its end without this; `no-transform` alone does not help.
  'x-accel-buffering': 'no',
};

export function retryLine(ms: number): string {
  return `retry: ${Math.round(ms)}\n\n`;
}

/** One frame. JSON escapes CR and LF, so that data is one line whatever a nickname holds. */
export function snapshotFrame(snapshot: Snapshot): string {
  return `id: ${snapshot.seq}\nevent: ${SNAPSHOT_EVENT}\ndata: ${JSON.stringify(snapshot)}\n\n`;
}

/** A comment: keeps proxies from cutting the line and tells the client that it lives. */
export const HEARTBEAT = ': \n\n';
