// Plays the companion inside a page: a script for the page, added before anything else runs. For tests that need each
// answer at a moment of their own; whatever needs a real server has one.
globalThis.companion = {
  /** Of the next attempts. */
  attempt: { expiresIn: 120, confirmNumber: null, account: { name: 'Lantern Leaf', avatar: null } },
  text: 'http://weixin.qq.com/q/02AbCdEfGhIjKlMnOpQrStUv',
  /** Instead of `text`, by the last part of the endpoint's path. */
  texts: {},
  /** Answers a new attempt in place of a code: `{status, body}`; 'never' leaves it open. */
  refusal: null,
  /** Leaves claims without an answer. */
  holdsClaims: false,
  /** 'POST /attempts' and the like, oldest first. */
  calls: [],
  streams: [],
  /** Tells the newest attempt's stream what has changed. */
  tell(change) {
    const snapshot = { expiresIn: 100, newFollower: null, user: null, error: null, ...change };
    this.streams
      .at(-1)
      .enqueue(new TextEncoder().encode(`id: ${snapshot.seq}\nevent: snapshot\ndata: ${JSON.stringify(snapshot)}\n\n`));
  },
};
globalThis.fetch = async (url, { method = 'GET', signal } = {}) => {
  const { companion } = globalThis;
  const [, place, path] = /^https?:\/\/[^/]+\/([^/]*)(\/.*)$/.exec(url);
  companion.calls.push(`${method} ${path}`);
  const never = new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
  const json = (body, status = 200) =>
    new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } });
  const pending = { seq: 0, status: 'pending', expiresIn: 100, newFollower: null, user: null, error: null };

  if (path === '/attempts') {
    const { refusal } = companion;
    if (refusal === 'never') return never;
    if (refusal) return json(refusal.body, refusal.status);
    const id = `attempt-${companion.calls.length}-0123456`.slice(0, 22).padEnd(22, 'x');
    const text = companion.texts[place] ?? companion.text;
    return json({ id, watchToken: `token-${id}`, qr: { text }, ...companion.attempt, snapshot: pending }, 201);
  }
  if (path.endsWith('/events')) {
    const body = new ReadableStream({
      start(stream) {
        companion.streams.push(stream);
        signal?.addEventListener('abort', () => stream.error(signal.reason));
        stream.enqueue(new TextEncoder().encode('retry: 2000\n\n'));
      },
    });
    return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
  }
  if (path.endsWith('/claim')) {
    if (companion.holdsClaims) return never;
    const user = { sub: 'person', name: 'Lin', picture: null };
    return json({
      delivery: 'tokens',
      user,
      tokens: { token_type: 'Bearer', access_token: 'a', id_token: 'i', expires_in: 7200, scope: 'openid' },
    });
  }
  return method === 'DELETE' ? new Response(null, { status: 204 }) : json(pending);
};
