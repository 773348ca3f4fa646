import { FORGERIES, NEEDS_ENCRYPTION } from './forge.ts';

/** What can happen to a push between WeChat and its receiver. */
export const TAMPER_KINDS = [...FORGERIES, 'replay', 're-sign', 'duplicate', 'reorder', 'slow', 'lost-answer'] as const;
export type TamperKind = (typeof TAMPER_KINDS)[number];

export interface Tamper {
  tamper: TamperKind;
  /** How many pushes it meets, one after the other. Default 1. */
  times?: number;
  /**
   * Milliseconds: how long after the push `replay` and `re-sign` come (0), how long `slow` takes (3000), after which time
   * `reorder` stops waiting for another push (30000), how old the stale ones are (600000).
   */
  ms?: number;
}

const DEFAULT_MS: Partial<Record<TamperKind, number>> = {
  slow: 3000,
  reorder: 30_000,
  'stale-timestamp': 600_000,
  'stale-create-time': 600_000,
};

/** What awaits one push. */
export interface TakenTamper {
  kind: TamperKind;
  ms: number;
}

/** Throws a TypeError that names every mistake. */
export function parseTamper(input: Record<string, unknown>, encrypted: boolean): Tamper {
  const { tamper, times, ms } = input;
  const mistakes: string[] = [];
  if (!TAMPER_KINDS.includes(tamper as TamperKind)) {
    mistakes.push(`"tamper" must be one of ${TAMPER_KINDS.join(', ')}, got ${JSON.stringify(tamper)}`);
  } else if (!encrypted && NEEDS_ENCRYPTION.includes(tamper as TamperKind)) {
    mistakes.push(`"${String(tamper)}" needs encrypted pushes, and the mode is plaintext`);
  }
  if (times !== undefined && !(Number.isInteger(times) && Number(times) > 0)) {
    mistakes.push('"times" must be a positive integer');
  }
  if (ms !== undefined && !(typeof ms === 'number' && ms >= 0)) mistakes.push('"ms" must be a number of milliseconds');
  if (mistakes.length > 0) throw new TypeError(mistakes.join('; '));
  return input as unknown as Tamper;
}

export interface Tampering {
  /** For the next push, or the next `times`; several wait for each other. Throws a TypeError for a mistake. */
  add(tamper: Tamper): void;
  /** Forgets what waits; a push that `reorder` holds is sent. */
  clear(): void;
  all(): readonly Tamper[];
}

export interface TamperQueue extends Tampering {
  take(): TakenTamper | null;
}

/** `isEncrypted`: how the account's pushes go out now. */
export function createTamperQueue(isEncrypted: () => boolean, onClear: () => void): TamperQueue {
  let waiting: Tamper[] = [];
  return {
    add: (tamper) => {
      waiting.push({ times: 1, ...parseTamper({ ...tamper }, isEncrypted()) });
    },
    clear: () => {
      waiting = [];
      onClear();
    },
    all: () => waiting.map((tamper) => ({ ...tamper })),
    take: () => {
      const [next] = waiting;
      if (!next) return null;
      next.times = (next.times ?? 1) - 1;
      if (next.times === 0) waiting.shift();
      return { kind: next.tamper, ms: next.ms ?? DEFAULT_MS[next.tamper] ?? 0 };
    },
  };
}
