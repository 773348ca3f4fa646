import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { Readable } from 'node:stream';
import test from 'node:test';
import { REAL_PUSHES, scanOf, sealed } from '../../test/pushes.ts';
import { parseXml } from '../wechat/xml.ts';
import { toJsonForm } from './events.ts';
import { withQuery } from './http.ts';

type Middleware = (request: unknown, response: unknown, next: (error?: Error) => void) => void;
const require = createRequire(import.meta.url);
const xmlBodyParser = require('express-xml-bodyparser') as () => Middleware;

/** What the middleware that Authing's sample uses makes of a body. */
async function asTheirs(body: string): Promise<string> {
  const request = Object.assign(Readable.from([Buffer.from(body)]), {
    headers: { 'content-type': 'text/xml', 'content-length': String(Buffer.byteLength(body)) },
    body: undefined as unknown,
    rawBody: '',
  });
  await new Promise<void>((resolve, reject) =>
    xmlBodyParser()(request, {}, (error) => (error ? reject(error) : resolve())),
  );
  return JSON.stringify(request.body);
}

test('the json form of every real push is byte for byte what express-xml-bodyparser makes of it', async () => {
  for (const { name, body } of REAL_PUSHES) {
    assert.equal(toJsonForm(parseXml(body)!), await asTheirs(body), name);
  }
});

test('and so is that of what the sandbox pushes, and of odd blanks, empty fields and entities', async () => {
  const odd = [
    '<xml><A><![CDATA[ a  b\n\nc ]]></A><B></B><C><![CDATA[]]></C><D> </D><E>&lt;&amp;</E><F/></xml>',
    '<xml><I><L><item><M>a</M></item><item><M>b</M></item></L></I></xml>',
    '<xml></xml>',
    '<XML><ToUserName>1</ToUserName></XML>',
    '<xml><A><![CDATA[x]]><![CDATA[y]]> z</A></xml>',
  ];
  const sealedBodies = (['secure', 'compatible', 'plaintext'] as const).map(
    (mode) => sealed(scanOf('gQTICKET'), { now: 1_713_424_427_000, mode }).body,
  );
  for (const body of [...odd, ...sealedBodies]) assert.equal(toJsonForm(parseXml(body)!), await asTheirs(body), body);
});

test('a query goes behind the address’s own, unchanged', () => {
  assert.equal(withQuery('https://a.example/x', 'a=%2B+&b'), 'https://a.example/x?a=%2B+&b');
  assert.equal(withQuery('https://a.example/x?own=1', 'a=1'), 'https://a.example/x?own=1&a=1');
  assert.equal(withQuery('https://a.example/x?own=1', ''), 'https://a.example/x?own=1');
});
