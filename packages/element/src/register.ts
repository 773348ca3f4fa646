import { prepareProof } from './pkce.ts';
import { WechatFollowLogin } from './wechat-follow-login.ts';

/** The drop-in and the npm package on one page, or one of them twice: the first stays. */
export function register(): void {
  if (!customElements.get('wechat-follow-login')) {
    prepareProof();
    customElements.define('wechat-follow-login', WechatFollowLogin);
  }
}
