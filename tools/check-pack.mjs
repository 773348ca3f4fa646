// What a stranger gets: the packed tarballs in an empty project, type-checked with nothing skipped, imported and run.
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { root } from './local.mjs';
import { bin, npm, runAndRead } from './run.mjs';
import { compareWithMarks, errorsOfTsc } from './expected-errors.mjs';
import { complaintsOfBrowser } from './pack-browser.mjs';
import { report } from './sources.mjs';

const PACKAGES = ['element', 'server', 'sandbox'];
/** What a consumer installs beside the packages. */
const BESIDE = { '@types/node': '20.19.43', '@types/react': '19.3.0', react: '19.3.1', 'react-dom': '19.3.1' };
/** Of attw's rules: there is no CommonJS build, and TypeScript's old resolution, which knows no `exports`, is not served. */
const NOT_PROMISED = ['--profile', 'esm-only'];
const consumerSources = path.join(root, 'tools/pack-consumer');
const TARBALLS = { element: /^wechat-follow-login-\d/, server: /-server-\d/, sandbox: /-sandbox-\d/ };
/** Entries for tools and script tags, which no code imports. */
const NO_TYPES = {
  element: [
    '--exclude-entrypoints',
    './wechat-follow-login.min.js',
    './custom-elements.json',
    './vscode.html-custom-data.json',
    './vscode.css-custom-data.json',
  ],
};
const complaints = [];
const home = mkdtempSync(path.join(os.tmpdir(), 'wechat-follow-login-pack-'));
try {
  install();
  checkText();
  await checkTypes();
  await checkResolution();
  await checkRuns();
  await checkBrowser();
} finally {
  rmSync(home, { recursive: true, force: true });
}
report('pack', `${PACKAGES.length} packages`, complaints);

function install() {
  const tarballs = path.join(home, 'tarballs');
  mkdirSync(tarballs);
  const dependencies = { ...BESIDE };
  for (const name of PACKAGES) {
    const quiet = { stdio: ['ignore', 'pipe', 'inherit'], encoding: 'utf8', cwd: path.join(root, 'packages', name) };
    const { status, stdout } = npm(['pack', '--json', '--pack-destination', tarballs], quiet);
    if (status !== 0) throw new Error(`npm pack of ${name} failed`);
    // npm 11 answers with a list, or with an object keyed by name
    const [packed] = Object.values(JSON.parse(stdout));
    dependencies[packed.name] = `file:tarballs/${packed.filename.replace('@', '').replace('/', '-')}`;
    console.log(`${packed.name}: ${packed.files.length} files, ${packed.unpackedSize.toLocaleString('en-US')} bytes`);
  }
  cpSync(consumerSources, home, { recursive: true });
  const manifest = { private: true, type: 'module', dependencies };
  writeFileSync(path.join(home, 'package.json'), JSON.stringify(manifest));
  const flags = ['--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'];
  if (npm(['install', ...flags], { cwd: home }).status !== 0) throw new Error('the tarballs could not be installed');
}

/** The private package must be inlined: an import of it that is left in resolves for us and for nobody else. */
function checkText() {
  for (const name of ['wechat-follow-login', '@wechat-follow-login/server', '@wechat-follow-login/sandbox']) {
    const installed = path.join(home, 'node_modules', name);
    for (const file of readdirSync(installed, { recursive: true }).filter((one) => /\.([cm]?js|d\.ts)$/.test(one))) {
      if (readFileSync(path.join(installed, file), 'utf8').includes('@wechat-follow-login/protocol')) {
        complaints.push(`${name}: ${file} names the private package @wechat-follow-login/protocol`);
      }
    }
  }
}

async function checkTypes() {
  for (const [consumer, file] of Object.entries({ page: 'page.ts', react: 'react.tsx', service: 'service.ts' })) {
    const { output } = await runAndRead(
      process.execPath,
      [bin('typescript', 'tsc'), '-p', `tsconfig.${consumer}.json`, '--pretty', 'false'],
      { cwd: home },
    );
    complaints.push(...compareWithMarks(file, readFileSync(path.join(home, file), 'utf8'), errorsOfTsc(output)));
  }
}

/** Whether every entry's types are found, and say what its code is, by whoever resolves modules in whatever way. */
async function checkResolution() {
  for (const name of PACKAGES) {
    const tarball = readdirSync(path.join(home, 'tarballs')).find((file) => TARBALLS[name].test(file));
    const args = [path.join(home, 'tarballs', tarball), '--format', 'ascii', '--no-color', ...NOT_PROMISED];
    const { status, output } = await runAndRead(process.execPath, [
      bin('@arethetypeswrong/cli', 'attw'),
      ...args,
      ...(NO_TYPES[name] ?? []),
    ]);
    if (status !== 0) complaints.push(`attw ${name}:\n${output}`);
  }
}

/** The installed files themselves, in a browser: bundled as a page's build would, and the drop-in as it is. */
async function checkBrowser() {
  for (const complaint of await complaintsOfBrowser(home)) complaints.push(`browser: ${complaint}`);
}

async function checkRuns() {
  const script = await runAndRead(process.execPath, ['imports.mjs'], { cwd: home });
  if (script.status !== 0) complaints.push(`imports in Node failed:\n${script.output}`);
  const version = JSON.parse(readFileSync(path.join(root, 'packages/server/package.json'), 'utf8')).version;
  await command(
    'wechat-follow-login-server',
    ['version'],
    (output) => output.includes(version),
    `its version ${version}`,
  );
  await command('wechat-follow-login-server', ['--help'], (output) => output.includes('serve'), 'the serve command');
  await command('wechat-follow-login-sandbox', ['--help'], (output) => output.includes('--port'), 'the --port flag');
}

async function command(name, args, holds, expected) {
  const windows = process.platform === 'win32';
  const file = path.join(home, 'node_modules/.bin', windows ? `${name}.cmd` : name);
  const { status, output } = await runAndRead(file, args, { cwd: home, shell: windows });
  if (status !== 0) complaints.push(`${name} ${args.join(' ')}: exit code ${status}\n${output}`);
  else if (!holds(output)) complaints.push(`${name} ${args.join(' ')} does not show ${expected}:\n${output}`);
}
