// The network between a page and its server, the same for both contestants: every call takes `latency` there and back, and one of
// them may meet a fault. It runs on a clock that is told to go on, so that a minute takes some milliseconds.

/**
 * What can happen to one call.
 * @typedef {object} Fault
 * @property {'request' | 'answer' | 'silently'} [lose] the connection breaks before or after the server's work, or nobody ever hears of it again
 * @property {boolean} [repeat] the request arrives twice, the page gets the second answer; frames of a stream come twice each
 * @property {number} [late] the answer takes so many ms longer: one that is asked for later overtakes it
 * @property {number} [swap] the frame of that number comes after the next one
 * @property {number} [cut] the body ends after so many bytes
 * @property {'reset' | 'closed'} [end] how it ends then
 */

export const broken = () => new TypeError('network error');

/**
 * @template T
 * @param {{ clock, latency: number, fault?: Fault, signal?: AbortSignal | null }} way
 * @param {() => Promise<T>} serve the server's work
 * @returns {Promise<T>} when the head of the answer is there
 */
export async function carry({ clock, latency, fault = {}, signal }, serve) {
  signal?.throwIfAborted();
  const aborted = new Promise((_, reject) =>
    signal?.addEventListener('abort', () => reject(signal.reason), { once: true }),
  );
  aborted.catch(() => {});
  const orAborted = (promise) => Promise.race([promise, aborted]);

  await orAborted(clock.wait(latency / 2));
  if (fault.lose === 'request') throw broken();
  if (fault.repeat) await orAborted(serve());
  const answer = await orAborted(serve());
  await orAborted(clock.wait(latency / 2 + (fault.late ?? 0)));
  if (fault.lose === 'answer') throw broken();
  if (fault.lose === 'silently') await aborted;
  return answer;
}

/** The body of an answer on its way: each chunk of it takes half the latency, behind the head. */
export function slowBody(response, { clock, latency, fault = {}, signal }) {
  if (!response.body) return response;
  const { repeat, swap, cut = Infinity, end = 'reset' } = fault;
  const isStream = response.headers.get('content-type') === 'text/event-stream';
  const reader = response.body.getReader();
  let left = cut;
  let over = false;
  const body = new ReadableStream({
    start(controller) {
      signal?.addEventListener('abort', () => {
        if (!over) controller.error(signal.reason);
        over = true;
        reader.cancel().catch(() => {});
      });
      const finish = (how) => {
        if (over) return;
        over = true;
        if (how === 'closed') controller.close();
        else controller.error(broken());
        reader.cancel().catch(() => {});
      };
      const arrive = (chunk) => {
        if (over) return;
        if (chunk.length < left) controller.enqueue(chunk);
        else if (left > 0) controller.enqueue(chunk.slice(0, left));
        left -= chunk.length;
        if (left <= 0) finish(end);
      };
      const pump = async () => {
        if (left === 0) return finish(end);
        let held = null;
        for (let frame = 0; ; frame++) {
          const { done, value } = await reader.read();
          const chunks = [];
          if (value) chunks.push(value);
          if (value && repeat && isStream) chunks.push(value);
          if (held) chunks.push(held);
          held = null;
          if (value && isStream && frame === swap) held = chunks.shift();
          // What is sent in one moment arrives in one, and in order: equal waits end in the order in which they began.
          if (isStream) clock.setTimeout(() => chunks.forEach(arrive), latency / 2);
          else chunks.forEach(arrive); // a small body comes with its head
          if (!done) continue;
          if (isStream) clock.setTimeout(() => finish('closed'), latency / 2);
          else finish('closed');
          return;
        }
      };
      pump().catch(() => finish('reset'));
    },
    cancel() {
      over = true;
      return reader.cancel();
    },
  });
  return new Response(body, response);
}
