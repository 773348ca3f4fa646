import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import test from 'node:test';
import { LitElement } from 'lit';
import ts from 'typescript';
import { WechatFollowLogin } from '../../src/index.ts';

// The build's manifest against what the source really has. Whoever adds one must say what it is for, and whoever takes
// one away must take its promise away, too.

interface Entry {
  name: string;
  description?: string;
  type?: { text: string };
}
interface Manifest {
  modules: { path: string; declarations: Declaration[] }[];
}
interface Declaration {
  tagName?: string;
  attributes: (Entry & { fieldName?: string })[];
  members: (Entry & { kind: string })[];
  events: Entry[];
  slots: Entry[];
  cssParts: Entry[];
  cssProperties: Entry[];
  cssStates: Entry[];
}

const home = new URL('../../', import.meta.url);
const readJson = (name: string): unknown => JSON.parse(readFileSync(new URL(name, home), 'utf8'));
const manifest = readJson('custom-elements.json') as Manifest;
const element = manifest.modules
  .flatMap(({ declarations }) => declarations)
  .find(({ tagName }) => tagName === 'wechat-follow-login')!;

const source = (name: string): string => readFileSync(new URL(`src/${name}`, home), 'utf8');
const sources = readdirSync(new URL('src/', home))
  .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
  .map(source)
  .join('\n');

const names = (entries: Entry[]): string[] => entries.map(({ name }) => name).sort();
const all = (pattern: RegExp, text = sources): string[] =>
  [...new Set([...text.matchAll(pattern)].flatMap(([, found]) => found!.split(' ')))].sort();

/** Of the union in login-state.ts: `{ name: 'idle' | 'loading' | … } | …`. */
const stateNames = all(
  /'([\w-]+)'/g,
  [...source('login-state.ts').matchAll(/^ {4}\| \{ name: ([^;}]+)/gm)].map(([, union]) => union).join(),
);

/** No promise: they are restyled with the part that they lie in. */
const INNER_PARTS = ['large-code'];

test('attributes: those that the element observes', () => {
  assert.deepEqual(names(element.attributes), [...WechatFollowLogin.observedAttributes].sort());
});

test('properties and methods: what the class has beyond an element of Lit', () => {
  const own = Object.entries(Object.getOwnPropertyDescriptors(WechatFollowLogin.prototype))
    .filter(([name]) => name !== 'constructor' && !(name in LitElement.prototype))
    .map(([name, { value }]) => `${typeof value === 'function' ? 'method' : 'field'} ${name}`);
  assert.deepEqual(element.members.map(({ kind, name }) => `${kind} ${name}`).sort(), own.sort());
});

test('every property with an attribute is told which it is', () => {
  for (const { name, fieldName } of element.attributes.filter(({ name: attribute }) => attribute !== 'lang')) {
    const [property] = [...WechatFollowLogin.elementProperties].find(
      ([key, { attribute }]) => (typeof attribute === 'string' ? attribute : String(key).toLowerCase()) === name,
    )!;
    assert.equal(fieldName, property);
  }
});

test('events: those of LoginEventMap, each with its type', () => {
  const file = ts.createSourceFile('events.ts', source('events.ts'), ts.ScriptTarget.Latest, true);
  const map = file.statements.find(
    (one): one is ts.InterfaceDeclaration => ts.isInterfaceDeclaration(one) && one.name.text === 'LoginEventMap',
  )!;
  const squeeze = (type: string): string => type.replace(/[\s;,]+/g, '');
  const told = map.members.filter(ts.isPropertySignature).map(({ name, type }) => {
    return `${(name as ts.StringLiteral).text}: ${squeeze(type!.getText(file))}`;
  });
  assert.deepEqual(element.events.map(({ name, type }) => `${name}: ${squeeze(type!.text)}`).sort(), told.sort());
});

test('slots: those of the template, and one for each state', () => {
  assert.ok(stateNames.length > 0 && /<slot name=\$\{state\.name\}/.test(sources));
  const fixed = all(/<slot name="([\w-]+)"/g);
  assert.ok(/<slot>/.test(sources));
  assert.deepEqual(names(element.slots), ['', ...fixed, ...stateNames].sort());
});

test('parts: those of the templates', () => {
  // code-view.ts draws a code under the name that it is given.
  const given = all(/\.render\([^)]*, '([\w-]+)'\)/g);
  const parts = new Set([...all(/\bpart="([\w -]+)"/g), ...given].filter((part) => !INNER_PARTS.includes(part)));
  assert.deepEqual(names(element.cssParts), [...parts].sort());
});

test('custom properties: those that the styles ask for', () => {
  assert.deepEqual(names(element.cssProperties), all(/var\((--wechat-login-[\w-]+)/g));
  assert.ok(element.cssProperties.every(({ description }) => description));
});

test('custom states: the names of the states', () => {
  assert.deepEqual(names(element.cssStates), stateNames);
  assert.equal(stateNames.length, 11);
});

test('VS Code is told every attribute with its values, and every custom property', () => {
  type Tag = { name: string; attributes: { name: string; values?: Entry[]; valueSet?: string }[] };
  const { tags } = readJson('vscode.html-custom-data.json') as { tags: Tag[] };
  const { properties } = readJson('vscode.css-custom-data.json') as { properties: Entry[] };
  const attributes = new Map(tags[0]!.attributes.map((attribute) => [attribute.name, attribute]));
  assert.equal(tags[0]!.name, 'wechat-follow-login');
  // `lang` is HTML's own, and known already.
  assert.deepEqual([...attributes.keys(), 'lang'].sort(), names(element.attributes));
  assert.deepEqual(names(attributes.get('theme')!.values!), ['auto', 'dark', 'light']);
  assert.deepEqual(names(attributes.get('layout')!.values!), ['auto', 'card', 'compact']);
  assert.equal(attributes.get('manual')!.valueSet, 'v');
  assert.deepEqual(names(properties), names(element.cssProperties));
});
