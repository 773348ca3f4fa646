// What VS Code shows while somebody types the tag or its custom properties, out of the manifest: html.customData and
// css.customData name these files. See packages/element/README.md.
import { writeFileSync } from 'node:fs';
import path from 'node:path';

const REFERENCES = [{ name: 'wechat-follow-login', url: 'https://www.npmjs.com/package/wechat-follow-login' }];
const VERSION = 1.1;

/** @param {string} home the element's package @param {object} manifest its custom-elements.json */
export function writeEditorData(home, manifest) {
  const element = manifest.modules.flatMap(({ declarations = [] }) => declarations).find(({ tagName }) => tagName);
  const write = (name, data) => writeFileSync(path.join(home, name), `${JSON.stringify(data, null, 2)}\n`);
  write('vscode.html-custom-data.json', { version: VERSION, tags: [tagOf(element)] });
  write('vscode.css-custom-data.json', { version: VERSION, properties: element.cssProperties.map(propertyOf) });
}

function tagOf({ tagName, summary, attributes, events, slots }) {
  return {
    name: tagName,
    description: { kind: 'markdown', value: [summary, listOf('Events', events), listOf('Slots', slots)].join('\n\n') },
    // `lang` has none: it is HTML's own, and known.
    attributes: attributes.filter(({ description }) => description).map(attributeOf),
    references: REFERENCES,
  };
}

function listOf(title, entries) {
  const lines = entries.map(({ name, description = '' }) => `- \`${name || '(default)'}\`: ${description}`);
  return `**${title}**\n\n${lines.join('\n')}`;
}

function attributeOf({ name, description, type, default: initial }) {
  const values = [...(type?.text ?? '').matchAll(/'([^']+)'/g)].map(([, value]) => ({ name: value }));
  const isLiteral = initial && /^('.+'|\d+|true|false)$/.test(initial);
  const told = [description, isLiteral && `Default: \`${initial.replaceAll("'", '')}\`.`].filter(Boolean).join('\n\n');
  return {
    name,
    ...(told && { description: { kind: 'markdown', value: told } }),
    // `v`: its presence is its value
    ...(type?.text === 'boolean' ? { valueSet: 'v' } : values.length > 0 && { values }),
    references: REFERENCES,
  };
}

function propertyOf({ name, description = '', default: initial }) {
  const value = [description, initial && `Default: \`${initial}\`.`].filter(Boolean).join('\n\n');
  return { name, description: { kind: 'markdown', value }, references: REFERENCES };
}
