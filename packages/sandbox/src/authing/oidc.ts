import { json } from '../http.ts';
import type { Call, Route, World } from '../world.ts';
import type { Tokens } from './tokens.ts';
import { idTokenClaims, userIdOf } from './users.ts';

const discovery = ({ switches }: World, base: string) => ({
  issuer: `${base}/oidc`,
  authorization_endpoint: `${base}/oidc/auth`,
  token_endpoint: `${base}/oidc/token`,
  userinfo_endpoint: `${base}/oidc/me`,
  jwks_uri: `${base}/oidc/.well-known/jwks.json`,
  end_session_endpoint: `${base}/oidc/session/end`,
  introspection_endpoint: `${base}/oidc/token/introspection`,
  revocation_endpoint: `${base}/oidc/token/revocation`,
  scopes_supported: ['openid', 'offline_access', 'profile', 'email', 'phone', 'address'],
  response_types_supported: [
    'code',
    'code token',
    'code id_token',
    'code token id_token',
    'id_token',
    'id_token token',
    'none',
  ],
  grant_types_supported: ['authorization_code', 'implicit', 'refresh_token', 'client_credentials', 'password'],
  subject_types_supported: ['public'],
  id_token_signing_alg_values_supported: ['HS256', 'RS256'],
  id_token_signed_response_alg: switches.get('O14-id-token') === 'rs256' ? 'RS256' : 'HS256',
  token_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic', 'none'],
});

export function oidcRoutes(world: World, tokens: Tokens): Route[] {
  const { account } = world;
  const keys = async () => json(await tokens.jwks());

  const me = async ({ request, url, base }: Call) => {
    const header = (request.headers.get('authorization') ?? '').replace(/^Bearer\s+/i, '');
    const subject = await tokens.subjectOf(header || (url.searchParams.get('access_token') ?? ''));
    const person = world.people.all().find(({ openid }) => userIdOf(openid) === subject);
    if (!person) return json({ error: 'invalid_token', error_description: 'invalid token provided' }, 401);
    return json(idTokenClaims(world, person, base));
  };

  const publicConfig = ({ base, params: [appId] }: Call) => {
    if (appId !== account.appId) return json({ code: 2011, message: '应用不存在', data: null });
    const tab = { id: account.connectionId, title: '公众号关注登录', isDefault: true };
    return json({
      code: 200,
      message: '获取成功',
      data: {
        id: appId,
        name: 'Sandbox',
        userPoolId: account.userPoolId,
        identifier: 'sandbox',
        allowedOrigins: world.allowedOrigins,
        websocket: base.replace(/^http/, 'ws'),
        cdnBase: base,
        loginTabs: { list: ['wechatmp-qrcode'], default: 'wechatmp-qrcode' },
        qrcodeTabsSettings: { 'wechatmp-qrcode': [tab] },
        oidcConfig: { id_token_signed_response_alg: discovery(world, base).id_token_signed_response_alg },
      },
    });
  };

  return [
    {
      method: 'GET',
      path: '/oidc/.well-known/openid-configuration',
      handle: ({ base }) => json(discovery(world, base)),
    },
    { method: 'GET', path: '/oidc/.well-known/jwks.json', handle: keys },
    { method: 'GET', path: `/${account.appId}/oidc/.well-known/jwks.json`, handle: keys },
    { method: 'GET', path: '/oidc/me', handle: me },
    { method: 'POST', path: '/oidc/me', handle: me },
    { method: 'GET', path: /^\/api\/v2\/applications\/([^/]+)\/public-config$/, handle: publicConfig },
  ];
}
