import type { World } from '../world.ts';

export type QuotaKind = 'status' | 'exchange' | 'other';

/** Requests a second of the user pool: a window of the last 1000 ms. */
export function createQuota({ clock, account, switches }: World): {
  exceeded(kind: QuotaKind): boolean;
  reset(): void;
} {
  const windows = new Map<string, number[]>();
  return {
    exceeded: (kind) => {
      const name = switches.get('O20-quota') === 'separate' ? kind : 'pool';
      const now = clock.now();
      const recent = (windows.get(name) ?? []).filter((at) => at > now - 1000);
      if (recent.length < account.quotaPerSecond) recent.push(now);
      else return true;
      windows.set(name, recent);
      return false;
    },
    reset: () => windows.clear(),
  };
}
