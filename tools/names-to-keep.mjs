// Property names that the drop-in must not shorten: whatever somebody outside of that one file can name. That is the
// platform, the wire, HTTP, and who uses the element; and words in our own texts may be keys that are looked up.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { root } from './local.mjs';

const PLATFORM = 'node_modules/typescript/lib';
const WIRE = 'packages/protocol/src';
const ELEMENT = 'packages/element/src';
const HEADERS = ['accept', 'authorization'];
/** What a page may ask of any element made with Lit. */
const OF_LIT = ['updateComplete', 'requestUpdate', 'renderRoot', 'hasUpdated'];

export function namesToKeep() {
  const names = new Set([...HEADERS, ...OF_LIT]);
  const keep = (text) => {
    for (const [name] of text.matchAll(/[A-Za-z_$][\w$]*/g)) names.add(name);
  };
  for (const file of filesOf(PLATFORM, /^lib\.(dom|es).*\.d\.ts$/)) keep(read(file));
  for (const file of filesOf(WIRE, /(?<!\.test)\.ts$/)) keep(read(file));
  for (const file of filesOf(ELEMENT, /(?<!\.test|\.d)\.ts$/)) {
    const source = ts.createSourceFile(file, read(file), ts.ScriptTarget.Latest);
    keepPublished(source, keep);
  }
  return [...names];
}

const read = (file) => readFileSync(file, 'utf8');

function filesOf(dir, pattern) {
  const home = path.join(root, dir);
  return readdirSync(home, { recursive: true })
    .filter((file) => pattern.test(file))
    .map((file) => path.join(home, file));
}

/** Types that are exported, public members of classes, and every word in quotes. */
function keepPublished(source, keep) {
  const visit = (node) => {
    const isExported = node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
    if (isExported && (ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node))) keep(node.getText(source));
    if (isExported && ts.isClassDeclaration(node))
      for (const { name } of node.members) if (name) keep(name.getText(source));
    if (ts.isStringLiteralLike(node) || node.kind === ts.SyntaxKind.TemplateHead) keep(node.text);
    ts.forEachChild(node, visit);
  };
  visit(source);
}
