import type { SandboxClock } from '../clock.ts';

const BLOCKED_FOR_MS = 60_000;

/** After so many failed pushes in a row WeChat sends none for a minute (wechat.md §5). */
export interface MarkFail {
  isBlocked(): boolean;
  note(success: boolean): void;
  reset(): void;
}

export function createMarkFail(clock: SandboxClock, after: number): MarkFail {
  let failedInARow = 0;
  let blockedUntil = 0;
  return {
    isBlocked: () => clock.now() < blockedUntil,
    note: (success) => {
      failedInARow = success ? 0 : failedInARow + 1;
      if (failedInARow < after) return;
      blockedUntil = clock.now() + BLOCKED_FOR_MS;
      failedInARow = 0;
    },
    reset: () => {
      failedInARow = 0;
      blockedUntil = 0;
    },
  };
}
