#!/usr/bin/env node
import { serve } from './serve.ts';
import { readSettings, SettingsError } from './settings.ts';
import { version } from './version.ts';

const USAGE = `wechat-follow-login companion

  serve     run the companion; settings come from the environment
  version   print the version

Required: ALLOWED_ORIGINS, AUTHING_APP_HOST, AUTHING_APP_ID, AUTHING_APP_SECRET.
All settings: README of @wechat-follow-login/server.
`;

/** Exit codes: 0 fine, 1 could not run, 2 wrong call or wrong settings. */
async function main(args: readonly string[]): Promise<void> {
  const [command, ...rest] = args;
  if (command === '--help' || command === 'help') return void process.stdout.write(USAGE);
  if (command === 'version' && rest.length === 0) return void process.stdout.write(`${version()}\n`);
  if (command === 'serve' && rest.length === 0) return run();
  process.stderr.write(USAGE);
  process.exitCode = 2;
}

async function run(): Promise<void> {
  let settings;
  try {
    settings = readSettings(process.env);
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    process.stderr.write(
      `These settings are wrong or missing:\n${error.problems.map(({ name, expected }) => `  ${name}: ${expected}\n`).join('')}`,
    );
    process.exitCode = 2;
    return;
  }
  // A log pipe that was closed must not take the companion down with it.
  process.stderr.on('error', () => {});
  process.stdout.on('error', () => {});
  const served = await serve(settings, (line) => void process.stderr.write(line));
  process.stdout.write(`companion ready ${served.url}\n`);
  let stopping = false;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (stopping) process.exit(1);
      stopping = true;
      void served.close().then(() => process.exit(0));
    });
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`the companion cannot run: ${error instanceof Error ? error.message : 'unknown error'}\n`);
  process.exitCode = 1;
});
