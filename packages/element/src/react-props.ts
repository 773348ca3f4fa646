import type { HTMLAttributes } from 'react';
import type { LoginEventMap } from './events.ts';
import type { WechatFollowLogin as LoginElement } from './wechat-follow-login.ts';

type Pascal<Name extends string> = Name extends `${infer Head}-${infer Rest}`
  ? `${Capitalize<Head>}${Pascal<Rest>}`
  : Capitalize<Name>;

/** `onLoginSuccess` for `login-success`, and so on: each hears the element's own event. */
export type LoginHandlers = {
  [Name in keyof LoginEventMap as `on${Pascal<Name>}`]?: ((event: LoginEventMap[Name]) => void) | undefined;
};

/** The element's own properties; what is left out has the element's default. */
export type LoginProperties = Pick<LoginElement, 'endpoint'> &
  Partial<Pick<LoginElement, 'theme' | 'layout' | 'autoRefresh' | 'manual' | 'heading' | 'strings'>>;

export interface WechatFollowLoginProps
  extends Omit<HTMLAttributes<LoginElement>, keyof LoginProperties>, LoginProperties, LoginHandlers {}
