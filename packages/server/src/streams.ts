import { HEARTBEAT_SECONDS } from '@wechat-follow-login/protocol';
import { CompanionError } from './errors.ts';
import type { Sink } from './http.ts';
import { OpenCount, peerKey } from './limits.ts';
import type { Clock, Random } from './ports.ts';
import { HEARTBEAT, RETRY, retryLine } from './sse.ts';

/** The open streams of this process: their number, their heartbeats, their end. */
export interface Streams {
  readonly closing: boolean;
  readonly size: number;
  /** Throws CompanionError `too_many_streams`: 429 for this peer, 503 for everybody. */
  admit(attemptId: string, address: string | null): void;
  /** Takes over `sink`: the newest stream of an attempt ends its predecessor. */
  open(attemptId: string, address: string | null, sink: Sink): Stream;
  /** Calls `run` when shutting down; the answered function takes that back. */
  onClosing(run: () => void): () => void;
  /** Ends all streams, spread at random over `over` ms. Resolves when none is left. */
  close(over: number): Promise<void>;
}

export interface Stream {
  send(frame: string): void;
  end(): void;
  /** Called once, however the stream ends. */
  onEnd(run: () => void): void;
  /** The peer has gone. */
  gone(): void;
}

const MAX_STREAMS = { perPeer: 50, all: 2_000 };
const RETRY_AFTER_SECONDS = 3;

export function createStreams({ clock, random }: { clock: Clock; random: Random }): Streams {
  const current = new Map<string, Stream>();
  const all = new Set<Stream>();
  const open = new OpenCount();
  const closingHooks = new Set<() => void>();
  let closing = false;

  return {
    get closing() {
      return closing;
    },
    get size() {
      return all.size;
    },
    admit(attemptId, address) {
      const refuse = (status: number): never => {
        throw new CompanionError('too_many_streams', undefined, { status, retryAfter: RETRY_AFTER_SECONDS });
      };
      if (closing) refuse(503);
      // It would take its predecessor's place: a half-dead line must not lock its owner out.
      if (current.has(attemptId)) return;
      if (all.size >= MAX_STREAMS.all) refuse(503);
      if (address !== null && open.count(peerKey(address)) >= MAX_STREAMS.perPeer) refuse(429);
    },
    open(attemptId, address, sink) {
      const endHooks: Array<() => void> = [];
      let ended = false;
      let timer: unknown;
      const finish = (close: () => void): void => {
        if (ended) return;
        ended = true;
        clock.clearTimeout(timer);
        all.delete(stream);
        if (current.get(attemptId) === stream) current.delete(attemptId);
        if (address !== null) open.remove(peerKey(address));
        for (const run of endHooks) run();
        close();
      };
      // A reader that does not drain is dropped, so that its backlog cannot grow; nobody else waits for it.
      const write = (text: string): void => {
        if (!ended && !sink.write(text)) finish(() => sink.destroy());
      };
      const beat = (ms: number): void => {
        timer = clock.setTimeout(() => {
          write(HEARTBEAT);
          if (!ended) beat(HEARTBEAT_SECONDS * 1000);
        }, ms);
      };
      const stream: Stream = {
        send: write,
        end: () => finish(() => sink.end()),
        onEnd: (run) => void (ended ? run() : endHooks.push(run)),
        gone: () => finish(() => {}),
      };
      current.get(attemptId)?.end();
      current.set(attemptId, stream);
      all.add(stream);
      if (address !== null) open.add(peerKey(address));
      write(retryLine(random.between(RETRY.from, RETRY.to)));
      // The first beat comes at a random time: streams that were opened together must not all beat in one turn.
      if (!ended) beat(random.between(HEARTBEAT_SECONDS * 500, HEARTBEAT_SECONDS * 1000));
      return stream;
    },
    onClosing(run) {
      closingHooks.add(run);
      if (closing) run();
      return () => void closingHooks.delete(run);
    },
    async close(over) {
      closing = true;
      for (const run of [...closingHooks]) run();
      await Promise.all(
        [...all].map(
          (stream) =>
            new Promise<void>((resolve) => {
              const timer = clock.setTimeout(() => stream.end(), random.between(0, over));
              stream.onEnd(() => {
                clock.clearTimeout(timer);
                resolve();
              });
            }),
        ),
      );
    },
  };
}
