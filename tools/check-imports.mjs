// Holds the directions of docs/architecture.md: who may import whom, and which globals a room may touch.
import path from 'node:path';
import ts from 'typescript';
import { sourceFiles, read, report } from './sources.mjs';

const PROTOCOL = '@wechat-follow-login/protocol';

/** What each package's code may name beside its own files. Tests may use more. */
const MAY_IMPORT = {
  protocol: [],
  element: [PROTOCOL, /^lit(\/|$)/, 'nanoevents', 'qrcode/lib/core/qrcode.js', 'react'],
  server: [PROTOCOL, 'jose', /^node:/],
  sandbox: ['jose', 'jsqr', 'qrcode/lib/core/qrcode.js', /^node:/],
};

/** Files that alone may do something. */
const MAY_IMPORT_REACT = /^packages\/element\/src\/react(-link|-props)?\.ts$/;
const ONLY_IMPORTER_OF_QRCODE = 'packages/element/src/qr-code.ts';
const ONLY_DEFINER = 'packages/element/src/register.ts';
/** The defaults of the options; a log line tells the time of the wall, and so does the phone in its status bar. */
const MAY_ASK_THE_MACHINE = /\/(clock|random)\.ts$|^packages\/(server\/src\/log\.ts|sandbox\/src\/phone\/main\.ts)$/;

/** login/ is the use-cases: what they need from outside comes in through ports.ts. */
const LOGIN = 'packages/server/src/login/';
const NOT_FROM_LOGIN = /^packages\/server\/src\/(routes|authing|wechat|stores)\//;

const HEADLESS = 'packages/element/src/login-flow.ts';
const PAGE_GLOBALS = new Set(
  ['document', 'window', 'customElements', 'navigator', 'location', 'localStorage', 'sessionStorage'].concat([
    'HTMLElement',
    'Element',
    'requestAnimationFrame',
    'MutationObserver',
    'IntersectionObserver',
  ]),
);

const complaints = [];
const files = sourceFiles().filter((file) => /^packages\/[^/]+\/src\/.*(?<!\.(?:test|d))\.ts$/.test(file));
const parsed = new Map(files.map((file) => [file, parse(file)]));

function parse(file) {
  const text = read(file);
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  return { source, imports: ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName) };
}

const isRelative = (specifier) => specifier.startsWith('.');
const target = (file, specifier) => path.posix.join(path.posix.dirname(file), specifier);

function checkImports(file, imports) {
  const name = file.split('/')[1];
  for (const specifier of imports) {
    if (isRelative(specifier)) {
      const to = target(file, specifier);
      if (!to.startsWith(`packages/${name}/`)) complaints.push(`${file}: imports ${to}, which is another package's`);
      if (file.startsWith(LOGIN) && NOT_FROM_LOGIN.test(to)) {
        complaints.push(`${file}: login/ imports ${to}; let it come in through ports.ts`);
      }
      continue;
    }
    const allowed = MAY_IMPORT[name] ?? [];
    if (!allowed.some((one) => (one instanceof RegExp ? one.test(specifier) : one === specifier))) {
      complaints.push(`${file}: imports "${specifier}"; ${name} may import ${allowed.join(', ') || 'nothing'}`);
    }
    if (name === 'element' && specifier === 'react' && !MAY_IMPORT_REACT.test(file)) {
      complaints.push(`${file}: imports "react"; nobody but the wrapper's users have it`);
    }
    if (name === 'element' && specifier.startsWith('qrcode') && file !== ONLY_IMPORTER_OF_QRCODE) {
      complaints.push(`${file}: imports "${specifier}"; only ${ONLY_IMPORTER_OF_QRCODE} may`);
    }
  }
}

function checkCalls(file, source) {
  walk(source, (node) => {
    const text = ts.isPropertyAccessExpression(node) ? node.getText(source) : '';
    const clockless = ts.isNewExpression(node) && node.expression.getText(source) === 'Date' && !node.arguments?.length;
    if ((text === 'Math.random' || text === 'Date.now' || clockless) && !MAY_ASK_THE_MACHINE.test(file)) {
      complaints.push(`${place(file, source, node)}: ${text || 'new Date()'}; take a clock or a random as an option`);
    }
    if (text === 'customElements.define' && file !== ONLY_DEFINER && file.startsWith('packages/element/')) {
      complaints.push(`${place(file, source, node)}: only ${ONLY_DEFINER} registers the element`);
    }
  });
}

/** The flow works without a page: neither it nor anything below it knows Lit or the DOM. */
function checkHeadless() {
  if (!parsed.has(HEADLESS)) complaints.push(`${HEADLESS} is not there; name the headless flow's file in this check`);
  const seen = new Set();
  const queue = [HEADLESS];
  for (let file = queue.pop(); file; file = queue.pop()) {
    const unit = parsed.get(file);
    if (!unit || seen.has(file)) continue;
    seen.add(file);
    for (const specifier of unit.imports) {
      if (isRelative(specifier)) queue.push(target(file, specifier));
      else if (/^(lit|qrcode)(\/|$)/.test(specifier))
        complaints.push(`${file}: the headless flow reaches "${specifier}"`);
    }
    const own = declaredNames(unit.source);
    walk(unit.source, (node) => {
      if (!ts.isIdentifier(node) || !PAGE_GLOBALS.has(node.text) || own.has(node.text)) return;
      const isMember = ts.isPropertyAccessExpression(node.parent) && node.parent.name === node;
      const isKey = ts.isPropertyAssignment(node.parent) && node.parent.name === node;
      if (!isKey && (!isMember || node.parent.expression.getText(unit.source) === 'globalThis')) {
        complaints.push(`${place(file, unit.source, node)}: the headless flow touches ${node.text}`);
      }
    });
  }
}

function declaredNames(source) {
  const names = new Set();
  walk(source, (node) => {
    if ((ts.isVariableDeclaration(node) || ts.isParameter(node)) && ts.isIdentifier(node.name))
      names.add(node.name.text);
  });
  return names;
}

function walk(node, visit) {
  visit(node);
  ts.forEachChild(node, (child) => walk(child, visit));
}

function place(file, source, node) {
  return `${file}:${source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1}`;
}

for (const [file, { source, imports }] of parsed) {
  checkImports(file, imports);
  checkCalls(file, source);
}
checkHeadless();
report('imports', `${files.length} files`, complaints);
