// The tag in Svelte's markup: <wechat-follow-login endpoint="…" onlogin-success={(event) => …} />. Svelte 5 takes all that
// stands behind `on` for the event's name; in Svelte 4 it is on:login-success.
import type { HTMLAttributes } from 'svelte/elements';
import type { LoginAttributes, LoginHandlers, LoginProperties, WechatFollowLogin } from './element.js';

declare module 'svelte/elements' {
  interface SvelteHTMLElements {
    'wechat-follow-login': HTMLAttributes<WechatFollowLogin> &
      LoginAttributes &
      LoginProperties &
      LoginHandlers<'on'> &
      LoginHandlers<'on:'>;
  }
}
