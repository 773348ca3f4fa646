import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const CLI = fileURLToPath(new URL('../../../packages/server/dist/cli.js', import.meta.url));
const START_DEADLINE_MS = 15_000;

export interface CompanionProcess {
  /** With its base path. */
  url: string;
  /** Ends with the process, whoever ended it. */
  ended: Promise<void>;
  /** SIGTERM by default; resolves when the process is gone. */
  stop(signal?: NodeJS.Signals): Promise<void>;
}

/** Runs the companion as its operator would: the command line, settings in the environment. */
export async function startCompanion(settings: Record<string, string>): Promise<CompanionProcess> {
  const { PATH, SystemRoot } = process.env;
  const child = spawn(process.execPath, [CLI, 'serve'], {
    // Nothing inherited: a setting of the person's own companion must not reach the demo's.
    env: { ...(PATH && { PATH }), ...(SystemRoot && { SystemRoot }), ...settings },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const url = await new Promise<string>((resolve, reject) => {
    const deadline = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`the companion did not get ready within ${START_DEADLINE_MS / 1000} s`));
    }, START_DEADLINE_MS);
    createInterface({ input: child.stdout }).on('line', (line) => {
      const ready = /^companion ready (\S+)$/.exec(line)?.[1];
      if (!ready) return;
      clearTimeout(deadline);
      resolve(ready);
    });
    child.once('error', reject);
    child.once('close', (code) => {
      clearTimeout(deadline);
      reject(new Error(`the companion ended with exit code ${code} before it was ready; its message is above`));
    });
  });
  return {
    url,
    ended,
    stop: (signal = 'SIGTERM') => {
      child.kill(signal);
      return ended;
    },
  };
}
