/** HTTP as the routes see it, so that the fetch adapter and the node adapter share everything above the socket. */

export interface Call {
  method: string;
  /** The whole path, e.g. `/wechat-login/attempts/Jk3…`. */
  path: string;
  query: URLSearchParams;
  /** The query as it came, without `?`. */
  search: string;
  /** What the request says it was sent to, host and port. It decides nothing by itself: whoever asks chooses it. */
  host: string | null;
  /** Of the peer, as the embedding server tells it; null where it does not. */
  address: string | null;
  /** Aborted when the peer has gone. */
  signal: AbortSignal;
  /** Null when absent. `name` in lower case. */
  header(name: string): string | null;
  /** The body; throws CompanionError `body_too_large` above `limit` bytes. */
  body(limit: number): Promise<Uint8Array>;
}

/** Where a stream is written to. */
export interface Sink {
  /** False when the reader has not drained what it was given: the stream is to be dropped. */
  write(text: string): boolean;
  end(): void;
  /** Ends without a tidy finish: for a reader that does not drain. */
  destroy(): void;
}

export interface Reply {
  status: number;
  headers: Record<string, string>;
  /** A whole body, or a stream that `open` starts; what `open` answers is called once when the peer goes. */
  body: string | Uint8Array | null | { open(sink: Sink): () => void };
}

export function json(status: number, value: unknown, headers: Record<string, string> = {}): Reply {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(value) };
}
