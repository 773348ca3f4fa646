// The tag in Vue's templates: <wechat-follow-login endpoint="…" @login-success="(event) => …" />.
// Vue takes it for an element, and not for a component, where compilerOptions.isCustomElement says so.
import type { HTMLAttributes, PublicProps } from 'vue';
import type { LoginEventMap } from '../index.js';
import type { LoginAttributes, LoginProperties, WechatFollowLogin } from './element.js';

/** `login-success` as `@login-success` asks for it. */
type Camel<Name extends string> = Name extends `${infer Head}-${infer Rest}`
  ? `${Head}${Capitalize<Camel<Rest>>}`
  : Name;
type LoginListeners = {
  [Name in keyof LoginEventMap as `on${Capitalize<Camel<Name>>}`]?: (event: LoginEventMap[Name]) => void;
};

declare module 'vue' {
  interface GlobalComponents {
    'wechat-follow-login': new () => WechatFollowLogin & {
      /** What a template may say, and nothing that the element has. */
      $props: HTMLAttributes & PublicProps & LoginAttributes & LoginProperties & LoginListeners;
    };
  }
}
