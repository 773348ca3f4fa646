// A Chromium and a Chinese font out of npm packages: for machines that reach npm and nothing else.
import { cpSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { cache, root } from './local.mjs';
import { npm, run } from './run.mjs';

/** @returns {import('./local.mjs').Browser | undefined} undefined where these packages have no build, or cannot be had */
export function npmChromium() {
  const glibc = process.platform === 'linux' && process.report.getReport().header.glibcVersionRuntime;
  if (!glibc || process.arch !== 'x64') return undefined;
  const dir = path.join(cache, 'chromium');
  const fonts = path.join(dir, 'fonts');
  if (!existsSync(path.join(fonts, 'ready')) && !install(dir, fonts)) return undefined;
  // For the browser's process only: the libraries beside it must not reach any other program.
  return {
    exe: path.join(dir, 'chromium'),
    env: { LD_LIBRARY_PATH: path.join(dir, 'al2023/lib'), FONTCONFIG_PATH: fonts },
  };
}

function install(dir, fonts) {
  console.log('bootstrap: taking a Chromium out of npm packages (64 MB) …');
  rmSync(dir, { recursive: true, force: true });
  cpSync(path.join(root, 'tools/chromium'), dir, { recursive: true }); // with its own lock: integrity is checked
  if (npm(['ci', '--prefix', dir, '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: dir }).status) return false;

  const unpack = `import c from '@sparticuz/chromium'; c.setGraphicsMode = false; await c.executablePath();`;
  // TMPDIR says where to; without it, it takes what lies in the system's temporary folder, of whatever version. The
  // other one makes it unpack nss, nspr and expat too, which a bare system lacks.
  const env = { ...process.env, TMPDIR: dir, AWS_LAMBDA_JS_RUNTIME: 'nodejs20.x' };
  if (run(process.execPath, ['--input-type=module', '-e', unpack], { cwd: dir, env }).status) return false;

  for (const weight of ['400Regular', '700Bold']) {
    cpSync(
      path.join(dir, `node_modules/@expo-google-fonts/noto-sans-sc/${weight}/NotoSansSC_${weight}.ttf`),
      path.join(fonts, `fonts/${weight}.ttf`),
    );
  }
  // The packaged fonts.conf names a temporary folder; with it a bare system draws no text and layout tests lie.
  writeFileSync(
    path.join(fonts, 'fonts.conf'),
    `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>${fonts}/fonts</dir><dir>/usr/share/fonts</dir><cachedir>${fonts}/cache</cachedir></fontconfig>
`,
  );
  rmSync(path.join(dir, 'node_modules'), { recursive: true });
  writeFileSync(path.join(fonts, 'ready'), '');
  return true;
}
