// The element in the templates of each framework, by that framework's own type checker; and the examples, by theirs.
// Looks at the build.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { compareWithMarks, errorsOfTsc } from './expected-errors.mjs';
import { root } from './local.mjs';
import { bin, runAndRead } from './run.mjs';
import { report } from './sources.mjs';

const home = path.join(root, 'tools/type-consumers');
const tsc = bin('typescript', 'tsc');
const vueTsc = bin('vue-tsc');
const complaints = [];

async function errorsOf(checker, cwd, project) {
  const { output, status } = await runAndRead(process.execPath, [checker, '-p', project, '--pretty', 'false'], { cwd });
  const errors = errorsOfTsc(output);
  // A checker that fell over has found no error either.
  if (status !== 0 && errors.length === 0) complaints.push(`${path.relative(root, cwd)} ${project}:\n${output}`);
  return errors;
}

async function errorsOfSvelte() {
  const args = ['--tsconfig', './tsconfig.svelte.json', '--output', 'machine-verbose'];
  const { output } = await runAndRead(process.execPath, [bin('svelte-check'), ...args], { cwd: home });
  if (!/ COMPLETED /.test(output)) complaints.push(`svelte-check:\n${output}`);
  return [...output.matchAll(/^\d+ (\{.*\})$/gm)]
    .map(([, json]) => JSON.parse(json))
    .map(({ filename, start, message }) => ({ file: filename, line: start.line + 1, text: `${filename}: ${message}` }));
}

const CONSUMERS = {
  'react.tsx': () => errorsOf(tsc, home, 'tsconfig.react.json'),
  'preact.tsx': () => errorsOf(tsc, home, 'tsconfig.preact.json'),
  'solid.tsx': () => errorsOf(tsc, home, 'tsconfig.solid.json'),
  'Login.vue': () => errorsOf(vueTsc, home, 'tsconfig.vue.json'),
  'Login.svelte': errorsOfSvelte,
};
for (const [file, errors] of Object.entries(CONSUMERS)) {
  complaints.push(...compareWithMarks(file, readFileSync(path.join(home, file), 'utf8'), await errors()));
}

const EXAMPLES = { react: tsc, vue: vueTsc, next: tsc };
for (const [name, checker] of Object.entries(EXAMPLES)) {
  const cwd = path.join(root, 'examples', name);
  if (!existsSync(path.join(cwd, 'tsconfig.json'))) complaints.push(`examples/${name} has no tsconfig.json`);
  for (const { text } of await errorsOf(checker, cwd, 'tsconfig.json')) complaints.push(`examples/${name}: ${text}`);
}
report(
  'frameworks',
  `${Object.keys(CONSUMERS).length} frameworks, ${Object.keys(EXAMPLES).length} examples`,
  complaints,
);
