// React for the test browser, as ES modules, 18 or 19: `react` means 19, and in a module imported with `?react=18` the
// other one. Bundled together, since react-dom must find the very React that the components use.
import path from 'node:path';
import { createRequire } from 'node:module';
import { build } from 'esbuild';
import { root } from './local.mjs';

const HOMES = { 18: 'tools/react-18/package.json', 19: 'packages/element/package.json' };
const ENTRIES = ['react', 'react-dom/client', 'react-dom/server.browser'];
const ADDRESS = /^\/react-(18|19)\/(.+)$/;

/** A web-test-runner plugin. Stands before those that resolve and compile. */
export function reactModules() {
  const bundles = new Map();
  // Now, and not when they are asked for: the runner has put another console in place by then, and React looks at it.
  const sources = new Map(Object.entries(HOMES).map(([version, home]) => [version, sourcesOf(home)]));
  return {
    name: 'react-modules',
    resolveImport({ source, context }) {
      if (!ENTRIES.includes(source)) return undefined;
      const version = ADDRESS.exec(context.path)?.[1] ?? context.query['react'] ?? '19';
      return `/react-${version}/${source}.js`;
    },
    // Asked for by ElementLink's module too: what imports React must be another module for each React.
    transformImport({ source, context }) {
      const version = context.query['react'];
      return version && /react-link\.ts$/.test(source) ? `${source}?react=${version}` : undefined;
    },
    async serve({ path: url }) {
      const [, version, file] = ADDRESS.exec(url) ?? [];
      if (!version) return undefined;
      if (!bundles.has(version)) bundles.set(version, bundle(sources.get(version)));
      return { body: (await bundles.get(version)).get(file), type: 'js' };
    },
  };
}

/** A CommonJS module has no names that an import could ask for. */
function sourcesOf(home) {
  const require = createRequire(path.join(root, home));
  return new Map(
    ENTRIES.map((entry) => {
      const names = Object.keys(require(entry)).filter((name) => /^[a-z]\w*$/i.test(name));
      const file = JSON.stringify(require.resolve(entry));
      return [entry, `import all from ${file}; export default all; export const { ${names.join(', ')} } = all;`];
    }),
  );
}

async function bundle(sources) {
  const { outputFiles } = await build({
    entryPoints: ENTRIES.map((entry) => ({ in: `esm:${entry}`, out: entry })),
    outdir: '/',
    bundle: true,
    splitting: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    define: { 'process.env.NODE_ENV': '"development"' },
    plugins: [
      {
        name: 'esm',
        setup({ onResolve, onLoad }) {
          onResolve({ filter: /^esm:/ }, ({ path: entry }) => ({ path: entry.slice('esm:'.length), namespace: 'esm' }));
          onLoad({ filter: /.*/, namespace: 'esm' }, ({ path: entry }) => ({
            contents: sources.get(entry),
            resolveDir: root,
          }));
        },
      },
    ],
  });
  return new Map(outputFiles.map(({ path: file, text }) => [path.relative('/', file), text]));
}
