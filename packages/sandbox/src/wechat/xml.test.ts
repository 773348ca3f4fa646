import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { cdata, readXml } from './xml.ts';

test('any value written as CDATA is read back whole', () => {
  const values = fc.oneof(fc.string(), fc.constantFrom(']]>', 'a]]>b', ']]]]>', '<x>', '</Content>', '&amp;', ']', ''));
  fc.assert(
    fc.property(values, values, (first, second) => {
      const fields = readXml(`<xml><A>${cdata(first)}</A>\n<Content>${cdata(second)}</Content>\n</xml>`);
      assert.deepEqual(
        [...(fields ?? [])],
        [
          ['A', first],
          ['Content', second],
        ],
      );
    }),
  );
});

test('bare text is decoded, nested elements keep their source', () => {
  const fields = readXml('<xml><A>1 &lt; 2 &#20851;&#x6CE8;</A><B><C><![CDATA[x]]></C></B></xml>');
  assert.deepEqual(fields?.get('A'), '1 < 2 关注');
  assert.deepEqual(fields?.get('B'), '<C><![CDATA[x]]></C>');
});

test('whatever is not such a document is refused without throwing', () => {
  for (const bad of [
    '',
    'success',
    '<XML><A>1</A></XML>',
    '<xml><A>1</B></xml>',
    '<xml>text</xml>',
    '<xml><A>1</xml>',
  ]) {
    assert.equal(readXml(bad), null, bad);
  }
  assert.equal(readXml('<!DOCTYPE xml [<!ENTITY a "b">]><xml><A>&a;</A></xml>'), null);
  assert.equal(readXml('<xml><!ENTITY a "b"><A>1</A></xml>'), null);
});

test('random input never throws', () => {
  const pieces = fc.constantFrom('<xml>', '</xml>', '<A>', '</A>', '<![CDATA[', ']]>', 'x', '&lt;', '<', '>', '\n');
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 30 }), (parts) => {
      const fields = readXml(parts.join(''));
      assert.ok(fields === null || fields instanceof Map);
    }),
  );
});

test('thousands of CDATA sections without an end are refused at once', () => {
  const started = performance.now();
  assert.equal(readXml(`<xml><A>${'<![CDATA[x]]>'.repeat(5000)}</xml>`), null);
  assert.ok(performance.now() - started < 2000);
});
