import { json } from '../http.ts';
import type { World } from '../world.ts';
import { failure, ok } from './envelope.ts';
import type { LoginCode, LoginCodes } from './login-codes.ts';
import type { Tokens } from './tokens.ts';
import { briefUserInfo } from './users.ts';

/** Message and data of the steps that the switch O10 offers. */
const STEPS: Record<string, string> = {
  1635: '需要进行 MFA 多因素认证',
  1636: '需要进行应用 MFA 多因素认证',
  1640: '需要执行账号身份绑定',
  1641: '需要执行账号身份绑定或创建账号',
  1642: '需要补全用户信息',
  1666: '需要执行账号身份绑定',
};

export interface StepEnvelope {
  statusCode: 301;
  apiCode: number;
  code: number;
  message: string;
  data: { key: string; methods: never[]; accounts: never[] };
}

export const stepEnvelope = (apiCode: number): StepEnvelope => ({
  statusCode: 301,
  apiCode,
  code: apiCode,
  message: STEPS[apiCode] ?? '',
  data: { key: 'sandbox-step', methods: [], accounts: [] },
});

const notFound = { statusCode: 404, apiCode: 2241, message: '二维码不存在' } as const;
const expired = { statusCode: 499, apiCode: 2241, message: '二维码已过期' } as const;

/** `data` of a status answer, or a whole answer where the switches want an error. */
async function statusData(
  { world, codes, tokens }: StatusDependencies,
  code: LoginCode | undefined,
  base: string,
): Promise<object | Response> {
  const { switches } = world;
  const bare = (status: string | null) => ({ status, ticket: null });
  if (!code) {
    const form = switches.get('O7');
    if (form === 'error-404') return failure(world, notFound);
    return bare(form === 'expired' ? 'EXPIRED' : null);
  }
  const status = codes.statusOf(code);
  const brief = () => (code.login ? briefUserInfo(world, code.login.person, base) : undefined);
  switch (status) {
    case 'PENDING': {
      const form = switches.get('O5');
      if (form === 'absent') return { status };
      const extra = form === 'extra' ? { scannedUserId: null, customData: {}, expiresIn: 120, serverTime: 0 } : {};
      return { ...bare(status), ...extra };
    }
    case 'EXPIRED': {
      const form = switches.get('O6');
      if (form === 'error') return failure(world, expired);
      return bare(form === 'expired' ? 'EXPIRED' : null);
    }
    case 'SCANNED':
    case 'CANCELLED':
      return { ...bare(status), briefUserInfo: brief() };
    case 'STEP': {
      const form = switches.get('O10');
      if (form === 'error') return bare('ERROR');
      if (form === 'status-null') return bare(null);
      if (form === 'stays-pending') return bare('PENDING');
      return json(stepEnvelope(Number(form.slice(-4))));
    }
    case 'AUTHORIZED': {
      if (switches.get('O17') === 'token-set' && code.login) {
        return { status, briefUserInfo: brief(), tokenSet: await tokens.tokenSet(code.login.person, base) };
      }
      const again = code.handedOut && switches.get('O11') === 'once';
      code.handedOut = true;
      return { status, ticket: again ? null : (code.loginTicket?.value ?? null), briefUserInfo: brief() };
    }
  }
}

export interface StatusDependencies {
  world: World;
  codes: LoginCodes;
  tokens: Tokens;
}

/** `bare` is the older endpoint's irregular success: the data object at top level. */
export async function statusAnswer(
  dependencies: StatusDependencies,
  { qrcodeId, base, bare }: { qrcodeId: string; base: string; bare: boolean },
): Promise<Response> {
  const data = await statusData(dependencies, dependencies.codes.byId(qrcodeId), base);
  if (data instanceof Response) return data;
  return bare ? json(data) : ok(dependencies.world, data);
}
