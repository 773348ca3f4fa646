import { en } from './strings/en.ts';
import { zhCn } from './strings/zh-cn.ts';

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
  /** Says beforehand that scanning leads to following. */
  readyHint: string;
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
}

/** BCP 47 tag, as it stands in a `lang` attribute, and texts: Chinese for `zh` of any kind, else English. */
export function stringsOf(tag: string): [tag: string, strings: LoginStrings] {
  return /^zh\b/i.test(tag) ? ['zh-CN', zhCn] : ['en', en];
}

export function fill(text: string, values: Record<string, string>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
}

/** What people are told of an error; its code is for the page's own script. */
export function errorText(strings: LoginStrings, code: string, retryable: boolean): string {
  if (/^(network|timeout)$/.test(code)) return strings.errorNetwork;
  if (/^(login_failed|exchange_)/.test(code)) return strings.errorRefused;
  return retryable ? strings.errorBusy : strings.error;
}
