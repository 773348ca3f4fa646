import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { styles } from '../../src/styles.ts';

// docs/theming.md and its translation against the built manifest, and the defaults that they state against the style sheet.

const root = new URL('../../../../', import.meta.url);
const read = (file: string): string => readFileSync(new URL(file, root), 'utf8');

interface Entry {
  name: string;
}
type Declaration = Record<'slots' | 'cssParts' | 'cssProperties' | 'cssStates', Entry[]> & { tagName?: string };
const manifest = JSON.parse(read('packages/element/custom-elements.json')) as {
  modules: { declarations: Declaration[] }[];
};
const element = manifest.modules
  .flatMap(({ declarations }) => declarations)
  .find(({ tagName }) => tagName === 'wechat-follow-login')!;
const names = (entries: Entry[]): string[] => entries.map(({ name }) => name).sort();

/** Defaults in light and in dark: what stands behind the comma of `var()`. A property that has none in dark has the same. */
function defaultsOf(property: string): string[] {
  const found = [...String(styles).matchAll(/var\((--wechat-login-[\w-]+), ([^()]+)\)/g)]
    .filter(([, name]) => name === property)
    .map(([, , value]) => value!);
  return [...new Set(found)];
}

const DOCUMENTS = [
  {
    file: 'docs/theming.md',
    same: 'the same',
    none: '(default)',
    headings: ['Custom properties', 'Parts', 'Slots', 'Custom states'],
  },
  {
    file: 'docs/theming.zh-CN.md',
    same: '相同',
    none: '（默认）',
    headings: ['自定义属性', '部件', '插槽', '自定义状态'],
  },
];

for (const { file, same, none, headings } of DOCUMENTS) {
  const sections = new Map(
    read(file)
      .split(/^## /m)
      .map((section) => [section.slice(0, section.indexOf('\n')), section]),
  );
  const [properties, parts, slots, states] = headings.map((heading) => sections.get(heading)!);
  /** Cells of each row of the table, without its head and its line. */
  const rows = (section: string): string[][] =>
    section
      .split('\n')
      .filter((line) => line.startsWith('|'))
      .slice(2)
      .map((line) =>
        line
          .split('|')
          .slice(1, -1)
          .map((cell) => cell.trim()),
      );
  const bare = (cell: string): string => cell.replaceAll('`', '');

  test(`${file}: the custom properties are those of the manifest`, () => {
    assert.deepEqual(
      rows(properties!)
        .map(([name]) => bare(name!))
        .sort(),
      names(element.cssProperties),
    );
  });

  test(`${file}: their defaults are those of the style sheet`, () => {
    for (const [name, light, dark] of rows(properties!)) {
      const [inLight, inDark = inLight] = defaultsOf(bare(name!));
      assert.equal(bare(light!), inLight, name);
      assert.equal(dark === same ? bare(light!) : bare(dark!), inDark, name);
    }
  });

  test(`${file}: the parts are those of the manifest`, () => {
    assert.deepEqual(
      rows(parts!)
        .map(([name]) => bare(name!))
        .sort(),
      names(element.cssParts),
    );
  });

  test(`${file}: the slots are those of the manifest`, () => {
    const listed = rows(slots!).map(([name]) => (name === none ? '' : bare(name!)));
    assert.deepEqual(listed.sort(), names(element.slots));
  });

  test(`${file}: the custom states are those of the manifest`, () => {
    // The list ends with its sentence.
    const list = /:state\([^)]*\)`(.*?)[.。]/s.exec(states!)![1]!;
    assert.deepEqual([...list.matchAll(/`([\w-]+)`/g)].map(([, name]) => name!).sort(), names(element.cssStates));
  });
}
