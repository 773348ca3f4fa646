import type { IconName } from './icons.ts';
import type { LoginState } from './login-state.ts';
import { errorText, type LoginStrings } from './strings.ts';

export type Action = 'start' | 'refresh' | 'retry' | 'cancel' | 'continue';

/** How a state is told: a pure function, so that what people read can be read off in one place. */
export interface Look {
  icon: IconName;
  tone: 'quiet' | 'good' | 'bad';
  title: string;
  hint: string;
  /** What can be done about it; `minor` where going on by itself is the rule. */
  action: Action | null;
  minor: boolean;
}

export function lookOf(state: LoginState, s: LoginStrings): Look {
  const look = (icon: IconName, tone: Look['tone'], title: string, more: Partial<Look> = {}): Look => ({
    icon,
    tone,
    title,
    hint: '',
    action: null,
    minor: false,
    ...more,
  });
  switch (state.name) {
    case 'idle':
      return look('scan', 'quiet', s.idle, { action: 'start' });
    case 'loading':
      return look('loading', 'quiet', s.loading);
    case 'ready':
      return look('scan', 'quiet', s.ready, { hint: s.readyHint, action: 'refresh', minor: true });
    case 'scanned':
      return look('check', 'good', s.scanned, { hint: s.scannedHint, action: 'refresh', minor: true });
    case 'confirming':
      return look('phone', 'good', s.confirming, { hint: s.confirmingHint, action: 'cancel', minor: true });
    case 'authorized':
      return look('loading', 'good', s.authorized);
    case 'success':
      return look('check', 'good', s.success, { hint: state.user?.name ? s.welcome : '' });
    case 'expired':
      return look('clock', 'quiet', s.expired, { action: 'refresh' });
    case 'cancelled':
      return look('cross', 'quiet', s.cancelled, { action: 'retry' });
    case 'step-required':
      return look('shield', 'quiet', s.stepRequired, {
        hint: s.stepRequiredHint,
        action: state.url ? 'continue' : 'retry',
      });
    case 'error':
      return look('alert', 'bad', errorText(s, state.code, state.retryable), {
        action: state.code === 'invalid_configuration' ? null : 'retry',
      });
  }
}
