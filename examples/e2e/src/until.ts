import { setTimeout as pause } from 'node:timers/promises';

const DEADLINE_MS = 15_000;
const BETWEEN_MS = 30;

/** Asks until it is so; for what tells nobody when it changes. Throws with `what` when it does not come to be. */
export async function until(what: string, isSo: () => Promise<boolean> | boolean): Promise<void> {
  const giveUpAt = performance.now() + DEADLINE_MS;
  while (!(await isSo())) {
    if (performance.now() > giveUpAt) throw new Error(`in vain: ${what}`);
    await pause(BETWEEN_MS);
  }
}
