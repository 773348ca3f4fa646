import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { createEventParser, readEventStream, type StreamEvent } from './event-stream.ts';

function parse(chunks: string[]) {
  const events: StreamEvent[] = [];
  const retries: number[] = [];
  const push = createEventParser({ onEvent: (event) => events.push(event), onRetry: (ms) => retries.push(ms) });
  chunks.forEach(push);
  return { events, retries };
}

const chunkings = (text: string) =>
  fc.array(fc.nat(text.length), { maxLength: 12 }).map((cuts) => {
    const at = [0, ...cuts.sort((a, b) => a - b), text.length];
    return at.slice(1).map((end, i) => text.slice(at[i], end));
  });

/** A stream with the events it stands for, in any mix of line ends, comments and unknown fields. */
const stream = fc
  .record({
    bom: fc.boolean(),
    eol: fc.constantFrom('\n', '\r', '\r\n'),
    blocks: fc.array(
      fc.record({
        type: fc.constantFrom('', 'snapshot', 'x y'),
        data: fc.array(
          fc.string({ unit: 'grapheme' }).map((s) => s.replace(/[\r\n]/g, '')),
          { minLength: 1, maxLength: 3 },
        ),
        noise: fc.constantFrom([], [':'], [': beat', 'id: 3', 'foo', 'foo: bar', 'retry: 12x']),
      }),
      { maxLength: 5 },
    ),
  })
  .map(({ bom, eol, blocks }) => ({
    text:
      (bom ? '\uFEFF' : '') +
      blocks
        .flatMap(({ type, data, noise }) => [
          ...noise,
          ...(type ? [`event: ${type}`] : []),
          ...data.map((line) => `data: ${line}`),
          '',
        ])
        .map((line) => line + eol)
        .join(''),
    events: blocks.map(({ type, data }) => ({ type: type || 'message', data: data.join('\n') })),
  }));

test('a stream means the same however it is cut and whichever line ends it has', () => {
  fc.assert(
    fc.property(
      stream.chain(({ text, events }) => fc.record({ chunks: chunkings(text), events: fc.constant(events) })),
      ({ chunks, events }) => assert.deepEqual(parse(chunks).events, events),
    ),
    { numRuns: 500 },
  );
});

test('any text at all is read without an error', () => {
  fc.assert(fc.property(fc.array(fc.string()), (chunks) => void parse(chunks)));
});

test('the forms of a field that the standard names', () => {
  const { events, retries } = parse([
    'data\n\ndata: a\ndata:  b\ndata:c\n\nretry: 2500\nretry:-1\nretry: 1.5\n:\n\ndata: never ended\n',
  ]);
  assert.deepEqual(events, [
    { type: 'message', data: '' },
    { type: 'message', data: 'a\n b\nc' },
  ]);
  assert.deepEqual(retries, [2500]);
});

test('an event ends with its blank line, not with the byte after it', () => {
  assert.equal(parse(['data: x\r\r']).events.length, 1);
  assert.equal(parse(['data: x\r\n\r']).events.length, 1);
  assert.equal(parse(['data: x\r\n\r', '\n', 'data: y\n\n']).events.length, 2);
});

test('a character that is cut between two chunks stays whole, and every chunk is heard', async () => {
  const bytes = new TextEncoder().encode('\uFEFFdata: 扫码 🙂\n\n: beat\n\n');
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
      controller.close();
    },
  });
  const events: StreamEvent[] = [];
  let chunks = 0;
  await readEventStream(body, { onEvent: (event) => events.push(event), onBytes: () => chunks++ });
  assert.deepEqual(events, [{ type: 'message', data: '扫码 🙂' }]);
  assert.equal(chunks, bytes.length);
});
