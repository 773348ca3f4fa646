import type { LoginState } from './login-state.ts';

export type Action = 'start' | 'refresh' | 'retry' | 'cancel' | 'continue';
export type IconName = 'scan' | 'turning' | 'check' | 'clock' | 'cross' | 'alert' | 'shield';

/** `minor`: going on by itself is the rule, so the button stands aside. */
type Look = readonly [icon: IconName, tone: '' | 'good' | 'bad', action?: Action, minor?: boolean];

/** How each state looks and what can be done about it; what it says is in the strings under its name. */
const LOOKS: Record<LoginState['name'], Look> = {
  idle: ['scan', '', 'start'],
  loading: ['turning', ''],
  ready: ['scan', '', 'refresh', true],
  scanned: ['check', 'good', 'refresh', true],
  confirming: ['scan', 'good', 'cancel', true],
  authorized: ['turning', 'good'],
  success: ['check', 'good'],
  expired: ['clock', '', 'refresh'],
  cancelled: ['cross', '', 'retry'],
  'step-required': ['shield', '', 'continue'],
  error: ['alert', 'bad', 'retry'],
};

export function lookOf(state: LoginState): Look {
  const look = LOOKS[state.name];
  // Only the page's author can do something about these two.
  if (state.name === 'error' && /^in(valid_configuration|secure_context)$/.test(state.code)) return ['alert', 'bad'];
  if (state.name === 'step-required' && !state.url) return ['shield', '', 'retry'];
  return look;
}
