import type { ServedSandbox } from '../../../packages/sandbox/src/node.ts';

/** Both languages: the account does not know which page was scanned. The reply is there before the login is. */
const WELCOME =
  '欢迎关注灯叶茶铺！正在为您登录，请看网页。\nWelcome to Lantern Leaf! Signing you in, please look at the page.';
const LOGIN = '正在为您登录灯叶茶铺，请看网页。\nSigning you in to Lantern Leaf, please look at the page.';

/** What turns a companion into the account's server; with `confirm` it asks in the chat before it lets anybody in. */
export function modeTwoSettings({ url, sandbox }: ServedSandbox, confirm: boolean): Record<string, string> {
  const { wechatAppId, wechatToken, encodingAESKey } = sandbox.account;
  return {
    WECHAT_APP_ID: wechatAppId,
    WECHAT_TOKEN: wechatToken,
    WECHAT_ENCODING_AES_KEY: encodingAESKey,
    AUTHING_EVENTS_URL: `${url}${sandbox.eventsPath}`,
    // With a question in the chat, that is the reply; "you are signed in" would come before the answer.
    ...(confirm ? { WECHAT_CONFIRM: 'number' } : { WECHAT_WELCOME_TEXT: WELCOME, WECHAT_LOGIN_TEXT: LOGIN }),
  };
}
