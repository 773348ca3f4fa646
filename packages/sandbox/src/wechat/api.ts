import { seconds } from '../clock.ts';
import { json, readJson, stringField, text } from '../http.ts';
import { jpegOf } from '../picture/jpeg.ts';
import { qrMatrix } from '../picture/qr-matrix.ts';
import type { Call, Route, World } from '../world.ts';
import { errorMessage } from './errors.ts';
import type { WechatPlatform } from './platform.ts';

/** Calls *to* WeChat (wechat.md §9). Errors are HTTP 200 with errcode and errmsg. */
const MAX_EXPIRE_SECONDS = 2_592_000;
const FORCED_REFRESHES_A_DAY = 20;
const FORCED_REFRESH_GAP_SECONDS = 30;
/** What WeChat takes when expire_seconds is missing: documented as 30, later 60. */
const DEFAULT_EXPIRE_SECONDS = 60;

type Scene = { scene: string; expireSeconds: number };

export const errcode = (world: World, code: number): Response =>
  json({ errcode: code, errmsg: errorMessage(world, code) });

function wrongCredentials({ account }: World, appId?: string, secret?: string): number | null {
  if (!appId) return 41002;
  if (!secret) return 41004;
  if (appId !== account.wechatAppId) return 40013;
  return secret === account.wechatAppSecret ? null : 40125;
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** The scene as the event will carry it, or an errcode. */
function readScene(body: Record<string, unknown>): Scene | number {
  const action = body['action_name'];
  const info = body['action_info'];
  if (!['QR_SCENE', 'QR_STR_SCENE', 'QR_LIMIT_SCENE', 'QR_LIMIT_STR_SCENE'].includes(String(action))) return 40052;
  if (!isObject(info)) return 40053;
  const permanent = String(action).includes('LIMIT');
  const asked = Number(body['expire_seconds'] ?? DEFAULT_EXPIRE_SECONDS);
  const expireSeconds = permanent ? 0 : Math.min(Math.max(asked || DEFAULT_EXPIRE_SECONDS, 1), MAX_EXPIRE_SECONDS);
  // Without `scene` WeChat makes a code for scene 0 and does not complain.
  if (!isObject(info['scene'])) return { scene: '0', expireSeconds };
  if (String(action).includes('STR')) {
    const scene = info['scene']['scene_str'];
    return typeof scene === 'string' && scene.length >= 1 && scene.length <= 64 ? { scene, expireSeconds } : 40053;
  }
  const id = Number(info['scene']['scene_id']);
  if (!Number.isInteger(id) || id < 1 || (permanent && id > 100_000)) return 40053;
  return { scene: String(Math.min(id, 0xffffffff)), expireSeconds };
}

function userInfo({ account, people }: World, openid: string): unknown {
  const person = people.byOpenid(openid);
  if (!person || !account) return null;
  if (!person.follower) return { subscribe: 0, openid, unionid: person.unionid };
  return {
    subscribe: 1,
    openid,
    nickname: '',
    sex: 0,
    language: 'zh_CN',
    city: '',
    province: '',
    country: '',
    headimgurl: '',
    subscribe_time: Math.floor((person.followedAt ?? 0) / 1000),
    unionid: person.unionid,
    remark: '',
    groupid: 0,
    tagid_list: [],
    subscribe_scene: person.followScene ? 'ADD_SCENE_QR_CODE' : 'ADD_SCENE_SEARCH',
    qr_scene: 0,
    qr_scene_str: person.followScene?.scene ?? '',
  };
}

export function wechatRoutes(world: World, platform: WechatPlatform): Route[] {
  const { clock } = world;
  let forced: number[] = [];

  const tokenAnswer = ({ token, expiresAt }: { token: string; expiresAt: number }) =>
    json({ access_token: token, expires_in: expiresAt - seconds(clock) });

  const withToken = (call: Call, answer: () => Response | Promise<Response>) => {
    const token = call.url.searchParams.get('access_token');
    if (!token) return errcode(world, 41001);
    return platform.tokenIsValid(token) ? answer() : errcode(world, 40001);
  };

  const stableToken = async ({ request }: Call) => {
    const body = await readJson(request);
    const wrong = wrongCredentials(world, stringField(body, 'appid'), stringField(body, 'secret'));
    if (wrong !== null) return errcode(world, wrong);
    if (body['force_refresh'] !== true) return tokenAnswer(platform.stableToken(false));
    const now = seconds(clock);
    forced = forced.filter((at) => at > now - 86_400);
    if (forced.length >= FORCED_REFRESHES_A_DAY) return errcode(world, 45009);
    if (forced.some((at) => at > now - FORCED_REFRESH_GAP_SECONDS)) return errcode(world, 45011);
    forced.push(now);
    return tokenAnswer(platform.stableToken(true));
  };

  const createCode = async ({ request }: Call) => {
    const raw = await request.text();
    if (raw === '') return errcode(world, 44002);
    let body: unknown;
    try {
      body = JSON.parse(raw);
    } catch {
      return errcode(world, 47001);
    }
    const scene = readScene(isObject(body) ? body : {});
    if (typeof scene === 'number') return errcode(world, scene);
    const code = platform.createCode(scene.scene, scene.expireSeconds);
    const answer = JSON.stringify({
      ticket: code.ticket,
      ...(code.expireSeconds === 0 ? {} : { expire_seconds: code.expireSeconds }),
      url: code.url,
    });
    return text(answer.replaceAll('/', '\\/'), 200, 'application/json; encoding=utf-8');
  };

  const showCode = async ({ url }: Call) => {
    const code = platform.codeByTicket(url.searchParams.get('ticket') ?? '');
    if (!code) return new Response(null, { status: 404 });
    return new Response(new Uint8Array(jpegOf(qrMatrix(code.url))), {
      headers: { 'content-type': 'image/jpg', 'cache-control': 'max-age=604800' },
    });
  };

  return [
    {
      method: 'GET',
      path: '/cgi-bin/token',
      handle: ({ url }) => {
        const query = url.searchParams;
        const wrong = wrongCredentials(world, query.get('appid') ?? undefined, query.get('secret') ?? undefined);
        // On this call 40001 stands for a wrong secret.
        return wrong === null ? tokenAnswer(platform.newToken()) : errcode(world, wrong === 40125 ? 40001 : wrong);
      },
    },
    { method: 'POST', path: '/cgi-bin/stable_token', handle: stableToken },
    { method: 'POST', path: '/cgi-bin/qrcode/create', handle: (call) => withToken(call, () => createCode(call)) },
    { method: 'GET', path: '/cgi-bin/showqrcode', handle: showCode },
    {
      method: 'GET',
      path: '/cgi-bin/user/info',
      handle: (call) =>
        withToken(call, () => {
          const info = userInfo(world, call.url.searchParams.get('openid') ?? '');
          return info === null ? errcode(world, 40003) : json(info);
        }),
    },
    { method: 'GET', path: '/cgi-bin/qrcode/create', handle: () => errcode(world, 43002) },
    { method: 'GET', path: '/cgi-bin/stable_token', handle: () => errcode(world, 43002) },
    { method: 'ANY', path: /^\/cgi-bin\/.*/, handle: () => errcode(world, 40066) },
  ];
}
