import { badGateway } from '../faults.ts';
import { json, lostConnection, readJson, stringField } from '../http.ts';
import type { Call, Route, World } from '../world.ts';
import type { WechatPlatform } from '../wechat/platform.ts';
import { errorMessage } from '../wechat/errors.ts';
import { credentialsFit, readCredentials } from './client-auth.ts';
import type { Failure } from './envelope.ts';
import { failure, failureBody, noSuchPath, ok, tooMany } from './envelope.ts';
import type { LoginCodes } from './login-codes.ts';
import { pictureUrl } from './pictures.ts';
import type { QuotaKind } from './quota.ts';
import { createQuota } from './quota.ts';
import { statusAnswer } from './status.ts';
import type { Tokens } from './tokens.ts';
import { profile, userIdOf } from './users.ts';

export interface AuthingDependencies {
  world: World;
  platform: WechatPlatform;
  codes: LoginCodes;
  tokens: Tokens;
}

const TYPES = ['MOBILE_APP', 'WECHAT_MINIPROGRAM', 'WECHAT_OFFICIAL_ACCOUNT'];

const badTicket = { statusCode: 400, message: 'ticket 不存在或已过期' } as const;

/** What creation answers when it fails, before the switch O33 gives it its form. */
function creationCause(world: World, connectionId: unknown): string | null {
  const cause = world.switches.get('O33-cause');
  if (cause === 'none') {
    const known = connectionId === undefined || connectionId === world.account.connectionId;
    return known ? null : '未找到可用的微信公众号扫码关注登录身份源';
  }
  const errcodes = { 'wechat-secret': 40125, 'ip-not-listed': 40164, 'quota-45009': 45009 } as const;
  if (cause === 'no-connection') return '未找到可用的微信公众号扫码关注登录身份源';
  if (cause === 'connection-disabled') return '该身份源连接已被禁用';
  return `获取微信公众号二维码失败：errcode: ${errcodes[cause]}, errmsg: ${errorMessage(world, errcodes[cause])}`;
}

function creationFailure(world: World, message: string): Response {
  const form = world.switches.get('O33');
  return form === 'html' ? badGateway() : failure(world, { statusCode: Number(form.slice(-3)), message });
}

