import { chmodSync, cpSync } from 'node:fs';
import path from 'node:path';
import commonjs from '@rollup/plugin-commonjs';
import { nodeResolve } from '@rollup/plugin-node-resolve';
import terser from '@rollup/plugin-terser';
import { dts } from 'rollup-plugin-dts';
import esbuild from 'rollup-plugin-esbuild';
import { namesToKeep } from './tools/names-to-keep.mjs';
import { bundledLicenses } from './tools/rollup-licenses.mjs';
import { litForOurselves } from './tools/rollup-lit.mjs';
import { packStrings } from './tools/rollup-strings.mjs';
import { compactTemplates } from './tools/rollup-templates.mjs';

const element = 'packages/element';
const server = 'packages/server';
const sandbox = 'packages/sandbox';
const tsconfig = './tsconfig.json';

// What a package lists under `dependencies` stays an import; everything else is bundled in.
// React is the page's own: two of them in one page do not know each other.
const elementInstalls = [/^lit(\/|$)/, /^@lit\//, /^nanoevents$/, /^react$/];
const serverInstalls = [/^node:/, /^jose$/];
const sandboxInstalls = serverInstalls;

const onwarn = (warning, warn) => {
  // Dropped here, since a chunk may have many sources; the banner says it again where it matters.
  if (warning.code === 'MODULE_LEVEL_DIRECTIVE') return;
  // A misspelt import would otherwise be shipped as one that nobody can resolve.
  if (warning.code === 'UNRESOLVED_IMPORT') throw new Error(warning.message);
  warn(warning);
};

const entries = (dir, names) => Object.fromEntries(names.map((name) => [name, `${dir}/src/${name}.ts`]));

const code = (dir, resolve) => [
  nodeResolve({ extensions: ['.ts', '.mjs', '.js'], ...resolve }),
  // What is CommonJS here has neither cycles nor another kind of default export, so it needs no wrapper for them.
  commonjs({ strictRequires: false, defaultIsModuleExports: true }),
  esbuild({ target: 'es2022', tsconfig }),
  bundledLicenses(dir),
];
/** WeChat's addresses need a third of the encoder: see the file that stands in for it. */
const qrByteMode = () => ({
  name: 'qr-byte-mode',
  resolveId: (id) => (id === 'qrcode/lib/core/qrcode.js' ? path.resolve(element, 'build/qrcode-byte-mode.js') : null),
});

const forBrowser = { browser: true, exportConditions: ['production', 'module'] };

export const minify = (mangle) =>
  terser({
    ecma: 2022,
    module: true,
    compress: { passes: 3, unsafe_arrows: true, inline: 1, comparisons: false }, // the last two made it larger, compressed
    format: { comments: /^!/ },
    ...(mangle && { mangle }),
  });

/** For a file that holds everything: names that nobody outside can know are shortened too. */
export const minifyDropIn = () => minify({ properties: { reserved: namesToKeep(), keep_quoted: true } });

/** Shared with bench/size.mjs, which weighs the parts of what these make. */
export const codeOfElement = () => [qrByteMode(), packStrings(), compactTemplates(), ...code(element, forBrowser)];
export const codeOfDropIn = () => [litForOurselves(), ...codeOfElement()];

const executable = (file) => ({
  name: 'executable',
  writeBundle({ dir }) {
    chmodSync(path.join(dir, file), 0o755);
  },
});

const modules = (dir, more) => ({
  dir: `${dir}/dist`,
  format: 'es',
  sourcemap: true,
  // Beside the entries: what finds a file by import.meta.url then finds it from src and from dist.
  chunkFileNames: '[name].js',
  ...more,
});

/** Types that are written as types: there is nothing to compile. */
const asWritten = (from, to) => ({ name: 'as-written', writeBundle: () => cpSync(from, to, { recursive: true }) });

/** Only `paths` inlines the private package: without it the shipped types import what nobody can install. */
const types = (dir, names, external, ...more) => ({
  input: entries(dir, names),
  external,
  onwarn,
  output: { dir: `${dir}/dist`, format: 'es', chunkFileNames: '[name].d.ts' },
  plugins: [
    dts({
      tsconfig,
      compilerOptions: { paths: { '@wechat-follow-login/protocol': ['./packages/protocol/src/index.ts'] } },
    }),
    ...more,
  ],
});

const elementForNpm = {
  input: entries(element, ['index', 'define', 'flow', 'react']),
  external: elementInstalls,
  onwarn,
  plugins: codeOfElement(),
  output: modules(element, {
    // To a server that renders components, this one runs in the browser.
    banner: ({ name }) => (name === 'react' ? `'use client';` : ''),
    manualChunks: (id) =>
      /node_modules[\\/]qrcode[\\/]|[\\/]qrcode-byte-mode\.js|^\0commonjs/.test(id) ? 'vendor/qrcode' : undefined,
  }),
};

const elementForScriptTag = {
  input: `${element}/src/define.ts`,
  onwarn,
  plugins: codeOfDropIn(),
  output: {
    file: `${element}/dist/wechat-follow-login.min.js`,
    format: 'es',
    sourcemap: true,
    plugins: [minifyDropIn()],
  },
};

const companion = {
  input: entries(server, ['index', 'node', 'cli']),
  external: serverInstalls,
  onwarn,
  plugins: code(server),
  output: modules(server, { plugins: [executable('cli.js')] }),
};

const sandboxServer = {
  input: entries(sandbox, ['index', 'node', 'cli']),
  external: sandboxInstalls,
  onwarn,
  plugins: code(sandbox),
  output: modules(sandbox, { plugins: [executable('cli.js')] }),
};

const sandboxPhone = {
  input: `${sandbox}/src/phone/main.ts`,
  onwarn,
  plugins: code(sandbox, forBrowser),
  output: { file: `${sandbox}/dist/phone.js`, format: 'iife', plugins: [minify()] },
};

export default [
  elementForNpm,
  elementForScriptTag,
  types(
    element,
    ['index', 'define', 'flow', 'react'],
    elementInstalls,
    asWritten(`${element}/src/types`, `${element}/dist/types`),
  ),
  companion,
  types(server, ['index', 'node'], serverInstalls),
  sandboxServer,
  sandboxPhone,
  types(sandbox, ['index', 'node'], sandboxInstalls),
];
