export type { LoginEventMap } from './events.ts';
export * from './flow.ts';
export type { LoginStrings } from './strings.ts';
export { WechatFollowLogin } from './wechat-follow-login.ts';
