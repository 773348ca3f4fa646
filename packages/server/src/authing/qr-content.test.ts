import assert from 'node:assert/strict';
import test from 'node:test';
import { FakeClock } from '../../test/fake-clock.ts';
import { TICKET } from '../../test/scripted-authing.ts';
import { QrContentError, readQrContent } from './qr-content.ts';

const PNG = Buffer.from('89504e470d0a1a0a00', 'hex');
const asked: string[] = [];
const answering = (response: () => Response) => ({
  fetch: async (input: string | URL | Request) => {
    asked.push(String(input));
    return response();
  },
  clock: new FakeClock(),
  qrHosts: ['files.authing.co', '127.0.0.1'],
});
const silent = answering(() => new Response('must not be asked', { status: 500 }));
const read = (url: string, deps = silent) => readQrContent(url, deps);

test('a ticket in the file name or in showqrcode’s parameter gives text, and nothing is fetched', async () => {
  asked.length = 0;
  const expected = { ticket: TICKET.ticket, qr: { text: TICKET.url } };
  const { ticket } = TICKET;
  assert.deepEqual(await read(`https://files.authing.co/user-contentsqrcode/pool/${ticket}.png`), expected);
  assert.deepEqual(await read(`https://any.cdn.example/x/${encodeURIComponent(ticket)}.jpg?v=1`), expected);
  assert.deepEqual(
    await read(`https://mp.weixin.qq.com/cgi-bin/showqrcode?ticket=${encodeURIComponent(ticket)}`),
    expected,
  );
  assert.deepEqual(asked, []);
});

test('the text of the code itself is taken as it is', async () => {
  assert.deepEqual(await read('http://weixin.qq.com/q/02abcdefghijklmnopqrst'), {
    ticket: null,
    qr: { text: 'http://weixin.qq.com/q/02abcdefghijklmnopqrst' },
  });
});

test('a name that only looks like a ticket falls back to the picture', async () => {
  const broken = `${TICKET.ticket.slice(0, 40)}${TICKET.ticket[40] === 'A' ? 'B' : 'A'}${TICKET.ticket.slice(41)}`;
  const { ticket, qr } = await read(
    `https://files.authing.co/p/${broken}.png`,
    answering(() => new Response(PNG)),
  );
  assert.deepEqual([ticket, qr], [null, { image: `data:image/png;base64,${PNG.toString('base64')}` }]);
});

test('pictures come from listed hosts over https only; loopback may be plain', async () => {
  const deps = answering(() => new Response(PNG));
  asked.length = 0;
  for (const url of [
    'https://evil.example/a.png',
    'https://files.authing.co.evil.example/a.png',
    'http://files.authing.co/a.png',
    'https://169.254.169.254/latest',
    'file:///etc/passwd',
    'ftp://files.authing.co/a.png',
    'not an address',
    '',
  ]) {
    await assert.rejects(read(url, deps), QrContentError, url);
  }
  assert.deepEqual(asked, []);
  assert.ok(await read('http://127.0.0.1:9000/a.png', deps));
});

test('what is no PNG or JPEG is refused, whatever it calls itself', async () => {
  for (const body of ['<svg xmlns="http://www.w3.org/2000/svg"/>', '<html>', '', 'GIF89a']) {
    await assert.rejects(
      read(
        'https://files.authing.co/a.png',
        answering(() => new Response(body, { headers: { 'content-type': 'image/png' } })),
      ),
      QrContentError,
    );
  }
  await assert.rejects(
    read(
      'https://files.authing.co/a.png',
      answering(() => new Response(PNG, { status: 404 })),
    ),
    QrContentError,
  );
  await assert.rejects(
    read(
      'https://files.authing.co/a.png',
      answering(() => new Response(Buffer.concat([PNG, Buffer.alloc(300_000)]))),
    ),
    /262144 bytes/,
  );
});

test('no error holds the address, whose name is a ticket', async () => {
  const url = `https://evil.example/${'x'.repeat(60)}.png?ticket=secret-secret-secret`;
  await assert.rejects(
    read(url),
    (error: Error) => !error.message.includes('xxxx') && !error.message.includes('secret'),
  );
});
