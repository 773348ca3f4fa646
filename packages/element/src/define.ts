import { prepareProof } from './pkce.ts';
import { WechatFollowLogin } from './wechat-follow-login.ts';

export * from './index.ts';

// The drop-in and the npm package on one page, or the drop-in twice: the first stays.
if (!customElements.get('wechat-follow-login')) {
  prepareProof();
  customElements.define('wechat-follow-login', WechatFollowLogin);
}

declare global {
  interface HTMLElementTagNameMap {
    'wechat-follow-login': WechatFollowLogin;
  }
}
