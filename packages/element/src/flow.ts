export type { ClaimResult, Snapshot, SnapshotUser, Tokens, User } from '@wechat-follow-login/protocol';
export type { Clock } from './clock.ts';
export { LoginError, type LoginErrorCode } from './errors.ts';
export type { LoginFlowOptions } from './flow-options.ts';
export { LoginFlow, type LoginFlowEvents } from './login-flow.ts';
export type { Code, LoginState } from './login-state.ts';
