import type { Clock } from './clock.ts';
import type { Random } from './random.ts';

export interface LoginFlowOptions {
  /** Base address of the companion, e.g. `https://login.example.com/wechat-login`. */
  endpoint: string;
  /** BCP 47; told to the companion for what it says in the chat. */
  locale?: string;
  /** How many new codes come by themselves before it takes a click. Default 3. */
  autoRefresh?: number;
  /**
   * Asked before each connection that is to stay open; false: this attempt is looked at now and then instead. A seat is
   * held until `signal` is aborted. Default: there is always one.
   */
  takeSeat?: (signal: AbortSignal) => Promise<boolean>;
  fetch?: typeof fetch;
  clock?: Clock;
  /** 0 to below 1; spreads retries. */
  random?: Random;
}

/** Throws TypeError. */
export function requireEndpoint(value: unknown): string {
  if (/^(https?:\/\/[^/?#]|\.{0,2}\/)[^?#]*$/i.test(String(value))) return String(value);
  throw new TypeError('"endpoint": expected an http(s) address or a path, without query or fragment');
}

export const DEFAULT_AUTO_REFRESH = 3;

export function isCount(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0;
}

/** Throws TypeError. */
export function requireCount(value: unknown): number {
  if (isCount(value)) return value;
  throw new TypeError('"autoRefresh": expected a whole number, 0 or more');
}
