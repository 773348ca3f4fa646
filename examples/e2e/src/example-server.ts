import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const READY_DEADLINE_MS = 60_000;
const homeOf = (example: string): string => fileURLToPath(new URL(`../../${example}/`, import.meta.url));

/** The script behind a command that an example has installed. */
function commandOf(example: string, name: string): string {
  const file = createRequire(path.join(homeOf(example), 'package.json')).resolve(`${name}/package.json`);
  const { bin } = JSON.parse(readFileSync(file, 'utf8')) as { bin: string | Record<string, string> };
  return path.join(path.dirname(file), typeof bin === 'string' ? bin : bin[name]!);
}

type Settings = Record<string, string>;

function start(example: string, script: string, args: string[], settings: Settings): [ChildProcess, () => string] {
  const { PATH, SystemRoot, HOME, TMPDIR } = process.env;
  // Nothing else inherited: neither the test runner's variables nor a person's own settings are the example's.
  const own = Object.entries({ PATH, SystemRoot, HOME, TMPDIR }).filter(([, value]) => value !== undefined);
  const child = spawn(process.execPath, [script, ...args], {
    cwd: homeOf(example),
    env: { ...Object.fromEntries(own), NEXT_TELEMETRY_DISABLED: '1', ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => (output += String(data)));
  return [child, () => output];
}

const ended = (child: ChildProcess): Promise<number | null> =>
  new Promise((resolve) => child.once('close', (code) => resolve(code)));

/** Runs, say, `vite build` in an example's folder. */
export async function build(example: string, command: string, settings: Settings = {}): Promise<void> {
  const [child, output] = start(example, commandOf(example, command), ['build'], settings);
  if ((await ended(child)) !== 0) throw new Error(`${command} build of examples/${example} failed:\n${output()}`);
}

export interface ExampleServer {
  /** What it has written so far. */
  output(): string;
  stop(): Promise<void>;
}

/** Starts an example's server and waits until it answers at `url`. */
export async function serve(
  example: string,
  [command, ...args]: [command: string, ...args: string[]],
  url: string,
  settings: Settings = {},
): Promise<ExampleServer> {
  const script = command.endsWith('.mjs') ? command : commandOf(example, command);
  const [child, output] = start(example, script, args, settings);
  const gone = ended(child);
  const stop = async (): Promise<void> => {
    child.kill();
    await gone;
  };
  const deadline = Date.now() + READY_DEADLINE_MS;
  while (
    !(await fetch(url).then(
      ({ ok }) => ok,
      () => false,
    ))
  ) {
    if (child.exitCode !== null || Date.now() > deadline) {
      await stop();
      throw new Error(`examples/${example} did not answer at ${url}:\n${output()}`);
    }
    await sleep(50);
  }
  return { output, stop };
}
