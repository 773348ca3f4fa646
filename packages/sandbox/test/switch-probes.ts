import assert from 'node:assert/strict';
import { decodeProtectedHeader } from 'jose';
import type { Sandbox, SandboxOptions, SwitchName, SwitchValues } from '../src/index.ts';
import { createSandbox } from '../src/index.ts';
import { scanEvent, sealPush } from '../src/wechat/push.ts';
import { readXml } from '../src/wechat/xml.ts';
import type { FakeClock } from './support.ts';
import { ask, createCode, exchange, fakeClock, qrTextOf, statusOf, statusPath } from './support.ts';

/** For every switch a look at what it changes. */

export interface Stage {
  sandbox: Sandbox;
  clock: FakeClock;
  /** What WeChat posted to `pushUrl`, and what it is answered there. */
  pushed: URL[];
  bodies: string[];
  pushStatus: number;
}

export type Probe = (stage: Stage) => Promise<unknown>;

const login = async ({ sandbox }: Stage) => {
  const code = await createCode(sandbox);
  await sandbox.phone.scan(qrTextOf(code), 'bob');
  return code;
};
const authorized = async (stage: Stage) => {
  const code = await login(stage);
  return { ...code, data: await statusOf(stage.sandbox, code.qrcodeId) };
};
const tokens = async (stage: Stage) => exchange(stage.sandbox, (await authorized(stage)).data.ticket ?? '');
const keysOf = (value: object) => Object.keys(value).sort().join();
const shapeOf = ({
  http,
  body,
}: {
  http: number;
  body: { statusCode?: number; apiCode?: unknown; data?: unknown; status?: unknown };
}) => [http, body.statusCode ?? null, body.apiCode, body.data ?? null, body.status];

/** A forwarded event of Mode 2, in the two forms; `age` is how long ago WeChat signed it, seconds. */
async function forward(
  { sandbox, clock }: Stage,
  form: 'json' | 'raw',
  fields: { age?: number; query?: boolean; plain?: boolean; ticket?: string } = {},
) {
  const { account } = sandbox;
  const { openid } = sandbox.phone.view('bob').user;
  const at = clock.now() / 1000;
  const sealed = sealPush({
    account,
    mode: fields.plain ? 'plaintext' : 'secure',
    fields: scanEvent(
      { originalId: account.originalId, openid, createTime: at },
      { scene: 's', ticket: fields.ticket ?? 't' },
    ),
    openid,
    timestamp: at - (fields.age ?? 0),
    random: (length) => new Uint8Array(length).fill(1),
  });
  const xml = [...(readXml(sealed.body) ?? [])].map(([name, value]) => [name.toLowerCase(), [value]]);
  const body = form === 'raw' ? sealed.body : JSON.stringify({ xml: Object.fromEntries(xml) });
  const query = fields.query === false ? '' : `?${sealed.query}`;
  return ask(sandbox, 'POST', sandbox.eventsPath + query, body);
}

const ticketOf = ({ url }: { url: string }) => decodeURIComponent(url.split('/').at(-1) ?? '').slice(0, -4);
const v2 = ({ sandbox }: Stage, path: string, body?: unknown) => ask(sandbox, body ? 'POST' : 'GET', path, body);

