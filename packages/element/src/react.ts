'use client';

import {
  createElement,
  forwardRef,
  useImperativeHandle,
  useInsertionEffect,
  useState,
  type ForwardedRef,
  type ForwardRefExoticComponent,
  type ReactElement,
  type RefAttributes,
} from 'react';
import { ElementLink } from './react-link.ts';
import type { WechatFollowLoginProps } from './react-props.ts';
import type { WechatFollowLogin as LoginElement } from './wechat-follow-login.ts';

export type { ClaimResult, LoginEventMap, LoginState, LoginStrings, Snapshot, Tokens, User } from './index.ts';
export type { LoginHandlers, LoginProperties, WechatFollowLoginProps } from './react-props.ts';
/** What a `ref` holds. */
export type { LoginElement };

/**
 * `<wechat-follow-login>` in React. Registers the tag when the first one is mounted, so rendering on a server touches no
 * DOM. Handlers may be new ones at every render: the login under way does not notice.
 */
export const WechatFollowLogin: ForwardRefExoticComponent<WechatFollowLoginProps & RefAttributes<LoginElement>> =
  forwardRef(Login);
WechatFollowLogin.displayName = 'WechatFollowLogin';

function Login(props: WechatFollowLoginProps, ref: ForwardedRef<LoginElement>): ReactElement {
  const [link] = useState(() => new ElementLink(props));
  // No other kind of effect will do: React 18 warns of them on a server, and all are undone while React hides the tree.
  useInsertionEffect(() => link.update(props));
  useImperativeHandle(ref, () => link.element!, [link]);
  return createElement('wechat-follow-login', { ...link.attributesOf(props), ref: link.attach });
}
