/** WeChat's XML: one flat element of fields, some holding a small block of their own. Nothing more is understood. */
export interface XmlElement {
  name: string;
  /** Empty where there are children. */
  text: string;
  children: readonly XmlElement[];
  /** Its text was written as CDATA, at least in part. */
  isData: boolean;
}

export const MAX_XML_CHARS = 64 * 1024;
const MAX_DEPTH = 5;
const MAX_ELEMENTS = 64;

const DECLARATION = /<\?xml [^?<>]{0,100}\?>\s*/y;
const OPEN = /<([A-Za-z_][A-Za-z0-9_]{0,63})(\/?)>/y;
const CLOSE = /<\/([A-Za-z_][A-Za-z0-9_]{0,63})>/y;
const CDATA_START = '<![CDATA[';
const CDATA_END = ']]>';
const ENTITY = /&(?:(lt|gt|amp|quot|apos);)?/g;
const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };
/** What XML 1.0 allows. NUL above all: it is cut at by whatever is written in C further on. */
// eslint-disable-next-line no-control-regex -- control characters are what is refused
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;

class XmlRefusal extends Error {}

/**
 * Reads a document; null for whatever is not of WeChat's form: a doctype, an entity beyond the five, an attribute, a
 * comment, a field that occurs twice, text beside elements, too deep, too many, too long. Time grows with length alone.
 */
export function parseXml(text: string): XmlElement | null {
  if (text.length > MAX_XML_CHARS || FORBIDDEN.test(text)) return null;
  try {
    return new Scanner(text).document();
  } catch (error) {
    if (error instanceof XmlRefusal) return null;
    throw error;
  }
}

class Scanner {
  readonly #text: string;
  #at = 0;
  #elements = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): XmlElement {
    this.#take(DECLARATION);
    const open = this.#take(OPEN);
    if (!open) throw new XmlRefusal();
    const root = this.#element(open, 1);
    if (this.#text.slice(this.#at).trim() !== '') throw new XmlRefusal();
    return root;
  }

  #take(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (match) this.#at = pattern.lastIndex;
    return match;
  }

  /** From behind its opening tag. */
  #element([, name = '', isEmpty]: RegExpExecArray, depth: number): XmlElement {
    if (depth > MAX_DEPTH || ++this.#elements > MAX_ELEMENTS) throw new XmlRefusal();
    if (isEmpty) return { name, text: '', children: [], isData: false };
    const children: XmlElement[] = [];
    let text = '';
    let hasData = false;
    for (;;) {
      const close = this.#take(CLOSE);
      if (close) {
        if (close[1] !== name) throw new XmlRefusal();
        if (children.length > 0 && (hasData || text.trim() !== '')) throw new XmlRefusal();
        if (depth === 1) refuseRepeated(children);
        return { name, text: children.length > 0 ? '' : text, children, isData: hasData };
      }
      const open = this.#take(OPEN);
      if (open) {
        children.push(this.#element(open, depth + 1));
      } else if (this.#text.startsWith(CDATA_START, this.#at)) {
        hasData = true;
        text += this.#data();
      } else {
        text += this.#characters();
      }
    }
  }

  #data(): string {
    const from = this.#at + CDATA_START.length;
    const to = this.#text.indexOf(CDATA_END, from);
    if (to < 0) throw new XmlRefusal();
    this.#at = to + CDATA_END.length;
    return this.#text.slice(from, to);
  }

  #characters(): string {
    const to = this.#text.indexOf('<', this.#at);
    // Nothing before the next `<` means that this `<` opens something that is not understood.
    if (to <= this.#at) throw new XmlRefusal();
    const raw = this.#text.slice(this.#at, to);
    this.#at = to;
    return raw.replace(ENTITY, (_, entity?: string) => {
      if (entity === undefined) throw new XmlRefusal();
      return ENTITIES[entity]!;
    });
  }
}

/** Readers disagree on which of two counts, and one of them may be further on. Lists inside a block do repeat. */
function refuseRepeated(children: readonly XmlElement[]): void {
  if (new Set(children.map(({ name }) => name.toLowerCase())).size !== children.length) throw new XmlRefusal();
}

/** For text of ours inside a document: a `]]>` in it must not end the section. */
export function cdata(text: string): string {
  return `${CDATA_START}${text.replaceAll(CDATA_END, ']]]]><![CDATA[>')}${CDATA_END}`;
}
