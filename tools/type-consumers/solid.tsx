/// <reference types="wechat-follow-login/types/solid" />
// The line after a `wrong:` must be refused.
export const tag = (
  <wechat-follow-login
    endpoint="/wechat-login"
    theme="dark"
    autoRefresh={3}
    manual
    class="card"
    strings={{ ready: 'Scan me' }}
    on:login-success={(event) => console.log(event.detail.user.sub)}
    on:login-step-required={({ detail }) => console.log(detail.url)}
  >
    <p>Terms</p>
  </wechat-follow-login>
);
export const wrongTag = (
  <wechat-follow-login
    // wrong: there is no such theme
    theme="blue"
    // wrong: a detail without types would be `any`
    on:login-success={(event) => console.log(event.detail.noSuchField)}
    // wrong: a number of codes
    autoRefresh="many"
  />
);
