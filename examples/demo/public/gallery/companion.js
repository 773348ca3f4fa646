// A companion inside the page: what goes to its addresses is answered here by a script and never reaches a network.
import { namesFor, SCRIPTS } from './scripts.js';

/** `.invalid` is reserved (RFC 2606): no such host can exist. */
export const COMPANION = 'https://gallery.invalid';

const RANK = { pending: 0, scanned: 1, confirming: 2, authorized: 3 };
const FINAL = 4;
/** As often as the real one; an element gives up on a stream that is silent for longer. */
const HEARTBEAT_MS = 15_000;
const encoder = new TextEncoder();

/** Takes over `fetch` for the companion's addresses; the rest goes on as before. */
export function playCompanion() {
  const real = globalThis.fetch;
  const attempts = new Map();
  globalThis.fetch = (input, init = {}) => {
    const url = new URL(input instanceof Request ? input.url : input, document.baseURI);
    if (url.origin !== COMPANION) return real(input, init);
    return answer(attempts, url, init);
  };
}

/** Paths are `/SCRIPT/attempts[/ID[/events|/claim]]`. */
async function answer(attempts, { pathname }, { method = 'GET', body, signal }) {
  signal?.throwIfAborted();
  const [, name, , id, verb] = pathname.split('/');
  const script = SCRIPTS[name];
  if (!script) return problem(404, 'not_found', false);
  if (!id) return create(attempts, script, JSON.parse(body), signal);
  const attempt = attempts.get(id);
  if (!attempt) return problem(401, 'invalid_token', false);
  if (method === 'DELETE') {
    attempts.delete(id);
    return new Response(null, { status: 204 });
  }
  if (verb === 'claim') return script.claim === 'never' ? abortOf(signal) : json(200, resultOf(attempt));
  const snapshot = snapshotOf(script, attempt);
  return verb === 'events' ? stream(snapshot, signal) : json(200, snapshot);
}

function create(attempts, { create, life = 120, number = null }, { locale }, signal) {
  if (create === 'never') return abortOf(signal);
  if (create === 'unreachable') throw new TypeError('Failed to fetch');
  if (create) return problem(...create);
  const names = namesFor(locale);
  const id = randomText(22);
  attempts.set(id, { life, user: names.user });
  return json(201, {
    id,
    watchToken: randomText(43),
    expiresIn: life,
    // Of the form and the length of WeChat's own, but of no account.
    qr: { text: `http://weixin.qq.com/q/02${randomText(20)}` },
    confirmNumber: number,
    account: { name: names.account, avatar: null },
    snapshot: snapshotOf({}, { life }),
  });
}

function snapshotOf({ follows = { status: 'pending' } }, { life, user }) {
  const seq = RANK[follows.status] ?? FINAL;
  return {
    seq,
    status: follows.status,
    expiresIn: seq === 0 ? life : 0,
    newFollower: follows.newFollower ?? null,
    user: follows.status === 'authorized' ? { name: user, picture: null } : null,
    error: follows.error ?? null,
  };
}

function resultOf({ user }) {
  return { delivery: 'code', user: { sub: 'nobody', name: user, picture: null }, code: 'for-nothing', expiresIn: 60 };
}

/** wire.md §3: the snapshot at once, then heartbeats until the reader goes; after a final snapshot the end. */
function stream(snapshot, signal) {
  let heart;
  const body = new ReadableStream({
    start(controller) {
      const send = (text) => controller.enqueue(encoder.encode(text));
      send(`retry: 3000\n\nid: ${snapshot.seq}\nevent: snapshot\ndata: ${JSON.stringify(snapshot)}\n\n`);
      if (snapshot.seq === FINAL) return controller.close();
      heart = setInterval(() => send(':\n\n'), HEARTBEAT_MS);
      signal?.addEventListener('abort', () => {
        clearInterval(heart);
        controller.error(signal.reason);
      });
    },
    cancel: () => clearInterval(heart),
  });
  return new Response(body, { headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store' } });
}

const json = (status, body, type = 'application/json') =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': type, 'cache-control': 'no-store' } });

const problem = (status, code, retryable) =>
  json(status, { type: 'about:blank', title: code, status, code, retryable }, 'application/problem+json');

/** The answer that never comes. */
const abortOf = (signal) =>
  new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason), { once: true }));

function randomText(length) {
  const bytes = crypto.getRandomValues(new Uint8Array(length));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .slice(0, length);
}
