/** The little XML the two platforms exchange: one root, elements without attributes, CDATA or text. */

const ENTITIES: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

const decodeText = (text: string) =>
  text.replace(/&(?:#(\d+)|#x([0-9a-fA-F]+)|(\w+));/g, (whole, decimal?: string, hex?: string, name?: string) => {
    if (name !== undefined) return ENTITIES[name] ?? whole;
    const point = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
    return point <= 0x10ffff ? String.fromCodePoint(point) : whole;
  });

/** Adjacent CDATA sections and text of one element, as one string: a split `]]>` comes back whole. */
function readContent(raw: string): string | null {
  let text = '';
  let rest = raw;
  while (rest !== '') {
    const cdata = /^<!\[CDATA\[([\s\S]*?)\]\]>/.exec(rest);
    const plain = /^[^<]+/.exec(rest);
    if (cdata) text += cdata[1] ?? '';
    else if (plain) text += decodeText(plain[0]);
    else return null;
    rest = rest.slice((cdata ?? plain)?.[0].length);
  }
  return text;
}

/** Every character has one way to match: a section cut off before its end must not cost time that doubles with each one. */
const CHILD = /^\s*<([A-Za-z_]\w*)>((?:<!\[CDATA\[(?:(?!\]\]>)[\s\S])*\]\]>|(?!<\/\1>|<!\[CDATA\[)[\s\S])*)<\/\1>/;

/** Elements one after the other, by name and in order; one that holds elements keeps its source text. Null for anything else. */
export function readElements(source: string): [name: string, content: string][] | null {
  const elements: [string, string][] = [];
  let rest = source;
  while (rest.trim() !== '') {
    const child = CHILD.exec(rest);
    if (!child) return null;
    const [whole, name = '', raw = ''] = child;
    elements.push([name, readContent(raw) ?? raw]);
    rest = rest.slice(whole.length);
  }
  return elements;
}

/**
 * The children of `<xml>` by name. Null when it is not such a document. `xml` must be lower case, as WeChat asks, and a
 * doctype is refused.
 */
export function readXml(document: string): Map<string, string> | null {
  const inner = /^\s*<xml>([\s\S]*)<\/xml>\s*$/.exec(document)?.[1];
  if (inner === undefined || /<!(?:DOCTYPE|ENTITY)/i.test(inner)) return null;
  const elements = readElements(inner);
  return elements && new Map(elements);
}

/** `]]>` inside a value is split, or whoever writes the value could add elements. */
export const cdata = (text: string): string => `<![CDATA[${text.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`;
