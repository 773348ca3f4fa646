// A companion at the other end of a real connection: middleware of the server that serves the tests. It answers below
// /network-companion/NAME/wechat-login, reached from another origin as 127.0.0.1 (CORS as wire.md §4 has it). A test
// steers the companion of its NAME: PUT /network-companion/NAME {"status":…} makes a snapshot, GET tells what came in.
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';

const PLACE = /^\/network-companion\/([\w-]+)(\/wechat-login\/attempts(?:\/a1)?(?:\/(?:events|claim))?)?$/;
const RANK = { pending: 0, scanned: 1, authorized: 3 };
const RESULT = {
  delivery: 'tokens',
  user: { sub: 'u1', name: 'Li Lei', picture: null },
  tokens: { token_type: 'Bearer', access_token: 'at', id_token: 'it', expires_in: 7200 },
};
const CORS = {
  'access-control-allow-headers': 'authorization, content-type, last-event-id',
  'access-control-allow-methods': 'GET, POST, DELETE',
  'access-control-max-age': '600',
  vary: 'Origin',
};

export function networkCompanion() {
  const companions = new Map();
  return async function answer(context, next) {
    const [, name, call] = PLACE.exec(context.path) ?? [];
    if (!name) return next();
    if (!companions.has(name)) companions.set(name, new Companion());
    const companion = companions.get(name);
    if (call) await companion.answer(context);
    else if (context.method === 'PUT') companion.set(JSON.parse(await text(context.req)).status);
    else context.body = { calls: companion.calls, streams: companion.streams.size };
    context.body ??= ''; // else the rest of the server would take it for unanswered
  };
}

class Companion {
  status = 'pending';
  calls = [];
  streams = new Set();

  set(status) {
    this.status = status;
    for (const stream of this.streams) stream.write(this.#frame());
  }

  async answer(context) {
    const { method, path, req } = context;
    this.calls.push({
      method,
      path: path.slice(path.indexOf('/attempts')),
      origin: req.headers.origin ?? null,
      authorization: req.headers.authorization ?? null,
    });
    context.set({ ...CORS, 'access-control-allow-origin': req.headers.origin ?? '', 'cache-control': 'no-store' });
    if (method === 'OPTIONS' || method === 'DELETE') context.status = 204;
    else if (path.endsWith('/events')) this.#stream(context);
    else if (path.endsWith('/claim')) context.body = RESULT;
    else if (method === 'GET') context.body = this.#snapshot();
    else this.#create(context);
  }

  #create(context) {
    context.status = 201;
    context.body = {
      id: 'a1',
      watchToken: 'w1',
      expiresIn: 120,
      qr: { text: 'http://weixin.qq.com/q/02AbCdEfGhIjKlMnOpQrStUvWx' },
      confirmNumber: null,
      account: null,
      snapshot: this.#snapshot(),
    };
  }

  #stream(context) {
    const stream = new PassThrough();
    stream.write(`retry: 2000\n\n${this.#frame()}`);
    this.streams.add(stream);
    context.res.once('close', () => this.streams.delete(stream));
    context.type = 'text/event-stream';
    context.body = stream;
  }

  #snapshot() {
    const { status } = this;
    return { seq: RANK[status], status, expiresIn: 120, newFollower: null, user: null, error: null };
  }

  #frame() {
    return `id: ${RANK[this.status]}\nevent: snapshot\ndata: ${JSON.stringify(this.#snapshot())}\n\n`;
  }
}
