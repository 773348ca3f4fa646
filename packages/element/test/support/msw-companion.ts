import { http, HttpResponse, type RequestHandler } from 'msw';
import { isFinal, RANK, type Snapshot, type Status } from '@wechat-follow-login/protocol';

const encoder = new TextEncoder();

export const RESULT = {
  delivery: 'tokens',
  user: { sub: 'u1', name: 'Li Lei', picture: null },
  tokens: { token_type: 'Bearer', access_token: 'canary-at', id_token: 'canary-it', expires_in: 7200 },
};

/** One companion with one attempt at a time, behind msw's handlers; in-page-worker.ts says why there. */
export class MswCompanion {
  readonly endpoint: string;
  readonly calls: { kind: string; url: string; origin: string | null }[] = [];
  readonly locales: (string | undefined)[] = [];
  status: Status = 'pending';
  more: Partial<Snapshot> = {};
  expiresIn = 120;
  account: { name: string | null; avatar: string | null } | null = { name: 'Example', avatar: null };
  confirmNumber: string | null = null;
  qr: object = { text: 'http://weixin.qq.com/q/02AbCdEfGhIjKlMnOpQrStUvWx' };
  create: (() => Response | Promise<Response>) | null = null;
  claim: (() => Response | Promise<Response>) | null = null;
  #streams = new Set<ReadableStreamDefaultController<Uint8Array>>();

  constructor(name: string) {
    this.endpoint = `https://${name}.example/wechat-login`;
  }

  get streams(): number {
    return this.#streams.size;
  }

  count(kind: string): number {
    return this.calls.filter((call) => call.kind === kind).length;
  }

  set(status: Status, more: Partial<Snapshot> = {}): void {
    this.status = status;
    this.more = more;
    for (const stream of this.#streams) {
      stream.enqueue(this.#frame());
      if (isFinal(status)) {
        this.#streams.delete(stream);
        stream.close();
      }
    }
  }

  handlers(): RequestHandler[] {
    const at = (path: string) => this.endpoint + path;
    const note = (kind: string, { url, headers }: Request) =>
      this.calls.push({ kind, url, origin: headers.get('origin') });
    return [
      http.post(at('/attempts'), async ({ request }) => {
        note('create', request);
        this.locales.push(((await request.json()) as { locale?: string }).locale);
        return this.create?.() ?? this.#attempt();
      }),
      http.get(at('/attempts/:id/events'), ({ request }) => {
        note('stream', request);
        let mine: ReadableStreamDefaultController<Uint8Array>;
        const body = new ReadableStream<Uint8Array>({
          start: (controller) => {
            mine = controller;
            this.#streams.add(controller);
            controller.enqueue(encoder.encode('retry: 2000\n\n'));
            controller.enqueue(this.#frame());
          },
          cancel: () => void this.#streams.delete(mine),
        });
        return new HttpResponse(body, { headers: { 'content-type': 'text/event-stream' } });
      }),
      http.get(at('/attempts/:id'), ({ request }) => {
        note('look', request);
        return HttpResponse.json(this.#snapshot());
      }),
      http.post(at('/attempts/:id/claim'), ({ request }) => {
        note('claim', request);
        return this.claim?.() ?? HttpResponse.json(RESULT);
      }),
      http.delete(at('/attempts/:id'), ({ request }) => {
        note('remove', request);
        return new HttpResponse(null, { status: 204 });
      }),
    ];
  }

  #attempt(): Response {
    const { qr, account, confirmNumber, expiresIn } = this;
    return HttpResponse.json(
      { id: 'a1', watchToken: 'w1', expiresIn, qr, confirmNumber, account, snapshot: this.#snapshot() },
      { status: 201 },
    );
  }

  #snapshot() {
    const { status, expiresIn, more } = this;
    return { seq: RANK[status], status, expiresIn, newFollower: null, user: null, error: null, ...more };
  }

  #frame(): Uint8Array {
    return encoder.encode(`id: ${RANK[this.status]}\nevent: snapshot\ndata: ${JSON.stringify(this.#snapshot())}\n\n`);
  }
}
