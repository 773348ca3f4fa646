// `npm start`: installs and builds what is missing, then sandbox, companion and demo site, with nothing to configure.
import { spawn } from 'node:child_process';
import { parseArgs } from 'node:util';
import { bootstrap } from './bootstrap.mjs';
import { run } from './run.mjs';
import { isBuilt } from './is-built.mjs';

const DEFAULT_PORT = 8080;
const HELP = `npm start -- [--port N] [--mode 1|2] [--confirm] [--no-open] [--rebuild]

  --port N    the page's port, default ${DEFAULT_PORT}; when it is taken the next free one; 0 for any
  --mode M    1 (default): WeChat pushes to Authing and the companion polls it; 2: WeChat pushes to the companion
  --confirm   with --mode 2: the chat asks which number the page shows before anybody is signed in
  --no-open   do not open a browser
  --rebuild   build even when the build is newer than the sources
  --help      this text`;

const { open, rebuild, ...demoOptions } = readFlags(process.argv.slice(2));
try {
  await bootstrap();
  if (rebuild || !isBuilt()) {
    console.log('building …');
    if (run(process.execPath, ['tools/build.mjs']).status !== 0) throw new Error('the build failed');
  }
  await start();
} catch (error) {
  console.error(`start: ${error.message}`);
  process.exit(1);
}

function readFlags(args) {
  const options = {
    port: { type: 'string', default: String(DEFAULT_PORT) },
    mode: { type: 'string', default: '1' },
    confirm: { type: 'boolean', default: false },
    'no-open': { type: 'boolean', default: false },
    rebuild: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  };
  const { values, tokens } = parseArgs({ args, options, strict: false, allowPositionals: true, tokens: true });
  const mistakes = tokens
    .filter((token) => token.kind === 'positional' || (token.kind === 'option' && !Object.hasOwn(options, token.name)))
    .map((token) => `unknown ${token.kind === 'option' ? `flag ${token.rawName}` : `word "${token.value}"`}`);
  const number = /^\d{1,5}$/.test(values.port) ? Number(values.port) : NaN;
  if (!(number <= 65_535)) mistakes.push('--port expects a number from 0 to 65535');
  if (!['1', '2'].includes(values.mode)) mistakes.push('--mode expects 1 or 2');
  else if (values.confirm && values.mode !== '2') mistakes.push('--confirm expects --mode 2');
  if (mistakes.length > 0) {
    console.error(`start: ${mistakes.join('; ')}\n\n${HELP}`);
    process.exit(2);
  }
  if (values.help) {
    console.log(HELP);
    process.exit(0);
  }
  return {
    port: number,
    mode: Number(values.mode),
    confirm: values.confirm,
    open: !values['no-open'],
    rebuild: values.rebuild,
  };
}

async function start() {
  const { tsImport } = await import('tsx/esm/api');
  const { startDemo } = await tsImport('../examples/demo/src/demo.ts', import.meta.url);
  const demo = await startDemo(demoOptions);
  console.log(`\n  The demo is at ${demo.url}   (Ctrl-C ends it)`);
  console.log(`  The element in every state, theme and language: ${demo.url}gallery\n`);
  if (open) openBrowser(demo.url);
  let ending = false;
  const end = async (code) => {
    if (ending) return;
    ending = true;
    await demo.close();
    process.exit(code);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => end(0));
  void demo.broken.then(() => {
    console.error('start: the companion ended by itself; its message is above');
    return end(1);
  });
}

/** A convenience: where it cannot be done the address stands in the terminal. */
function openBrowser(url) {
  const [command, ...args] = { darwin: ['open'], win32: ['cmd', '/c', 'start', '""'] }[process.platform] ?? [
    'xdg-open',
  ];
  const child = spawn(command, [...args, url], { stdio: 'ignore', detached: true });
  child.on('error', () => {});
  child.unref();
}
