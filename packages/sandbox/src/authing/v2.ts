import { json, readJson } from '../http.ts';
import type { Call, Route, World } from '../world.ts';
import { readCredentials } from './client-auth.ts';
import { failure2, noSuchPath, ok2 } from './envelope.ts';
import type { LoginCode, LoginCodes } from './login-codes.ts';
import { CODE_SECONDS } from './login-codes.ts';
import { pictureUrl } from './pictures.ts';
import { stepEnvelope } from './status.ts';
import type { Tokens } from './tokens.ts';

/** The V2 calls that Guard and js-sdk use (authing.md §11). */
const NUMBERS = { EXPIRED: -1, PENDING: 0, SCANNED: 1, AUTHORIZED: 2, CANCELLED: 3, STEP: 4 } as const;
const STEP_FAILED = 5;
const SUCCESS_TOO = 6;
const DEFAULT_STEP = 1636;

export function authingV2Routes({
  world,
  codes,
  tokens,
}: {
  world: World;
  codes: LoginCodes;
  tokens: Tokens;
}): Route[] {
  const { switches, account } = world;

  const gene = async ({ request, base }: Call) => {
    const body = await readJson(request);
    if (body['scene'] !== 'WECHATMP_AUTH') return failure2(500, '不支持的二维码场景值');
    const code = codes.create('v2', body['context']);
    const expiresIn = CODE_SECONDS[switches.get('O19')] ?? account.wechatExpireSeconds;
    return ok2({ random: code.qrcodeId, url: pictureUrl(world, code, base), expiresIn }, '生成二维码成功！');
  };

  const step = () => {
    const form = switches.get('O10');
    if (form === 'stays-pending') return { status: NUMBERS.PENDING };
    if (form === 'error') return { status: STEP_FAILED, scannedResult: { message: '登录失败', errmsg: '登录失败' } };
    const apiCode = form.startsWith('envelope-') ? Number(form.slice(-4)) : DEFAULT_STEP;
    return { status: NUMBERS.STEP, scannedResult: { ...stepEnvelope(apiCode), flowHandle: 'sandbox-flow' } };
  };

  const authorized = async (code: LoginCode, base: string) => {
    const status = switches.get('O22') === 'as-success' ? SUCCESS_TOO : NUMBERS.AUTHORIZED;
    if (switches.get('O17') === 'token-set' && code.login) {
      return { status, userInfo: await tokens.v2UserWithToken(code.login.person, base) };
    }
    return { status, ticket: code.loginTicket?.value ?? null };
  };

  const check = async ({ url, base }: Call) => {
    const code = codes.byId(url.searchParams.get('random') ?? '');
    if (!code || (code.api === 'v3' && switches.get('O21') === 'unknown-2241')) return failure2(2241, '二维码不存在');
    const status = codes.statusOf(code);
    const plain = { random: code.qrcodeId, userInfo: {}, status: NUMBERS[status], ticket: null, scannedUserId: null };
    const special = status === 'STEP' ? step() : status === 'AUTHORIZED' ? await authorized(code, base) : {};
    return ok2({ ...plain, ...special }, '查询二维码状态成功！');
  };

  const userInfo = async ({ request, base }: Call) => {
    const body = await readJson(request);
    const { id, secret } = readCredentials(request, body);
    const byServer = id === account.appId && secret === account.appSecret;
    if (!byServer && switches.get('O17') !== 'browser-exchange') return failure2(403, '不允许在浏览器中换取用户信息');
    const ticket = codes.byLoginTicket(String(body['ticket'] ?? ''));
    const usable = ticket && world.clock.now() < ticket.expiresAt && codes.statusOf(ticket.code) === 'AUTHORIZED';
    if (!usable || (ticket.used !== undefined && switches.get('O12') !== 'same-answer')) {
      return failure2(500, 'ticket 不存在或已过期');
    }
    ticket.used ??= null;
    return json({ code: 200, message: '换取用户信息成功', data: await tokens.v2UserWithToken(ticket.person, base) });
  };

  const withPrefix = (handle: (call: Call) => Promise<Response>) => async (call: Call) => {
    const prefix = call.url.pathname.startsWith('/api/v2/') ? 'api-v2' : 'api';
    return prefix === switches.get('O34') ? handle(call) : noSuchPath(call.request.method, call.url.pathname);
  };
  return [
    { method: 'POST', path: /^\/api\/(?:v2\/)?qrcode\/gene$/, handle: withPrefix(gene) },
    { method: 'GET', path: /^\/api\/(?:v2\/)?qrcode\/check$/, handle: withPrefix(check) },
    { method: 'POST', path: /^\/api\/(?:v2\/)?qrcode\/userinfo$/, handle: withPrefix(userInfo) },
  ];
}
