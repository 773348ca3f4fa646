import type { SandboxClock } from '../clock.ts';

const PIECES = 8;

/** A body that arrives in pieces, the last one after `ms`. Cancelling it leaves no timer behind. */
export function trickle(clock: SandboxClock, text: string, ms: number): ReadableStream<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  const size = Math.ceil(bytes.length / PIECES);
  let sent = 0;
  let timer: unknown;
  return new ReadableStream<Uint8Array>(
    {
      pull: (controller) =>
        new Promise<void>((resolve) => {
          timer = clock.setTimeout(() => {
            controller.enqueue(bytes.subarray(sent, sent + size));
            sent += size;
            if (sent >= bytes.length) controller.close();
            resolve();
          }, ms / PIECES);
        }),
      cancel: () => clock.clearTimeout(timer),
    },
    // Nothing is read ahead: each piece comes when it is its time.
    { highWaterMark: 0 },
  );
}
