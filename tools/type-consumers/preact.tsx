/// <reference types="wechat-follow-login/types/preact" />
// The line after a `wrong:` must be refused.
export const tag = (
  <wechat-follow-login
    endpoint="/wechat-login"
    theme="dark"
    auto-refresh={3}
    manual
    class="card"
    strings={{ ready: 'Scan me' }}
    onlogin-success={(event) => console.log(event.detail.user.sub)}
    onlogin-step-required={({ detail }) => console.log(detail.url)}
  >
    <p>Terms</p>
  </wechat-follow-login>
);
export const wrongTag = (
  <wechat-follow-login
    // wrong: there is no such theme
    theme="blue"
    // wrong: a detail without types would be `any`
    onlogin-success={(event) => console.log(event.detail.noSuchField)}
    // wrong: the texts are an object
    strings="none"
  />
);
