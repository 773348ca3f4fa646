import { isIPv6 } from 'node:net';
import type { Clock } from './ports.ts';

interface Bucket {
  tokens: number;
  at: number;
}

/** So many keys are remembered; past that the least recently seen is forgotten. */
const MAX_KEYS = 10_000;

/** Token buckets: `burst` at once, `perSecond` in the long run, each key for itself. */
export class RateLimit {
  readonly #buckets = new Map<string, Bucket>();
  readonly #clock: Clock;
  readonly #burst: number;
  readonly #perSecond: number;

  constructor(clock: Clock, { burst, perSecond }: { burst: number; perSecond: number }) {
    this.#clock = clock;
    this.#burst = burst;
    this.#perSecond = perSecond;
  }

  /** Seconds to wait, 0 when the call may go ahead. */
  take(key: string): number {
    const now = this.#clock.monotonic();
    const known = this.#buckets.get(key);
    const tokens = known
      ? Math.min(this.#burst, known.tokens + ((now - known.at) / 1000) * this.#perSecond)
      : this.#burst;
    const allowed = tokens >= 1;
    this.#buckets.delete(key); // set again below: the Map's order is the order of last use
    this.#buckets.set(key, { tokens: allowed ? tokens - 1 : tokens, at: now });
    if (this.#buckets.size > MAX_KEYS) this.#buckets.delete(this.#buckets.keys().next().value!);
    return allowed ? 0 : Math.ceil((1 - tokens) / this.#perSecond);
  }
}

/** How many things are open at once, each key for itself. */
export class OpenCount {
  readonly #open = new Map<string, number>();

  count(key: string): number {
    return this.#open.get(key) ?? 0;
  }
  add(key: string): void {
    this.#open.set(key, this.count(key) + 1);
  }
  remove(key: string): void {
    const left = this.count(key) - 1;
    if (left > 0) this.#open.set(key, left);
    else this.#open.delete(key);
  }
}

/** What counts as one peer: an IPv4 address, or the /64 that one IPv6 subscriber usually has. */
export function peerKey(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  if (mapped) return mapped[1]!;
  if (!isIPv6(address)) return address;
  const groups = expandIPv6(address);
  // The same IPv4 address in hexadecimal: all of them share one /64.
  if (groups.slice(0, 6).join(':') === '0:0:0:0:0:ffff') return groups.slice(6).join(':');
  return `${groups.slice(0, 4).join(':')}::/64`;
}

function expandIPv6(address: string): string[] {
  const [head = '', tail] = address.split('%')[0]!.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : 8 - left.length - right.length;
  return [...left, ...Array<string>(Math.max(0, zeros)).fill('0'), ...right].map((group) =>
    Number.parseInt(group, 16).toString(16),
  );
}
