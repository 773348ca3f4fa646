import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { readChatText } from './chat-text.ts';

const menu = (text: string, id?: string, label = text) =>
  `<a href="weixin://bizmsgmenu?msgmenucontent=${text}${id === undefined ? '' : `&msgmenuid=${id}`}">${label}</a>`;

test('links of the menu become taps, between the words around them', () => {
  assert.deepEqual(readChatText(`网页上是哪个数字？\n${menu('42', '7')}  ${menu('17', '0')}\n${menu('Not me')}`), [
    { kind: 'text', text: '网页上是哪个数字？\n' },
    { kind: 'tap', label: '42', text: '42', menuId: '7' },
    { kind: 'text', text: '  ' },
    { kind: 'tap', label: '17', text: '17', menuId: '0' },
    { kind: 'text', text: '\n' },
    { kind: 'tap', label: 'Not me', text: 'Not me', menuId: null },
  ]);
});

test('what a tap sends is decoded from the address', () => {
  for (const written of ['%E4%B8%8D%E6%98%AF%E6%88%91', '不是我']) {
    assert.deepEqual(readChatText(menu(written, '1', '这不是我')), [
      { kind: 'tap', label: '这不是我', text: '不是我', menuId: '1' },
    ]);
  }
  const escaped = `<a href='weixin://bizmsgmenu?msgmenucontent=a&amp;msgmenuid=b'>c</a>`;
  assert.deepEqual(readChatText(escaped), [{ kind: 'tap', label: 'c', text: 'a', menuId: 'b' }]);
});

test('every other address is a link that does nothing', () => {
  for (const href of [
    'https://shop.example/',
    'javascript:alert(1)',
    'data:text/html,x',
    'weixin://dl/scan',
    'weixin://bizmsgmenux?msgmenucontent=1',
    'weixin://bizmsgmenu?msgmenucontent=',
    'weixin://bizmsgmenu?msgmenuid=1',
  ]) {
    assert.deepEqual(readChatText(`<a href="${href}">here</a>`), [{ kind: 'link', label: 'here' }], href);
  }
});

test('other markup is text, as it stands', () => {
  for (const text of [
    '<b>bold</b>',
    '<img src=x onerror=alert(1)>',
    '<script>alert(1)</script>',
    '<a href="weixin://bizmsgmenu?msgmenucontent=1" onclick="alert(1)">1</a>',
    '<a href="weixin://bizmsgmenu?msgmenucontent=1"><b>1</b></a>',
    '<a href="weixin://bizmsgmenu?msgmenucontent=1">1',
    '<a>1</a>',
    '1 < 2 & 3 > 2',
  ]) {
    assert.deepEqual(readChatText(text), [{ kind: 'text', text }]);
  }
  assert.deepEqual(readChatText(''), []);
});

test('whatever comes, no word is lost and none is added', () => {
  const piece = fc.oneof(
    fc.string(),
    fc.constantFrom('<a href="', '">', '</a>', "<a href='", 'weixin://bizmsgmenu?msgmenucontent=', '<', '\n'),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      const text = pieces.join('');
      const parts = readChatText(text);
      const shown = parts.map((part) => (part.kind === 'text' ? part.text : part.label)).join('');
      const withoutTags = text.replace(/<a\s+href=(?:"[^"<>]*"|'[^'<>]*')\s*>([^<]*)<\/a>/gi, '$1');
      assert.equal(shown, withoutTags);
    }),
  );
});
