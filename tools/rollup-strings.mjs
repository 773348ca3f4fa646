// The words of each language as one text instead of an object: the names of the texts then stand in the file once, not
// once a language.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { root } from './local.mjs';

const LANGUAGE = /[\\/]strings[\\/][\w-]+\.ts$/;
const ORDER = path.join(root, 'packages/element/src/strings/en.ts');
const UNPACK = '\0login-strings';
const BETWEEN = '|';

/** A rollup plugin for sources, to stand before the one that compiles them. */
export function packStrings() {
  const keys = read(ORDER, readFileSync(ORDER, 'utf8')).map(([key]) => key);
  return {
    name: 'pack-strings',
    resolveId: (id) => (id === UNPACK ? id : null),
    load: (id) => (id === UNPACK ? unpacking(keys) : null),
    transform(code, id) {
      if (!LANGUAGE.test(id)) return null;
      const texts = new Map(read(id, code));
      const packed = keys.map((key) => texts.get(key));
      const wrong = keys.filter((key, i) => packed[i] === undefined || packed[i].includes(BETWEEN));
      if (wrong.length > 0 || texts.size !== keys.length) throw new Error(`${id}: wrong texts: ${wrong.join(', ')}`);
      const name = /export const (\w+)/.exec(code)[1];
      const text = JSON.stringify(packed.join(BETWEEN));
      return {
        code: `import { unpack } from ${JSON.stringify(UNPACK)};\nexport const ${name} = /*#__PURE__*/ unpack(${text});\n`,
        map: null,
      };
    },
  };
}

/** Names and texts of the one object in the file. */
function read(file, code) {
  const source = ts.createSourceFile(file, code, ts.ScriptTarget.Latest, true);
  const found = [];
  const visit = (node) => {
    if (ts.isPropertyAssignment(node)) found.push([node.name.text, node.initializer.text]);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

const unpacking = (keys) =>
  `const keys = ${JSON.stringify(keys.join(BETWEEN))}.split('${BETWEEN}');
export const unpack = (text) => Object.fromEntries(text.split('${BETWEEN}').map((one, i) => [keys[i], one]));
`;
