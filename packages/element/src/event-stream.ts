/** Reading `text/event-stream` (WHATWG HTML §9.2.6) from a fetch body; EventSource can send no Authorization header. */

export interface StreamEvent {
  /** `message` where the stream names none. */
  type: string;
  data: string;
}

export interface StreamHandler {
  onEvent(event: StreamEvent): void;
  /** `retry:`, milliseconds. */
  onRetry?(ms: number): void;
}

/** Takes the text in pieces cut anywhere. An event without its closing blank line is never reported. */
export function createEventParser(handler: StreamHandler): (text: string) => void {
  let rest = '';
  let started = false;
  let afterCr = false;
  let type = '';
  let data: string[] = [];

  const takeLine = (line: string) => {
    if (line === '') {
      if (data.length) handler.onEvent({ type: type || 'message', data: data.join('\n') });
      type = '';
      data = [];
      return;
    }
    const colon = line.indexOf(':');
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + (line[colon + 1] === ' ' ? 2 : 1));
    if (field === 'data') data.push(value);
    else if (field === 'event') type = value;
    else if (field === 'retry' && /^\d+$/.test(value)) handler.onRetry?.(Number(value));
  };

  return (text) => {
    // The LF of a CRLF that was cut in two: its line ended with the CR.
    if (afterCr && text[0] === '\n') text = text.slice(1);
    else if (!text) return;
    afterCr = text.endsWith('\r');
    rest += text;
    if (!started) {
      started = true;
      if (rest[0] === '\uFEFF') rest = rest.slice(1);
    }
    let from = 0;
    for (const end of rest.matchAll(/\r\n?|\n/g)) {
      takeLine(rest.slice(from, end.index));
      from = end.index + end[0].length;
    }
    rest = rest.slice(from);
  };
}

/** Reads to the end of the body. `onBytes` is told of every chunk, comments included: they are the heartbeat. */
export async function readEventStream(
  body: ReadableStream<Uint8Array>,
  handler: StreamHandler & { onBytes(): void },
): Promise<void> {
  const parse = createEventParser(handler);
  // ignoreBOM leaves the mark to the parser: WebKit loses track of one that is split over chunks.
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      handler.onBytes();
      parse(decoder.decode(value, { stream: true }));
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}
