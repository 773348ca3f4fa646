#!/usr/bin/env node
import { HELP, UsageError, parseCommand } from './cli-options.ts';
import type { ServedSandbox, ServeOptions } from './node.ts';
import { serveSandbox } from './node.ts';

/** What a companion needs to use this sandbox, ready to copy. */
const companionSettings = ({ url, sandbox: { account, eventsPath } }: ServedSandbox) => `phone: ${url}/phone

Companion, Mode 1 (WeChat pushes to Authing):
AUTHING_APP_HOST=${url}
AUTHING_APP_ID=${account.appId}
AUTHING_APP_SECRET=${account.appSecret}

and for Mode 2 (start the sandbox with --push-url, the companion's /wechat/push):
WECHAT_APP_ID=${account.wechatAppId}
WECHAT_TOKEN=${account.wechatToken}
WECHAT_ENCODING_AES_KEY=${account.encodingAESKey}
AUTHING_EVENTS_URL=${url}${eventsPath}
`;

/** A push URL that fails is told and kept: the companion may well be started after the sandbox. */
async function tellUrlCheck({ url, sandbox }: ServedSandbox): Promise<void> {
  const check = await sandbox.verifyUrl();
  const again = `once it is mended: curl -X POST ${url}/sandbox/wechat/verify-url`;
  process.stderr.write(`\npush URL: ${check.ok ? 'verified' : `NOT verified: ${check.reason}\n${again}`}\n`);
}

async function serve(options: ServeOptions): Promise<void> {
  const served = await serveSandbox(options);
  process.stdout.write(`sandbox ready ${served.url}\n`);
  process.stderr.write(companionSettings(served));
  if (options.pushUrl) void tellUrlCheck(served);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void served.close());
}

try {
  const command = parseCommand(process.argv.slice(2));
  if (command.kind === 'help') process.stdout.write(HELP);
  else await serve(command.options);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
