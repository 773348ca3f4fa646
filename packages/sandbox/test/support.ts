import type { SandboxClock } from '../src/clock.ts';
import { decodeTicket } from '../src/wechat/ticket.ts';
import type { Sandbox } from '../src/sandbox.ts';

/** Helpers of this package's own tests. */

interface Timer {
  at: number;
  run: () => void;
}

export interface FakeClock extends SandboxClock {
  /** Moves time and runs what falls due, letting promises settle in between. */
  advance(ms: number): Promise<void>;
}

/** Lets everything that waits on promises (bodies, Web Crypto) run; no time passes on a fake clock. */
export async function settle(): Promise<void> {
  for (let round = 0; round < 20; round++) await new Promise((resolve) => setImmediate(resolve));
}

export function fakeClock(start = Date.UTC(2026, 0, 15, 8)): FakeClock {
  let time = start;
  const timers = new Set<Timer>();
  return {
    now: () => time,
    setTimeout: (run, ms) => {
      const timer = { at: time + ms, run };
      timers.add(timer);
      return timer;
    },
    clearTimeout: (timer) => {
      timers.delete(timer as Timer);
    },
    advance: async (ms) => {
      const end = time + ms;
      await settle();
      for (;;) {
        const [next] = [...timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
        if (!next) break;
        timers.delete(next);
        time = next.at;
        next.run();
        await settle();
      }
      time = end;
      await settle();
    },
  };
}

export const ORIGIN = 'https://app.authing.example';

/** What tests look at in the clouds' answers; every field may be missing in fact. */
export interface AnswerData {
  qrcodeId: string;
  url: string;
  status: string | number | null;
  ticket: string | null;
  briefUserInfo?: { displayName: string; photo: string };
  tokenSet?: AnswerData;
  access_token: string;
  id_token: string;
  refresh_token?: string;
  scope?: string;
  token_type: string;
  expire_in?: number;
  expires_in?: number;
  random: string;
  expiresIn: number;
  token: string;
  userInfo: { token?: string };
  scannedResult?: { apiCode?: number; message: string };
  accessToken: string;
  userId: string;
  userPoolId: string;
}

export interface AnswerBody extends AnswerData {
  statusCode: number;
  message: string;
  apiCode?: number | string;
  code?: number;
  uniqueId?: string;
  data: AnswerData;
  errcode?: number;
  errmsg: string;
  expire_seconds?: number;
  /** A body that is not JSON. */
  raw: string;
}

export interface Answer {
  http: number;
  body: AnswerBody;
  headers: Headers;
}

/** Calls the sandbox as an application of Authing would. */
export async function ask(
  sandbox: Sandbox,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await sandbox.fetch(
    new Request(ORIGIN + path, {
      method,
      headers: { 'x-authing-app-id': sandbox.account.appId, 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    }),
  );
  const raw = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') ?? false;
  return { http: response.status, body: (isJson ? JSON.parse(raw) : { raw }) as AnswerBody, headers: response.headers };
}

export async function createCode(sandbox: Sandbox, fields: object = {}): Promise<AnswerData> {
  const { body } = await ask(sandbox, 'POST', '/api/v3/gene-qrcode', { type: 'WECHAT_OFFICIAL_ACCOUNT', ...fields });
  return body.data;
}

export const statusPath = (qrcodeId: string, endpoint = 'get-qrcode-status') =>
  `/api/v3/${endpoint}?qrcodeId=${encodeURIComponent(qrcodeId)}`;

/** `data` of the current status endpoint. */
export async function statusOf(sandbox: Sandbox, qrcodeId: string): Promise<AnswerData> {
  return (await ask(sandbox, 'GET', statusPath(qrcodeId))).body.data;
}

export const exchange = (sandbox: Sandbox, ticket: string, extra: object = {}) =>
  ask(sandbox, 'POST', '/api/v3/exchange-tokenset-with-qrcode-ticket', {
    ticket,
    client_id: sandbox.account.appId,
    client_secret: sandbox.account.appSecret,
    ...extra,
  });

/** What the phone reads from the picture of a code whose address carries the ticket. */
export function qrTextOf({ url }: { url: string }): string {
  const ticket = decodeURIComponent(/([^/=]+={0,2})$/.exec(url.replace(/\.png$/, ''))?.[1] ?? '');
  return decodeTicket(ticket)?.url ?? url;
}
