/**
 * The demo account and application. Every value has the form of the real one (lengths and alphabets of the two
 * platforms) and is plainly made up, so that nothing copied from here can ever reach a real account.
 */
export const SANDBOX_DEFAULTS = Object.freeze({
  /** Authing: the application. */
  appId: '5a4db0c00000000000000001',
  appSecret: 'sandbox-app-secret-never-used-for-real-0001',
  userPoolId: '5a4db0c00000000000000002',
  /** Authing: the identity source 微信公众号扫码关注登录 (extIdpConnId) and its 唯一标识. */
  connectionId: '5a4db0c00000000000000003',
  identifier: 'sandbox-wechat',
  /** WeChat: the service account. */
  wechatAppId: 'wx5a4db0c5a4db0c50',
  wechatAppSecret: '5a4db0c05a4db0c05a4db0c05a4db0c0',
  wechatToken: 'SandboxToken01',
  encodingAESKey: 'SandboxEncodingAESKeyNotForRealUse012345678',
  originalId: 'gh_5a4db0c00001',
  accountName: 'Follow Login 示例服务号',
  /** Seconds for which WeChat keeps a code that Authing made: 15 days in the only published sample. */
  wechatExpireSeconds: 1_296_000,
  /** Requests a second for one user pool, Authing's free plan. */
  quotaPerSecond: 300,
  /** Failed pushes in a row after which WeChat stops pushing for a minute (MarkFail); the real number is not published. */
  markFailAfter: 10,
});
