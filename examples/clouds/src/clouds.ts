import { randomBytes } from 'node:crypto';
import type * as SandboxNode from '../../../packages/sandbox/src/node.ts';
import { startCompanion, type CompanionProcess } from '../../demo/src/companion-process.ts';

export interface Clouds {
  sandbox: SandboxNode.ServedSandbox;
  companion: CompanionProcess;
  close(): Promise<void>;
}

/** Sandbox and companion, for pages of these origins. Port 0: any free one. Needs a build. */
export async function startClouds(
  origins: readonly string[],
  ports: { sandbox: number; companion: number },
): Promise<Clouds> {
  const { serveSandbox } = await importBuilt();
  const sandbox = await serveSandbox({ port: ports.sandbox, switches: { O9: 'full' } }); // a name to greet
  try {
    const companion = await startCompanion({
      ...authingSettings(sandbox),
      PORT: String(ports.companion),
      ALLOWED_ORIGINS: origins.join(','),
      COMPANION_SECRETS: randomBytes(32).toString('hex'),
      LOG_LEVEL: 'warn',
    });
    const close = async (): Promise<void> => {
      await companion.stop();
      await sandbox.close();
    };
    return { sandbox, companion, close };
  } catch (error) {
    await sandbox.close();
    throw error;
  }
}

/** The settings of a companion that takes the sandbox for Authing. */
export function authingSettings({ url, sandbox }: SandboxNode.ServedSandbox): Record<string, string> {
  const { appId, appSecret, accountName } = sandbox.account;
  return {
    AUTHING_APP_HOST: url,
    AUTHING_APP_ID: appId,
    AUTHING_APP_SECRET: appSecret,
    ACCOUNT_NAME: accountName,
  };
}

/** The build, as everybody else gets it; the types are the source's, so that they can be checked before any build. */
export async function importBuilt(): Promise<typeof SandboxNode> {
  const built: unknown = await import(new URL('../../../packages/sandbox/dist/node.js', import.meta.url).href);
  return built as typeof SandboxNode;
}
