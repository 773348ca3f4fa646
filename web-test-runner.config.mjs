import { fileURLToPath } from 'node:url';
import { defaultReporter } from '@web/test-runner';
import { esbuildPlugin } from '@web/dev-server-esbuild';
import { networkCompanion } from './packages/element/test/support/network-companion.mjs';
import { chosenLauncher } from './tools/launchers.mjs';
import { bundleCommonJs } from './tools/wtr-cjs.mjs';
import { serveDropIn } from './tools/wtr-drop-in.mjs';
import { reactModules } from './tools/wtr-react.mjs';
import { countReporter } from './tools/wtr-count.mjs';

export default {
  rootDir: fileURLToPath(new URL('.', import.meta.url)),
  files: ['packages/element/test/**/*.test.ts', '!packages/element/test/node/**'],
  nodeResolve: { browser: true, exportConditions: ['development'] },
  browsers: [chosenLauncher()],
  plugins: [
    ...(process.env.TEST_DROP_IN ? [serveDropIn()] : []),
    bundleCommonJs('qrcode/lib/core/qrcode.js'),
    reactModules(),
    esbuildPlugin({
      ts: true,
      target: 'es2022',
      tsconfig: fileURLToPath(new URL('tsconfig.json', import.meta.url)), // Lit's decorators need its two options
    }),
  ],
  middleware: [networkCompanion()],
  // The first check of accessibility fetches axe-core, which takes a busy machine more than 5 s.
  testFramework: { config: { timeout: 20_000 } },
  reporters: [defaultReporter({ reportTestResults: true, reportTestProgress: false }), countReporter()],
};
