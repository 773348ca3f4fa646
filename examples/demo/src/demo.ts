import { randomBytes } from 'node:crypto';
import type * as SandboxNode from '../../../packages/sandbox/src/node.ts';
import { startCompanion, type CompanionProcess } from './companion-process.ts';
import { serveDemoSite } from './demo-site.ts';
import { freePortFrom } from './listen-from.ts';
import { modeTwoSettings } from './mode-two.ts';

type ServedSandbox = SandboxNode.ServedSandbox;

export interface Demo {
  /** Where the page is. */
  url: string;
  sandbox: ServedSandbox;
  /** The companion of the moment: another one after `restartCompanion`. */
  companion(): CompanionProcess;
  /** Ends it (by `signal`, say SIGKILL) and starts it again with the same settings on the same port. */
  restartCompanion(signal?: NodeJS.Signals): Promise<void>;
  /** Resolves when a companion ends that nobody stopped. */
  broken: Promise<void>;
  close(): Promise<void>;
}

export interface DemoOptions {
  /** The page's port, or the first free one above; the other two follow it. 0: any free ones. */
  port: number;
  /** 1 (default): WeChat pushes to Authing, and the companion polls. 2: it pushes to the companion. */
  mode?: 1 | 2;
  /** Mode 2: the chat asks which number the page shows before it lets anybody in. */
  confirm?: boolean;
  /** Further settings of the companion, and other values for those set here. */
  settings?: Record<string, string>;
}

const ACCOUNT = '灯叶茶铺';

/** Starts sandbox, companion and site on three origins; everything lives in memory. Needs a build. */
export async function startDemo({ port, mode = 1, confirm = false, settings = {} }: DemoOptions): Promise<Demo> {
  const { serveSandbox } = await importBuilt();
  const closers: (() => Promise<unknown> | void)[] = [];
  const close = async (): Promise<void> => {
    for (const one of closers.splice(0).reverse()) await one();
  };
  try {
    const site = await serveDemoSite(port);
    closers.push(site.close);
    const next = (origin: string): number => (port === 0 ? 0 : Number(new URL(origin).port) + 1);

    const sandbox = await serveSandbox({
      port: await freePortFrom(next(site.origin)),
      accountName: ACCOUNT,
      switches: { O8: 'short', O9: 'full' }, // a moment between scan and login, and a name to greet
    });
    closers.push(() => sandbox.close());

    const environment = {
      PORT: String(await freePortFrom(next(sandbox.url))),
      COMPANION_SECRETS: randomBytes(32).toString('hex'),
      // A person may type either of the two.
      ALLOWED_ORIGINS: `${site.origin},${site.origin.replace('127.0.0.1', 'localhost')}`,
      AUTHING_APP_HOST: sandbox.url,
      AUTHING_APP_ID: sandbox.sandbox.account.appId,
      AUTHING_APP_SECRET: sandbox.sandbox.account.appSecret,
      ACCOUNT_NAME: ACCOUNT,
      LOG_LEVEL: 'warn',
      ...(mode === 2 && modeTwoSettings(sandbox, confirm)),
      ...settings,
    };
    let companion = await startCompanion(environment);
    let stopping = false;
    closers.push(() => {
      stopping = true;
      return companion.stop();
    });
    if (mode === 2) await pushTo(`${companion.url}/wechat/push`, sandbox);
    let broke = (): void => {};
    const broken = new Promise<void>((resolve) => (broke = resolve));
    const watch = (one: CompanionProcess): void =>
      void one.ended.then(() => {
        if (!stopping && one === companion) broke();
      });
    watch(companion);
    site.meet({ companion: companion.url, sandbox: sandbox.url, confirm });
    return {
      url: `${site.origin}/`,
      sandbox,
      companion: () => companion,
      restartCompanion: async (signal) => {
        stopping = true;
        await companion.stop(signal);
        companion = await startCompanion(environment);
        stopping = false;
        watch(companion);
      },
      broken,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** What an operator does in WeChat's console: enters the address, and WeChat asks it for proof. */
async function pushTo(url: string, { sandbox }: ServedSandbox): Promise<void> {
  sandbox.setPushUrl(url);
  const check = await sandbox.verifyUrl();
  if (!check.ok) throw new Error(`the companion's push address did not pass WeChat's verification: ${check.reason}`);
}

/** The build, as everybody else gets it; the types are the source's, so that they can be checked before any build. */
async function importBuilt(): Promise<typeof SandboxNode> {
  const built: unknown = await import(new URL('../../../packages/sandbox/dist/node.js', import.meta.url).href);
  return built as typeof SandboxNode;
}
