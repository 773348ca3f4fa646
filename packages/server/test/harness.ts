import { createHash, randomBytes } from 'node:crypto';
import type { Attempt, Snapshot } from '@wechat-follow-login/protocol';
import { createCompanion, type Companion, type CompanionOptions } from '../src/index.ts';
import { createLog } from '../src/log.ts';
import { FakeClock, settle } from './fake-clock.ts';
import { APP, ScriptedAuthing } from './scripted-authing.ts';

export const PAGE = 'https://shop.example';
const BASE = 'https://login.example/wechat-login';

/** A companion on a clock that stands still, its log, and the calls a browser makes. */
export class Harness {
  readonly clock: FakeClock;
  readonly authing = new ScriptedAuthing();
  readonly log: string[] = [];
  readonly secrets = [randomBytes(32)];
  companion: Companion;
  readonly #options: Partial<CompanionOptions>;

  constructor(options: Partial<CompanionOptions> = {}, clock = new FakeClock()) {
    this.#options = options;
    this.clock = clock;
    this.companion = this.#start();
  }

  #start(): Companion {
    return createCompanion({
      allowedOrigins: [PAGE, 'https://other.example'],
      authing: { appHost: APP.host, appId: APP.id, appSecret: APP.secret },
      secrets: this.secrets,
      fetch: this.authing.fetch,
      clock: this.clock,
      log: createLog(
        'debug',
        'json',
        (line) => this.log.push(line),
        () => this.clock.now(),
      ),
      ...this.#options,
    });
  }

  /** kill -9 and start again: same secrets, nothing else kept. */
  restart(): void {
    this.companion = this.#start();
  }

  request(path: string, { method = 'GET', headers = {}, body, address, signal }: CallOptions = {}): Promise<Response> {
    const init: RequestInit = { method, headers: { origin: PAGE, ...headers } as Record<string, string> };
    if (body !== undefined) init.body = typeof body === 'string' ? body : JSON.stringify(body);
    if (signal) init.signal = signal;
    const request = new Request(`${BASE}${path}`, init);
    for (const [name, value] of Object.entries(headers)) if (value === null) request.headers.delete(name);
    return this.companion.fetch(request, address === undefined ? {} : { address });
  }

  async begin({
    locale = 'zh-CN',
    userAgent = 'test',
    origin = PAGE,
  }: { locale?: string; userAgent?: string; origin?: string } = {}): Promise<Browser> {
    const verifier = randomBytes(32).toString('base64url');
    const challenge = createHash('sha256').update(verifier).digest('base64url');
    const response = await this.request('/attempts', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'user-agent': userAgent, origin },
      body: { challenge, locale },
    });
    if (response.status !== 201) throw new Error(`begin: HTTP ${response.status}`);
    return new Browser(this, (await response.json()) as Attempt, verifier);
  }
}

export interface CallOptions {
  method?: string;
  headers?: Record<string, string | null>;
  body?: unknown;
  address?: string;
  signal?: AbortSignal;
}

/** One browser with one attempt. */
export class Browser {
  readonly harness: Harness;
  readonly attempt: Attempt;
  readonly verifier: string;
  constructor(harness: Harness, attempt: Attempt, verifier: string) {
    this.harness = harness;
    this.attempt = attempt;
    this.verifier = verifier;
  }

  call(suffix = '', options: CallOptions = {}): Promise<Response> {
    const authorization = `Bearer ${this.attempt.watchToken}`;
    return this.harness.request(`/attempts/${this.attempt.id}${suffix}`, {
      ...options,
      headers: { authorization, ...options.headers },
    });
  }
  async snapshot(query = ''): Promise<Snapshot> {
    return (await (await this.call(query)).json()) as Snapshot;
  }
  async snapshotFrom(origin: string): Promise<Snapshot> {
    return (await (await this.call('', { headers: { origin } })).json()) as Snapshot;
  }
  claim(verifier: unknown = this.verifier): Promise<Response> {
    return this.call('/claim', { method: 'POST', headers: { 'content-type': 'application/json' }, body: { verifier } });
  }
  cancel(): Promise<Response> {
    return this.call('', { method: 'DELETE' });
  }
  async stream(options: CallOptions = {}): Promise<StreamReader> {
    const response = await this.call('/events', options);
    if (response.status !== 200) throw new Error(`stream: HTTP ${response.status}`);
    return new StreamReader(response);
  }
  /** `claim`, and its status and code in one word. */
  async claimed(verifier?: unknown): Promise<string> {
    const response = await this.claim(verifier);
    const body = (await response.json()) as { code?: string };
    return response.status === 200 ? '200' : `${response.status} ${body.code}`;
  }
}

/** Gathers what a stream says. */
export class StreamReader {
  text = '';
  ended = false;
  readonly response: Response;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  constructor(response: Response) {
    this.response = response;
    this.#reader = response.body!.getReader();
    void this.#pump();
  }
  async #pump(): Promise<void> {
    try {
      for (;;) {
        const { done, value } = await this.#reader.read();
        if (done) break;
        this.text += new TextDecoder().decode(value);
      }
    } catch {
      // the stream was broken off: `ended` says so
    }
    this.ended = true;
  }
  get snapshots(): Snapshot[] {
    return [...this.text.matchAll(/^data: (.*)$/gm)].map((match) => JSON.parse(match[1]!) as Snapshot);
  }
  get statuses(): string[] {
    return this.snapshots.map(({ status }) => status);
  }
  async leave(): Promise<void> {
    await this.#reader.cancel();
    await settle();
  }
}
