import type { LoginState } from './login-state.ts';
import type { Place } from './place.ts';
import { en } from './strings/en.ts';
import { ja } from './strings/ja.ts';
import { zhCn } from './strings/zh-cn.ts';
import { zhTw } from './strings/zh-tw.ts';

/**
 * Everything that the element says: for each state what is happening and, where there is more to say, a hint; for each
 * action its button. `{account}`, `{name}`, `{number}` and `{time}` are filled in where the English text has them.
 */
export interface LoginStrings {
  heading: string;
  /** Stands for `{account}` where the companion tells no name. */
  anAccount: string;
  codeLabel: string;
  renewsIn: string;
  expiresIn: string;

  idle: string;
  loading: string;
  ready: string;
  /** The steps in words; says beforehand that scanning leads to following. */
  readyHint: string;
  /** The same on a phone: the code is saved, and scanned from the album. */
  readyPhone: string;
  readyPhoneHint: string;
  /** The same in WeChat's own browser: the code is pressed. */
  readyWechat: string;
  readyWechatHint: string;
  scanned: string;
  scannedHint: string;
  confirming: string;
  confirmingHint: string;
  authorized: string;
  success: string;
  /** Only where there is a name. */
  successHint: string;
  expired: string;
  cancelled: string;
  cancelledHint: string;
  'step-required': string;
  'step-requiredHint': string;
  /** Nothing that the person at the screen can do anything about. */
  error: string;
  errorNetwork: string;
  errorBusy: string;
  errorRefused: string;

  start: string;
  refresh: string;
  retry: string;
  cancel: string;
  continue: string;
  save: string;
  enlarge: string;
  close: string;
}

/** BCP 47 tag, as it stands in a `lang` attribute, and texts; English for whatever is not spoken here. */
export function stringsOf(tag: string): [tag: string, strings: LoginStrings] {
  if (/^zh\b(?!.*\bhans).*\b(hant|tw|hk|mo)\b/i.test(tag)) return ['zh-TW', zhTw];
  if (/^zh\b/i.test(tag)) return ['zh-CN', zhCn];
  return /^ja\b/i.test(tag) ? ['ja', ja] : ['en', en];
}

export function fill(text: string, values: Record<string, string>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
}

/** What is happening, and what more there is to say about it. */
export function textsOf(state: LoginState, strings: LoginStrings, place: Place): [title: string, hint: string] {
  const { name, account } = state;
  const user = 'user' in state && state.user?.name;
  const values = {
    account: account?.name ?? strings.anAccount,
    name: user || '',
    number: ('confirmNumber' in state && state.confirmNumber) || '',
  };
  const key = name === 'ready' ? (`ready${place}` as const) : name;
  const title = name === 'error' ? errorText(state, strings) : strings[key];
  const hint = name === 'success' && !user ? '' : strings[`${key}Hint` as 'readyHint'];
  return [fill(title, values), fill(hint ?? '', values)];
}

/** What people are told of an error; its code is for the page's own script. */
function errorText({ code, retryable }: LoginState & { name: 'error' }, strings: LoginStrings): string {
  if (/^(network|timeout)$/.test(code)) return strings.errorNetwork;
  if (/^(login_failed|exchange_)/.test(code)) return strings.errorRefused;
  return retryable ? strings.errorBusy : strings.error;
}
