import { LETTERS_AND_DIGITS, randomText } from '../random-text.ts';
import { append } from '../log.ts';
import type { World } from '../world.ts';
import type { Person } from '../wechat/people.ts';
import type { WechatCode, WechatPlatform } from '../wechat/platform.ts';
import { userIdOf } from './users.ts';

/** Authing's codes: made by gene-qrcode, moved by the events that name their WeChat ticket, read by the status calls. */
export interface LoginCode {
  api: 'v2' | 'v3';
  qrcodeId: string;
  wechat: WechatCode;
  /** File name of the picture at files.authing.co. */
  imageName: string;
  /** Milliseconds since 1970; null: only WeChat's own end counts. */
  expiresAt: number | null;
  context: unknown;
  login: { person: Person; scannedAt: number; authorizedAt: number } | null;
  cancelled: boolean;
  loginTicket: LoginTicket | null;
  /** The login ticket was shown in a status answer. */
  handedOut: boolean;
}

/** Authing's one-time ticket, exchanged for tokens. */
export interface LoginTicket {
  value: string;
  code: LoginCode;
  person: Person;
  expiresAt: number;
  /** The exchange's first answer, once it was used. */
  used: unknown;
}

export type LoginCodeStatus = 'PENDING' | 'SCANNED' | 'AUTHORIZED' | 'CANCELLED' | 'EXPIRED' | 'STEP';

/** How long SCANNED shows before AUTHORIZED, by the switch O8, milliseconds. */
const SCANNED_MS = { skipped: 0, short: 800, long: 10_000 } as const;
const TICKET_MS = { '300s': 300_000, '120s': 120_000 } as const;
export const CODE_SECONDS = { '120s': 120, '30s': 30, 'wechat-only': null } as const;
/** Authing's only sample shows the first 57 characters of the WeChat ticket. */
const PREFIX_LENGTH = 57;
/** Enough for a demo that runs for days; the oldest is forgotten. */
const KEPT_CODES = 2000;

export type ReportResult = 'logged-in' | 'repeated' | 'no-code';

export interface LoginCodes {
  create(api: 'v2' | 'v3', context: unknown): LoginCode;
  byId(qrcodeId: string): LoginCode | undefined;
  byImageName(name: string): LoginCode | undefined;
  byLoginTicket(value: string): LoginTicket | undefined;
  statusOf(code: LoginCode): LoginCodeStatus;
  /** An authentic SCAN or subscribe event. `key` tells a repeated one. */
  report(event: { ticket: string; openid: string; key: string }): ReportResult;
  cancel(wechatTicket: string): void;
  reset(): void;
}

export interface LoginCodesOptions {
  world: World;
  platform: WechatPlatform;
  /** The pipeline's custom code. */
  pipeline?: (context: unknown) => unknown;
}

export function createLoginCodes({ world, platform, pipeline }: LoginCodesOptions): LoginCodes {
  const { clock, random, switches, account } = world;
  const codes = new Map<string, LoginCode>();
  const byTicket = new Map<string, LoginCode>();
  const loginTickets = new Map<string, LoginTicket>();
  const seen = new Set<string>();

  const newId = (ticket: string): string => {
    switch (switches.get('O1')) {
      case 'prefix':
        return ticket.slice(0, PREFIX_LENGTH);
      case 'whole-ticket':
        return ticket;
      case 'random':
        return randomText(random, 30);
      case 'unsafe-chars':
        return `${randomText(random, 28, `${LETTERS_AND_DIGITS}+/`)}+/==`;
    }
  };

  const makeTicket = (code: LoginCode, person: Person, issuedAt: number): LoginTicket => {
    const ticket: LoginTicket = {
      value: randomText(random, 30),
      code,
      person,
      expiresAt: issuedAt + TICKET_MS[switches.get('O13')],
      used: undefined,
    };
    loginTickets.set(ticket.value, ticket);
    return ticket;
  };

  const runPipeline = (code: LoginCode, person: Person) => {
    const given = code.context ?? {};
    const shapes = {
      'context-key': { ...(typeof given === 'object' ? given : {}) },
      'request-body-context': { request: { body: { context: given } } },
      absent: {},
    };
    const context = shapes[switches.get('O29')];
    append(world.log.pipeline, { at: clock.now(), userId: userIdOf(person.openid), context });
    if (pipeline)
      void Promise.resolve(pipeline({ context, userId: userIdOf(person.openid), appId: account.appId })).catch(
        () => {},
      );
  };

  const logIn = (code: LoginCode, person: Person) => {
    const scannedAt = clock.now();
    const authorizedAt = scannedAt + SCANNED_MS[switches.get('O8')];
    code.login = { person, scannedAt, authorizedAt };
    code.loginTicket = makeTicket(code, person, authorizedAt);
    code.handedOut = false;
    if (switches.get('O10') !== 'none') return;
    if (authorizedAt === scannedAt) runPipeline(code, person);
    else clock.setTimeout(() => !code.cancelled && runPipeline(code, person), authorizedAt - scannedAt);
  };

  return {
    create: (api, context) => {
      const wechat = platform.createCode(`login_${randomText(random, 20)}`, account.wechatExpireSeconds);
      const life = CODE_SECONDS[switches.get('O19')];
      const code: LoginCode = {
        api,
        qrcodeId: newId(wechat.ticket),
        wechat,
        imageName: switches.get('O2') === 'png-random' ? randomText(random, 30) : wechat.ticket,
        expiresAt: life === null ? null : clock.now() + life * 1000,
        context,
        login: null,
        cancelled: false,
        loginTicket: null,
        handedOut: false,
      };
      codes.set(code.qrcodeId, code);
      byTicket.set(wechat.ticket, code);
      const [oldest] = codes.values();
      if (codes.size > KEPT_CODES && oldest) {
        codes.delete(oldest.qrcodeId);
        byTicket.delete(oldest.wechat.ticket);
      }
      return code;
    },
    byId: (qrcodeId) => codes.get(qrcodeId),
    byImageName: (name) => [...codes.values()].find((code) => code.imageName === name),
    byLoginTicket: (value) => loginTickets.get(value),
    statusOf: (code) => {
      const now = clock.now();
      if (code.cancelled) return 'CANCELLED';
      if (!code.login) {
        const expired = code.expiresAt === null ? platform.hasExpired(code.wechat) : now >= code.expiresAt;
        return expired ? 'EXPIRED' : 'PENDING';
      }
      if (now < code.login.authorizedAt) return 'SCANNED';
      if (switches.get('O10') !== 'none') return 'STEP';
      return code.loginTicket && now >= code.loginTicket.expiresAt ? 'EXPIRED' : 'AUTHORIZED';
    },
    report: ({ ticket, openid, key }) => {
      const code = byTicket.get(ticket);
      const person = world.people.byOpenid(openid);
      if (!code || !person) return 'no-code';
      if (seen.has(key)) {
        if (switches.get('O28') === 'second-login' && code.login?.person === person) logIn(code, person);
        return 'repeated';
      }
      const open = !code.login && !code.cancelled && (code.expiresAt === null || clock.now() < code.expiresAt);
      if (!open) return 'no-code';
      seen.add(key);
      logIn(code, person);
      return 'logged-in';
    },
    cancel: (wechatTicket) => {
      const code = byTicket.get(wechatTicket);
      if (!code || switches.get('O8-cancelled') !== 'possible') return;
      const authorized = code.login !== null && clock.now() >= code.login.authorizedAt;
      if (!authorized) code.cancelled = true;
    },
    reset: () => {
      codes.clear();
      byTicket.clear();
      loginTickets.clear();
      seen.clear();
    },
  };
}
