import { parseArgs } from 'node:util';
import type { ServeOptions } from './node.ts';
import { SwitchError, createSwitches, parseSwitches } from './switches.ts';
import type { PushMode } from './wechat/push.ts';
import { PUSH_MODES } from './wechat/push.ts';
import type { Tamper } from './wechat/tamper.ts';
import { TAMPER_KINDS, parseTamper } from './wechat/tamper.ts';

/** Every mistake of a command line at once. */
export class UsageError extends Error {
  override name = 'UsageError';
  readonly mistakes: readonly string[];
  constructor(mistakes: readonly string[]) {
    super(mistakes.join('\n'));
    this.mistakes = mistakes;
  }
}

export type Command = { kind: 'help' } | { kind: 'serve'; options: ServeOptions };

export const HELP = `wechat-follow-login-sandbox: Authing's cloud and WeChat's platform on loopback, and a phone to click

  --port N            where to listen (default 0: any free port)
  --host ADDRESS      default 127.0.0.1; the sandbox has no protection at all, leave it on loopback
  --push-url URL      where WeChat pushes (default: Authing's events endpoint in this sandbox, i.e. Mode 1);
                      the URL is verified at start, as the console does when it is saved
  --mode MODE         how WeChat pushes: secure (default), compatible, plaintext
  --tamper KIND[=N]   what happens to the first push, or the first N; may be given again:
                      ${TAMPER_KINDS.slice(0, 7).join(', ')},
                      ${TAMPER_KINDS.slice(7).join(', ')}
  --switch NAME=VALUE an open point of the contracts, may be given again; the first value is the default
  --help

Switches:
${createSwitches()
  .all()
  .map(({ name, meaning, values }) => `  ${name.padEnd(22)}${meaning}\n${' '.repeat(24)}${values.join(' | ')}`)
  .join('\n')}
`;

const FLAGS = {
  port: { type: 'string' },
  host: { type: 'string' },
  'push-url': { type: 'string' },
  mode: { type: 'string' },
  tamper: { type: 'string', multiple: true },
  switch: { type: 'string', multiple: true },
  help: { type: 'boolean', short: 'h' },
} as const;

const isPort = (text: string) => /^\d{1,5}$/.test(text) && Number(text) <= 65_535;

function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}

function readFlags(args: readonly string[]) {
  // Not strict: the first unknown flag would hide all other mistakes.
  const { tokens, values } = parseArgs({
    args: [...args],
    options: FLAGS,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const mistakes: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') mistakes.push(`unexpected ${JSON.stringify(token.value)}: see --help`);
    if (token.kind !== 'option') continue;
    if (!Object.hasOwn(FLAGS, token.name)) mistakes.push(`unknown flag ${token.rawName}: see --help`);
    else if (FLAGS[token.name as keyof typeof FLAGS].type === 'string' && token.value === undefined) {
      mistakes.push(`${token.rawName} needs a value`);
    }
  }
  const text = (name: 'port' | 'host' | 'push-url' | 'mode') => {
    const value = values[name];
    return typeof value === 'string' ? value : undefined;
  };
  const texts = (name: 'switch' | 'tamper') => (values[name] ?? []).filter((value) => typeof value === 'string');
  return { mistakes, text, settings: texts('switch'), tampers: texts('tamper'), help: values.help === true };
}

/** `KIND` or `KIND=TIMES`. */
function readTampers(texts: readonly string[], mode: string | undefined, mistakes: string[]): Tamper[] {
  return texts.flatMap((text) => {
    const [tamper, times] = text.split('=');
    try {
      return [parseTamper({ tamper, ...(times !== undefined && { times: Number(times) }) }, mode !== 'plaintext')];
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      mistakes.push(`--tamper: ${error.message}`);
      return [];
    }
  });
}

/** Throws UsageError. */
export function parseCommand(args: readonly string[]): Command {
  const { mistakes, text, settings, tampers, help } = readFlags(args);
  if (help) return { kind: 'help' };
  const [port, host, pushUrl, mode] = [text('port'), text('host'), text('push-url'), text('mode')];
  if (port !== undefined && !isPort(port))
    mistakes.push(`--port must be a number from 0 to 65535, got ${JSON.stringify(port)}`);
  if (pushUrl !== undefined && !isHttpUrl(pushUrl)) mistakes.push('--push-url must be an http or https address');
  if (mode !== undefined && !PUSH_MODES.includes(mode as PushMode)) {
    mistakes.push(`--mode must be one of ${PUSH_MODES.join(', ')}, got ${JSON.stringify(mode)}`);
  }
  const switches = Object.fromEntries(
    settings.map((setting) => {
      const at = setting.indexOf('=');
      return at < 0 ? [setting, undefined] : [setting.slice(0, at), setting.slice(at + 1)];
    }),
  );
  try {
    parseSwitches(switches);
  } catch (error) {
    if (!(error instanceof SwitchError)) throw error;
    mistakes.push(...error.mistakes.map((mistake) => `--switch: ${mistake}`));
  }
  const tamper = readTampers(tampers, mode, mistakes);
  if (mistakes.length > 0) throw new UsageError(mistakes);
  return {
    kind: 'serve',
    options: {
      ...(port !== undefined && { port: Number(port) }),
      ...(host !== undefined && { host }),
      ...(pushUrl !== undefined && { pushUrl }),
      ...(mode !== undefined && { mode: mode as PushMode }),
      ...(tamper.length > 0 && { tamper }),
      switches,
    },
  };
}
