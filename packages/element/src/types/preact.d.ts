// The tag in Preact's JSX: <wechat-follow-login endpoint="…" onlogin-success={(event) => …}>. Small from the first letter
// on: before version 11 Preact keeps a capital in the name of an event that it does not know.
import type { HTMLAttributes } from 'preact';
import type { LoginAttributes, LoginHandlers, LoginProperties, WechatFollowLogin } from './element.js';

declare module 'preact' {
  namespace JSX {
    interface IntrinsicElements {
      'wechat-follow-login': HTMLAttributes<WechatFollowLogin> &
        LoginAttributes &
        LoginProperties &
        LoginHandlers<'on'>;
    }
  }
}