/** What each switch changes, as something that differs for every value. */
export const PROBES: Record<SwitchName, Probe> = {
  O1: async ({ sandbox }) => {
    const { qrcodeId, url } = await createCode(sandbox);
    return [ticketOf({ url }).startsWith(qrcodeId), qrcodeId.length, /[+/=]/.test(qrcodeId)];
  },
  O2: async ({ sandbox }) => {
    const { url } = await createCode(sandbox);
    const picture = await ask(sandbox, 'GET', new URL(url).pathname);
    return [new URL(url).host, url.length, picture.http, picture.headers.get('access-control-allow-origin')];
  },
  O3: async ({ sandbox }) => shapeOf(await ask(sandbox, 'GET', statusPath((await createCode(sandbox)).qrcodeId))),
  O4: async ({ sandbox }) =>
    shapeOf(await ask(sandbox, 'GET', statusPath((await createCode(sandbox)).qrcodeId, 'check-qrcode-status'))),
  O5: async ({ sandbox }) => keysOf(await statusOf(sandbox, (await createCode(sandbox)).qrcodeId)),
  O6: async ({ sandbox, clock }) => {
    const { qrcodeId } = await createCode(sandbox);
    await clock.advance(120_000);
    return shapeOf(await ask(sandbox, 'GET', statusPath(qrcodeId)));
  },
  O7: async ({ sandbox }) => shapeOf(await ask(sandbox, 'GET', statusPath('nobody'))),
  O8: async (stage) => {
    const { qrcodeId } = await login(stage);
    const first = (await statusOf(stage.sandbox, qrcodeId)).status;
    await stage.clock.advance(800);
    const then = (await statusOf(stage.sandbox, qrcodeId)).status;
    await stage.clock.advance(10_000);
    assert.equal((await statusOf(stage.sandbox, qrcodeId)).status, 'AUTHORIZED');
    return [first, then];
  },
  'O8-cancelled': async ({ sandbox }) => {
    const code = await createCode(sandbox);
    await sandbox.phone.scan(qrTextOf(code), 'alice');
    await sandbox.phone.cancel('alice');
    return (await statusOf(sandbox, code.qrcodeId)).status;
  },
  O9: async (stage) => (await authorized(stage)).data.briefUserInfo ?? 'absent',
  O10: async (stage) =>
    shapeOf(await ask(stage.sandbox, 'GET', statusPath((await login(stage)).qrcodeId))).map((part) =>
      JSON.stringify(part)?.replace(/"ticket":"\w+"/, ''),
    ),
  O11: async (stage) => {
    const { qrcodeId, data } = await authorized(stage);
    return (await statusOf(stage.sandbox, qrcodeId)).ticket === data.ticket;
  },
  O12: async (stage) => {
    const { data } = await authorized(stage);
    const first = await exchange(stage.sandbox, data.ticket ?? '').catch((error: Error) => error.name);
    const second = await exchange(stage.sandbox, data.ticket ?? '');
    return [typeof first === 'string', second.body.statusCode];
  },
  O13: async (stage) => {
    const { data } = await authorized(stage);
    await stage.clock.advance(120_000);
    return (await exchange(stage.sandbox, data.ticket ?? '')).body.statusCode;
  },
  O14: async (stage) => {
    const { expire_in: expireIn, expires_in: expiresIn } = (await tokens(stage)).body.data;
    return [expireIn, expiresIn];
  },
  'O14-optional': async (stage) => {
    const { scope, refresh_token: refreshToken } = (await tokens(stage)).body.data;
    return [scope, refreshToken === undefined];
  },
  'O14-token-type': async (stage) => (await tokens(stage)).body.data.token_type,
  'O14-id-token': async (stage) => {
    const { id_token: idToken } = (await tokens(stage)).body.data;
    return idToken === undefined ? 'absent' : decodeProtectedHeader(idToken).alg;
  },
  O15: async (stage) => {
    const { appId, appSecret } = stage.sandbox.account;
    const path = '/api/v3/exchange-tokenset-with-qrcode-ticket';
    const send = async (body: object, headers = {}) =>
      (await ask(stage.sandbox, 'POST', path, { ticket: (await authorized(stage)).data.ticket, ...body }, headers))
        .http;
    return [
      await send({ client_id: appId, client_secret: appSecret }),
      await send({}, { authorization: `Basic ${Buffer.from(`${appId}:${appSecret}`).toString('base64')}` }),
      await send({}),
    ];
  },
  'O15-mismatch': async ({ sandbox }) => {
    const { http, body } = await exchange(sandbox, 'x', { client_secret: 'wrong' });
    assert.notEqual(body.statusCode, 200);
    return http;
  },
  'O15-secret-under-none': async (stage) => {
    stage.sandbox.switches.set({ O15: 'none' });
    return (await tokens(stage)).body.statusCode;
  },
  O16: async ({ sandbox }) => {
    const bogus = await exchange(sandbox, 'bogus');
    const badAuth = await exchange(sandbox, 'bogus', { client_secret: 'wrong' });
    return bogus.http === badAuth.http && bogus.body.message === badAuth.body.message;
  },
  O17: async (stage) => {
    const { data } = await authorized(stage);
    const fromBrowser = await v2(stage, '/api/v2/qrcode/userinfo', { ticket: data.ticket });
    return [data.tokenSet !== undefined, fromBrowser.body.code];
  },
  O18: async ({ sandbox }) => typeof (await ask(sandbox, 'GET', statusPath('x'))).body.apiCode,
  'O18-legacy': async ({ sandbox }) => (await ask(sandbox, 'GET', statusPath('x'))).body.code,
  O19: async ({ sandbox, clock }) => {
    const { qrcodeId } = await createCode(sandbox);
    const seen: unknown[] = [];
    for (const ms of [30_000, 90_000, 1_296_000_000]) {
      await clock.advance(ms);
      seen.push((await statusOf(sandbox, qrcodeId)).status);
    }
    return seen;
  },
  O20: async ({ sandbox }) => {
    for (let call = 0; call < 3; call++) await ask(sandbox, 'GET', statusPath('x'));
    const { http, body, headers } = await ask(sandbox, 'GET', statusPath('x'));
    assert.equal(body.statusCode, 429);
    return [http, headers.get('retry-after')];
  },
  'O20-quota': async ({ sandbox }) => {
    for (let call = 0; call < 3; call++) await ask(sandbox, 'GET', statusPath('x'));
    return (await exchange(sandbox, 'bogus')).http;
  },
  O21: async (stage) =>
    (await v2(stage, `/api/v2/qrcode/check?random=${(await createCode(stage.sandbox)).qrcodeId}`)).body.code,
  O22: async (stage) =>
    (await v2(stage, `/api/v2/qrcode/check?random=${(await login(stage)).qrcodeId}`)).body.data.status,
  O23: async ({ sandbox }) => {
    const path = `${sandbox.eventsPath}?signature=0&timestamp=1&nonce=2&echostr=333`;
    const { http, body } = await ask(sandbox, 'GET', path);
    assert.notEqual(body.raw, '333');
    return http;
  },
  O24: async (stage) => {
    stage.sandbox.setPushUrl('https://companion.example/push');
    return [(await forward(stage, 'json')).http, (await forward(stage, 'raw')).http];
  },
  O25: async (stage) => [
    (await forward(stage, 'json', { query: false })).http,
    (await forward(stage, 'json', { age: 301 })).http,
    (await forward(stage, 'json')).http,
  ],
  O26: async (stage) => (await forward(stage, 'json', { plain: true })).http,
  O27: async (stage) => {
    const { http, body } = await forward(stage, 'json');
    return [http, body.statusCode, body.raw?.slice(0, 12)];
  },
  O28: async (stage) => {
    const code = await createCode(stage.sandbox);
    await forward(stage, 'json', { ticket: ticketOf(code) });
    const before = (await statusOf(stage.sandbox, code.qrcodeId)).ticket;
    assert.ok(before);
    const { http } = await forward(stage, 'json', { ticket: ticketOf(code) });
    return [http, (await statusOf(stage.sandbox, code.qrcodeId)).ticket === before];
  },
  O29: async (stage) => {
    const code = await createCode(stage.sandbox, { context: { wfl: 'handle' } });
    await stage.sandbox.phone.scan(qrTextOf(code), 'bob');
    return stage.sandbox.log.pipeline[0]?.context;
  },
  O30: async ({ sandbox }) => {
    const { wechatAppId: appId, wechatAppSecret: appSecret } = sandbox.account;
    return (await ask(sandbox, 'POST', '/api/v3/get-wechat-access-token-info', { appId, appSecret })).http;
  },
  O31: async ({ sandbox }) => (await ask(sandbox, 'GET', statusPath('x'))).http,
  O32: async ({ sandbox }) => {
    await ask(sandbox, 'GET', statusPath('x'), undefined, { 'x-real-ip': '192.0.2.7' });
    return sandbox.log.calls[0]?.clientIp;
  },
  O33: async ({ sandbox }) => {
    const body = { type: 'WECHAT_OFFICIAL_ACCOUNT', extIdpConnId: 'another' };
    const answer = await ask(sandbox, 'POST', '/api/v3/gene-qrcode', body);
    return [answer.http, answer.body.statusCode];
  },
  'O33-cause': async ({ sandbox }) => {
    const { body } = await ask(sandbox, 'POST', '/api/v3/gene-qrcode', { type: 'WECHAT_OFFICIAL_ACCOUNT' });
    return body.message.replace(/ (rid|hint).*|, (rid|hints).*/, '');
  },
  O34: async (stage) => (await v2(stage, '/api/v2/qrcode/gene', { scene: 'WECHATMP_AUTH' })).http,
  O35: async (stage) => (await tokens(stage)).headers.has('set-cookie'),
  O36: async (stage) => {
    stage.sandbox.setPushUrl('https://companion.example/push');
    const { qrcodeId } = await login(stage);
    const { status } = await statusOf(stage.sandbox, qrcodeId);
    // Whoever did not get the event cannot have passed it on; Authing got it by itself.
    assert.equal(status, stage.pushed.length === 0 ? 'AUTHORIZED' : 'PENDING');
    return status;
  },
  W1: async (stage) => {
    stage.sandbox.setPushUrl('https://companion.example/push');
    stage.pushStatus = 503;
    await login(stage);
    await stage.clock.advance(20_000);
    return stage.pushed.length;
  },
  W2: async (stage) => {
    stage.sandbox.setPushUrl('https://companion.example/push');
    stage.pushStatus = 503;
    await login(stage);
    await stage.clock.advance(20_000);
    return new Set(stage.pushed.map(String)).size;
  },
  W3: async (stage) => {
    stage.sandbox.setPushUrl('https://companion.example/push');
    stage.sandbox.setMode('plaintext');
    await stage.sandbox.phone.say('42', 'bob', '7');
    return /<bizmsgmenuid>.*/.exec(stage.bodies.at(-1) ?? '')?.[0];
  },
};

export const OPTIONS: Partial<Record<SwitchName, SandboxOptions>> = {
  O20: { quotaPerSecond: 3 },
  'O20-quota': { quotaPerSecond: 3 },
};

export function stageWith(switches: Partial<SwitchValues>, options: SandboxOptions = {}): Stage {
  const clock = fakeClock();
  const stage: Stage = {
    clock,
    pushed: [],
    bodies: [],
    pushStatus: 200,
    sandbox: createSandbox({
      clock,
      switches,
      ...options,
      fetch: async (input, init) => {
        stage.pushed.push(new URL(String(input)));
        stage.bodies.push(String(init?.body));
        return new Response('success', { status: stage.pushStatus });
      },
    }),
  };
  return stage;
}
