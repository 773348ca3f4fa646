// The bare tag in React 19's JSX: <wechat-follow-login endpoint="…" onlogin-success={(event) => …}>. React takes all that
// stands behind `on` for the event's name, as it is written. React 18 hears no such events: use wechat-follow-login/react.
import type { DetailedHTMLProps, HTMLAttributes } from 'react';
import type { LoginAttributes, LoginHandlers, LoginProperties, WechatFollowLogin } from './element.js';

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      'wechat-follow-login': DetailedHTMLProps<HTMLAttributes<WechatFollowLogin>, WechatFollowLogin> &
        LoginAttributes &
        LoginProperties &
        LoginHandlers<'on'> & { class?: string | undefined };
    }
  }
}
