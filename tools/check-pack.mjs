// What a stranger gets: the packed tarballs in an empty project, type-checked with nothing skipped, imported and run.
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { root } from './local.mjs';
import { bin, npm, runAndRead } from './run.mjs';
import { compareWithMarks, errorsOfTsc } from './expected-errors.mjs';
import { report } from './sources.mjs';

const PACKAGES = ['element', 'server', 'sandbox'];
const NODE_TYPES = '20.19.43';
const consumerSources = path.join(root, 'tools/pack-consumer');
const complaints = [];
const home = mkdtempSync(path.join(os.tmpdir(), 'wechat-follow-login-pack-'));
try {
  install();
  checkText();
  await checkTypes();
  await checkRuns();
} finally {
  rmSync(home, { recursive: true, force: true });
}
report('pack', `${PACKAGES.length} packages`, complaints);

function install() {
  const tarballs = path.join(home, 'tarballs');
  mkdirSync(tarballs);
  const dependencies = { '@types/node': NODE_TYPES };
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
