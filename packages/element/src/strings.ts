import { en } from './strings/en.ts';
import { zhCn } from './strings/zh-cn.ts';

/**
 * Everything that the element says. `{account}`, `{name}`, `{number}` and `{time}` are filled in where the English text
 * has them.
 */
export interface LoginStrings {
  heading: string;
  /** Stands for `{account}` where the companion tells no name. */
  anAccount: string;
  codeLabel: string;
  idle: string;
  loading: string;
  ready: string;
  /** Says beforehand that scanning leads to following. */
  readyHint: string;
  renewsIn: string;
  expiresIn: string;
  scanned: string;
  scannedHint: string;
  confirming: string;
  confirmingHint: string;
  authorized: string;
  success: string;
  welcome: string;
  expired: string;
  cancelled: string;
  stepRequired: string;
  stepRequiredHint: string;
  errorNetwork: string;
  errorBusy: string;
  errorRefused: string;
  /** Nothing that the person at the screen can do anything about. */
  errorSetup: string;
  start: string;
  refresh: string;
  retry: string;
  cancel: string;
  continue: string;
}

export interface Language {
  /** BCP 47, as it stands in a `lang` attribute. */
  tag: string;
  strings: LoginStrings;
}

/** The language for a BCP 47 tag: Chinese for `zh` of any kind, else English. */
export function languageOf(tag: string): Language {
  return /^zh\b/i.test(tag) ? { tag: 'zh-CN', strings: zhCn } : { tag: 'en', strings: en };
}

export function fill(text: string, values: Record<string, string>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
}

/** What people are told of an error code; the code itself is for the page's own script. */
export function errorText(strings: LoginStrings, code: string, retryable: boolean): string {
  if (/^(network|timeout)$/.test(code)) return strings.errorNetwork;
  if (/^(login_failed|exchange_\w+)$/.test(code)) return strings.errorRefused;
  return retryable ? strings.errorBusy : strings.errorSetup;
}
