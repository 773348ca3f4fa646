// The tag in Solid's JSX: <wechat-follow-login endpoint="…" on:login-success={(event) => …}>. `on:` takes the event's name
// as it is written; Solid sets what is no string as a property.
import type { JSX } from 'solid-js';
import type { LoginAttributes, LoginHandlers, LoginProperties, WechatFollowLogin } from './element.js';

declare module 'solid-js' {
  namespace JSX {
    interface IntrinsicElements {
      'wechat-follow-login': JSX.HTMLAttributes<WechatFollowLogin> &
        LoginAttributes &
        LoginProperties &
        LoginHandlers<'on:'>;
    }
  }
}
