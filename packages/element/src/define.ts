import { register } from './register.ts';
import type { WechatFollowLogin } from './wechat-follow-login.ts';

export * from './index.ts';

register();

declare global {
  interface HTMLElementTagNameMap {
    'wechat-follow-login': WechatFollowLogin;
  }
}
