/** How the companion reaches Authing. */
export interface AuthingOptions {
  /** `https://<app>.authing.cn`: origin only. Plain http for loopback only. */
  appHost: string;
  appId: string;
  /** Required unless `clientAuth` is `none`. */
  appSecret?: string;
  /** Authing: 换取 token 身份验证方式. Default `post`. */
  clientAuth?: ClientAuth;
  /** extIdpConnId, where the application has several connections. */
  connectionId?: string;
  /** Host names a QR picture may be fetched from. Default `files.authing.co`, `mp.weixin.qq.com`. */
  qrHosts?: readonly string[];
  /**
   * Must be {@link publicClientRisk} for `clientAuth: 'none'`.
   * @deprecated A public client lets whoever sees the QR code take the login: Authing's status query asks for no credentials.
   */
  allowPublicClient?: typeof publicClientRisk;
}

export type ClientAuth = 'post' | 'basic' | 'none';

/** The words that accept the risk of a public client (Authing contract: the id of a code can be computed from its picture). */
export const publicClientRisk = 'whoever-sees-the-code-may-log-in';

export const DEFAULT_QR_HOSTS = ['files.authing.co', 'mp.weixin.qq.com'] as const;
