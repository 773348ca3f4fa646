/// <reference types="wechat-follow-login/types/react" />
// The bare tag in React 19's JSX, and the wrapper. The line after a `wrong:` must be refused.
import { WechatFollowLogin, type LoginElement } from 'wechat-follow-login/react';

export const tag = (
  <wechat-follow-login
    endpoint="/wechat-login"
    theme="dark"
    auto-refresh={3}
    manual
    heading="Sign in"
    lang="en"
    class="card"
    ref={(element) => element?.refresh()}
    strings={{ ready: 'Scan me' }}
    onlogin-success={(event) => console.log(event.detail.user.sub, event.currentTarget.state.name)}
    onlogin-step-required={({ detail }) => console.log(detail.url)}
  >
    <p slot="footer">Terms</p>
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
export const wrapper = (
  <WechatFollowLogin
    endpoint="/wechat-login"
    theme="dark"
    autoRefresh={3}
    className="card"
    style={{ maxWidth: 320 }}
    ref={(element: LoginElement | null) => element?.start()}
    onLoginSuccess={({ detail }) => console.log(detail.user.sub)}
    onLoginStepRequired={({ detail }) => console.log(detail.url)}
    onLoginError={({ detail }) => console.log(detail.code, detail.retryable)}
  >
    <p>Terms</p>
  </WechatFollowLogin>
);
export const wrongWrapper = (
  <WechatFollowLogin
    endpoint="/wechat-login"
    // wrong: there is no such detail
    onLoginSuccess={({ detail }) => console.log(detail.noSuchField)}
    // wrong: there is no such event
    onLoginSucces={() => {}}
  />
);
// wrong: nothing works without an endpoint
export const noEndpoint = <WechatFollowLogin />;
