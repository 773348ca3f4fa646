// What the types of every framework share. The extension is .js: this folder is shipped as it stands, beside index.d.ts.
import type { LoginEventMap, WechatFollowLogin } from '../index.js';

export type { WechatFollowLogin };

/** As they stand in HTML. */
export interface LoginAttributes {
  /** Base address of the companion, e.g. `https://login.example.com/wechat-login`. */
  endpoint?: string | undefined;
  theme?: WechatFollowLogin['theme'] | undefined;
  layout?: WechatFollowLogin['layout'] | undefined;
  /** How many new codes come by themselves before it takes a click. */
  'auto-refresh'?: number | `${number}` | undefined;
  /** Waits for `start()`. */
  manual?: boolean | undefined;
  /** Stands above the code in place of the default. */
  heading?: string | undefined;
}

/** Those that have another name than their attribute, or none. */
export type LoginProperties = Partial<Pick<WechatFollowLogin, 'autoRefresh' | 'strings'>>;

/** A handler for each event, under the event's name with `Prefix` before it. */
export type LoginHandlers<Prefix extends string> = {
  [Name in keyof LoginEventMap as `${Prefix}${Name}`]?:
    ((event: LoginEventMap[Name] & { currentTarget: WechatFollowLogin }) => void) | undefined;
};