export function authingV3Routes(dependencies: AuthingDependencies): { routes: Route[]; reset(): void } {
  const { world, platform, codes, tokens } = dependencies;
  const { switches, account } = world;
  const quota = createQuota(world);

  /** The checks every V3 call goes through: quota, origin, application. */
  const guarded =
    (kind: QuotaKind, handle: (call: Call) => Promise<Response>) =>
    async (call: Call): Promise<Response> => {
      if (quota.exceeded(kind)) return tooMany(world);
      const origin = call.request.headers.get('origin');
      const listed = origin === null ? switches.get('O31') === 'ignored' : world.allowedOrigins.includes(origin);
      const restricted = world.allowedOrigins.length > 0 || (origin === null && switches.get('O31') === 'refused');
      if (restricted && !listed) return failure(world, { statusCode: 403, message: '请求来源不在安全域中', http: 403 });
      const appId = call.request.headers.get('x-authing-app-id');
      if (!appId) return failure(world, { statusCode: 400, apiCode: 2101, message: '缺少 app id' });
      if (appId !== account.appId) return failure(world, { statusCode: 499, apiCode: 2011, message: '应用不存在' });
      return handle(call);
    };

  const create = async ({ request, base }: Call) => {
    const body = await readJson(request);
    const type = body['type'];
    if (!TYPES.includes(String(type))) {
      return failure(world, { statusCode: 400, message: `参数 type 必须是 ${TYPES.join('、')} 之一` });
    }
    if (type !== 'WECHAT_OFFICIAL_ACCOUNT') return creationFailure(world, '该应用未配置此类扫码登录');
    const cause = creationCause(world, body['extIdpConnId']);
    if (cause !== null) return creationFailure(world, cause);
    const code = codes.create('v3', body['context']);
    return ok(world, { qrcodeId: code.qrcodeId, url: pictureUrl(world, code, base) });
  };

  const status = async (call: Call) => {
    const form = switches.get('O3');
    if (form === 'http-404') return noSuchPath('GET', call.url.pathname);
    if (form === 'status-code-404') {
      return failure(world, { statusCode: 404, message: `Cannot GET ${call.url.pathname}` });
    }
    return statusAnswer(dependencies, {
      qrcodeId: call.url.searchParams.get('qrcodeId') ?? '',
      base: call.base,
      bare: false,
    });
  };

  const olderStatus = (call: Call) =>
    statusAnswer(dependencies, {
      qrcodeId: call.url.searchParams.get('qrcodeId') ?? '',
      base: call.base,
      bare: switches.get('O4') === 'bare',
    });

  const authFailure = (): Failure => {
    const form = switches.get('O15-mismatch');
    const http = form === 'http-200' ? 200 : Number(form.slice(-3));
    return { statusCode: form === 'http-400' ? 400 : 401, message: 'client authentication failed', http };
  };

  const exchange = async ({ request, base }: Call) => {
    const body = await readJson(request);
    if (!credentialsFit(world, readCredentials(request, body))) return failure(world, authFailure());
    const value = stringField(body, 'ticket');
    if (!value) return failure(world, { statusCode: 400, message: '参数 ticket 不能为空' });
    const ticket = codes.byLoginTicket(value);
    const refused = () => failure(world, switches.get('O16') === 'identical' ? authFailure() : badTicket);
    if (!ticket || world.clock.now() >= ticket.expiresAt || codes.statusOf(ticket.code) !== 'AUTHORIZED')
      return refused();
    if (ticket.used !== undefined) return switches.get('O12') === 'same-answer' ? ok(world, ticket.used) : refused();
    // Spent before the first await: two exchanges at once must not both find it unused.
    ticket.used = null;
    const answer = await tokens.tokenSet(ticket.person, base);
    ticket.used = answer;
    if (switches.get('O12') === 'first-answer-lost') throw lostConnection();
    const response = ok(world, answer);
    if (switches.get('O35') === 'yes') {
      response.headers.append('set-cookie', 'authing_session=sandbox; Path=/; HttpOnly');
    }
    return response;
  };

  const userOf = async (request: Request) => {
    const header = request.headers.get('authorization') ?? '';
    const subject = await tokens.subjectOf(header.replace(/^Bearer\s+/i, ''));
    return world.people.all().find((person) => userIdOf(person.openid) === subject);
  };

  const readProfile = async ({ request, base }: Call) => {
    const person = await userOf(request);
    return person
      ? ok(world, profile(world, person, base))
      : failure(world, { statusCode: 401, message: '登录信息已过期', http: 401 });
  };

  const wechatToken = async ({ request }: Call) => {
    if (switches.get('O30') === 'user-token' && !(await userOf(request))) {
      return failure(world, { statusCode: 401, message: '未登录', http: 401 });
    }
    const body = await readJson(request);
    if (body['appId'] !== account.wechatAppId || body['appSecret'] !== account.wechatAppSecret) {
      return failure(world, {
        statusCode: 602,
        message: errorMessage(world, body['appId'] === account.wechatAppId ? 40125 : 40013),
      });
    }
    const { token, expiresAt } = platform.stableToken(false);
    return ok(world, { accessToken: token, expiresAt: String(expiresAt) });
  };

  return {
    routes: [
      { method: 'POST', path: '/api/v3/gene-qrcode', handle: guarded('other', create) },
      { method: 'GET', path: '/api/v3/get-qrcode-status', handle: guarded('status', status) },
      { method: 'GET', path: '/api/v3/check-qrcode-status', handle: guarded('status', olderStatus) },
      { method: 'POST', path: '/api/v3/exchange-tokenset-with-qrcode-ticket', handle: guarded('exchange', exchange) },
      { method: 'GET', path: '/api/v3/get-profile', handle: guarded('other', readProfile) },
      { method: 'POST', path: '/api/v3/get-wechat-access-token-info', handle: guarded('other', wechatToken) },
      {
        method: 'ANY',
        path: /^\/api\/.*/,
        handle: ({ request, url }) => noSuchPath(request.method, url.pathname),
      },
    ],
    reset: () => quota.reset(),
  };
}

/** The body of an error that a fault asks for. */
export const internalError = (world: World, http: 200 | 500): Response =>
  json(failureBody(world, { statusCode: 500, message: '服务器内部错误' }), http);
