/// <reference types="wechat-follow-login/types/react" />
// React's code against the packed element. The line after a `wrong:` must be refused by the type checker.
import { WechatFollowLogin } from 'wechat-follow-login/react';

export const wrapper = (
  <WechatFollowLogin endpoint="/wechat-login" onLoginSuccess={({ detail }) => console.log(detail.user.sub)} />
);
export const wrongWrapper = (
  <WechatFollowLogin
    endpoint="/wechat-login"
    // wrong: a detail that lost its types would be `any`
    onLoginSuccess={({ detail }) => console.log(detail.noSuchField)}
  />
);
export const tag = (
  <wechat-follow-login
    endpoint="/wechat-login"
    // wrong: there is no such theme
    theme="blue"
    onlogin-success={({ detail }) => console.log(detail.user.sub)}
  />
);
