import { createCompanion, createLog, readSettings, type Companion } from '@wechat-follow-login/server';

const kept = globalThis as typeof globalThis & { companion?: Companion };

/** One for the process: it knows the logins that are under way. `next dev` loads this file again and again. */
export function companion(): Companion {
  kept.companion ??= start();
  return kept.companion;
}

function start(): Companion {
  const { companion: options, logLevel, logFormat } = readSettings({ ...process.env, DELIVERY: 'cookie' });
  return createCompanion({ ...options, log: createLog(logLevel, logFormat, (line) => process.stderr.write(line)) });
}
