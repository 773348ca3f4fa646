import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright';
import type * as SandboxNode from '../../../packages/sandbox/src/node.ts';
import { launch } from '../src/world.ts';

let browser: Browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

interface Chat {
  page: Page;
  /** Bodies that reached the account's server, oldest first. */
  pushes: string[];
  complaints: string[];
}

const field = (xml: string, name: string): string | undefined =>
  new RegExp(`<${name}>(?:<!\\[CDATA\\[)?([^<\\]]*)`).exec(xml)?.[1];

/** An account that answers every message with the same reply (`MsgType` and what follows it). */
async function withChat(lang: string, reply: string, look: (chat: Chat) => Promise<void>): Promise<void> {
  const { serveSandbox } = (await import(
    new URL('../../../packages/sandbox/dist/node.js', import.meta.url).href
  )) as typeof SandboxNode;
  const pushes: string[] = [];
  const served = await serveSandbox({
    mode: 'plaintext',
    pushUrl: 'http://account.invalid/push',
    fetch: async (_, init) => {
      const push = String(init?.body);
      pushes.push(push);
      const head = `<ToUserName>${field(push, 'FromUserName')}</ToUserName><FromUserName>${field(push, 'ToUserName')}</FromUserName>`;
      return new Response(`<xml>${head}<CreateTime>1760000000</CreateTime>${reply}</xml>`);
    },
  });
  const page = await browser.newPage({ viewport: { width: 390, height: 800 } });
  const complaints: string[] = [];
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  try {
    await page.goto(`${served.url}/phone?lang=${lang}&user=bob`);
    await served.sandbox.phone.say('hello', 'bob');
    await page.reload();
    await look({ page, pushes, complaints });
    assert.deepEqual(complaints, []);
  } finally {
    await page.close();
    await served.close();
  }
}

const text = (content: string): string => `<MsgType>text</MsgType><Content><![CDATA[${content}]]></Content>`;
const link = (content: string): string =>
  `<a href="weixin://bizmsgmenu?msgmenucontent=${content}&msgmenuid=${content}">${content}</a>`;

test('a tap on a menu link sends its text with its id, by keyboard too', async () => {
  await withChat('zh-CN', text(`网页上显示的是哪个数字？\n${link('42')}\n${link('17')}`), async ({ page, pushes }) => {
    await page.getByRole('button', { name: '17' }).first().focus();
    await page.keyboard.press('Enter');
    await page.locator('.lines .person', { hasText: '17' }).waitFor();
    assert.deepEqual([field(pushes[1]!, 'Content'), field(pushes[1]!, 'bizmsgmenuid')], ['17', '17']);
    await page.getByRole('button', { name: '42' }).last().click();
    await page.locator('.lines .person', { hasText: '42' }).waitFor();
    assert.equal(field(pushes[2]!, 'Content'), '42');
  });
});

test('nothing in a reply becomes markup, and other links do nothing', async () => {
  const nasty = `<img src=x onerror="alert(1)"><b>hi</b> <a href="https://elsewhere.example/">there</a> <a href="javascript:alert(1)">now</a>`;
  await withChat('en', text(nasty), async ({ page }) => {
    const reply = page.locator('.lines .account').first();
    await reply.waitFor();
    assert.equal(await reply.textContent(), '<img src=x onerror="alert(1)"><b>hi</b> there now');
    assert.equal(await page.locator('.lines :is(a, img, b, script)').count(), 0);
    await reply.getByText('there').click();
    assert.match(page.url(), /\/phone\?/);
  });
});

test('news are cards, pictures are frames, and neither loads anything', async () => {
  const item = `<item><Title>头采春茶</Title><Description>周四到货</Description><PicUrl>http://elsewhere.example/p.jpg</PicUrl><Url>http://elsewhere.example/</Url></item>`;
  const news = `<MsgType>news</MsgType><ArticleCount>1</ArticleCount><Articles>${item}</Articles>`;
  await withChat('zh-CN', news, async ({ page }) => {
    assert.equal(await page.locator('.article').first().textContent(), '头采春茶周四到货');
  });
  await withChat('en', `<MsgType>image</MsgType><Image><MediaId>m</MediaId></Image>`, async ({ page }) => {
    assert.equal(await page.locator('.picture').first().textContent(), 'Picture');
  });
});
