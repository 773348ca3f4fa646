import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { cdata, MAX_XML_CHARS, parseXml } from './xml.ts';

const fields = (text: string): Record<string, string> | null => {
  const root = parseXml(text);
  return root && Object.fromEntries(root.children.map((child) => [child.name, child.text]));
};

test('fields come with CDATA or without, in any order, over any blanks', () => {
  assert.deepEqual(fields('<xml><A><![CDATA[a<b]]></A>\n<B>1</B>\n</xml>'), { A: 'a<b', B: '1' });
  assert.deepEqual(fields('<?xml version="1.0" encoding="UTF-8"?>\n<xml>\n  <B/><A></A></xml>\n'), { B: '', A: '' });
});

test('the five entities are read and no other', () => {
  assert.deepEqual(fields('<xml><A>&lt;&gt;&amp;&quot;&apos;</A></xml>'), { A: `<>&"'` });
  assert.deepEqual(fields('<xml><A><![CDATA[&amp;&#65;&x;]]></A></xml>'), { A: '&amp;&#65;&x;' });
  for (const entity of ['&#65;', '&#x41;', '&#0;', '&nbsp;', '&x;', '&', '&lt', '&LT;', '&;']) {
    assert.equal(parseXml(`<xml><A>${entity}</A></xml>`), null, entity);
  }
});

test('blocks inside are read, and what repeats inside them', () => {
  const root = parseXml('<xml><I><C>2</C><L><item><M>a</M>\n</item><item><M>b</M></item></L></I></xml>');
  const list = root?.children[0]?.children[1];
  assert.deepEqual(
    list?.children.map((item) => item.children[0]?.text),
    ['a', 'b'],
  );
});

test('what is not of that form is refused whole', () => {
  const deep = `${'<a>'.repeat(6)}x${'</a>'.repeat(6)}`;
  const refused: Record<string, string> = {
    nothing: '',
    text: 'success',
    json: '{"a":1}',
    'an open end': '<xml><A>1</A>',
    'a wrong end': '<xml><A>1</B></xml>',
    crossed: '<xml><A><B>1</A></B></xml>',
    'two roots': '<xml></xml><xml></xml>',
    'text behind': '<xml></xml>x',
    'text beside fields': '<xml>x<A>1</A></xml>',
    'CDATA beside fields': '<xml><![CDATA[]]><A>1</A></xml>',
    'a field twice': '<xml><A>1</A><A>2</A></xml>',
    'a field twice in other letters': '<xml><Ticket>1</Ticket><ticket>2</ticket></xml>',
    'an attribute': '<xml a="1"><A>1</A></xml>',
    'a blank in a tag': '<xml ><A>1</A></xml>',
    'a comment': '<xml><!-- x --><A>1</A></xml>',
    'a comment in a field': '<xml><A>1<!-- x -->2</A></xml>',
    'a processing instruction': '<xml><?php x ?><A>1</A></xml>',
    'a doctype': '<!DOCTYPE xml><xml><A>1</A></xml>',
    'a doctype of entities': '<!DOCTYPE x [<!ENTITY a "aa">]><xml><A>&a;</A></xml>',
    'an external entity': '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><xml><A>&a;</A></xml>',
    'an entity inside': '<xml><!ENTITY a "aa"><A>1</A></xml>',
    'open CDATA': '<xml><A><![CDATA[1</A></xml>',
    'CDATA in small letters': '<xml><A><![cdata[1]]></A></xml>',
    'a byte order mark': '\ufeff<xml></xml>',
    'NUL in text': '<xml><A>a\0b</A></xml>',
    'NUL in CDATA': '<xml><A><![CDATA[a\0b]]></A></xml>',
    'NUL in a name': '<xml><A\0>1</A\0></xml>',
    'a namespace': '<x:xml><A>1</A></x:xml>',
    'a lone bracket': '<xml><A>1 < 2</A></xml>',
    'too deep': `<xml>${deep}</xml>`,
    'too many': `<xml>${Array.from({ length: 64 }, (_, i) => `<f${i}>1</f${i}>`).join('')}</xml>`,
    'too long': `<xml><A>${'x'.repeat(MAX_XML_CHARS)}</A></xml>`,
  };
  for (const [name, text] of Object.entries(refused)) assert.equal(parseXml(text), null, name);
});

test('their nearest neighbours are read', () => {
  assert.ok(parseXml(`<xml>${'<a>'.repeat(4)}x${'</a>'.repeat(4)}</xml>`));
  assert.ok(parseXml(`<xml>${Array.from({ length: 63 }, (_, i) => `<f${i}>1</f${i}>`).join('')}</xml>`));
  assert.ok(parseXml('<xml><__proto__>1</__proto__><constructor>2</constructor></xml>'));
  assert.deepEqual(fields('<xml><A><![CDATA[]]]]><![CDATA[>]]></A></xml>'), { A: ']]>' });
});

test('any text survives in CDATA of ours, and never opens an element', () => {
  const allowed = fc
    .string({ unit: 'grapheme' })
    // eslint-disable-next-line no-control-regex -- what XML has no place for
    .filter((text) => !/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/.test(text));
  const nasty = fc.stringMatching(/^[\]>[<!CDAT/a-c]{0,40}$/);
  fc.assert(
    fc.property(fc.oneof(allowed, nasty), (text) => {
      assert.deepEqual(fields(`<xml><A>${cdata(text)}</A></xml>`), { A: text });
    }),
  );
});

test('any text at all is read or refused, in time that grows with its length alone', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void parseXml(text)));
  const pieces = ['<', '</', '<a>', '</a>', '<![CDATA[', ']]>', '&', '&amp;', ']', ' ', '<xml>', '<?xml ', '<!'];
  fc.assert(fc.property(fc.array(fc.constantFrom(...pieces)), (parts) => void parseXml(parts.join(''))));
  for (const piece of [...pieces, '<a><![CDATA[', ']]>'.repeat(2)]) {
    const text = `<xml>${piece.repeat(Math.floor((MAX_XML_CHARS - 20) / piece.length))}</xml>`;
    const started = performance.now();
    parseXml(text);
    assert.ok(performance.now() - started < 200, piece);
  }
});
