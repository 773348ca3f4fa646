import { expect, fixture, html } from '@open-wc/testing';
import type { WechatFollowLogin } from '../src/define.ts';
import { companion, part, reach, said, show } from './support/element-bench.ts';

const headingOf = (element: WechatFollowLogin) => part(element, 'heading')!.innerText.trim();

it('speaks the language of its tag: two ways of Chinese, Japanese, and English for everybody else', async () => {
  for (const [tags, heading] of [
    [['zh', 'zh-CN', 'zh-Hans', 'zh-SG', 'zh-Hans-HK', 'ZH-cn'], '微信扫码登录'],
    [['zh-TW', 'zh-Hant', 'zh-HK', 'zh-Hant-MO', 'zh-hant-cn', 'zh_TW'], '微信掃碼登入'],
    [['ja', 'ja-JP'], 'WeChatでログイン'],
    [['en', 'en-GB', 'fr', 'jam', 'zhx', 'x-zh'], 'Sign in with WeChat'],
  ] as const) {
    for (const lang of tags) {
      const element = await show({ lang, manual: '' });
      expect(headingOf(element), lang).to.equal(heading);
    }
  }
});

it('the language is the nearest lang, across shadow roots, and texts can be overridden', async () => {
  const outer = await fixture<HTMLElement>(html`<div lang="zh-TW"><p></p></div>`);
  const root = outer.querySelector('p')!.attachShadow({ mode: 'open' });
  root.innerHTML = '<wechat-follow-login manual endpoint="/x"></wechat-follow-login>';
  const element = root.firstElementChild as WechatFollowLogin;
  await element.updateComplete;
  expect(headingOf(element)).to.equal('微信掃碼登入');
  element.lang = 'en-GB';
  await element.updateComplete;
  expect(headingOf(element)).to.equal('Sign in with WeChat');
  element.strings = { idle: 'Shall we?' };
  element.heading = 'Members';
  await element.updateComplete;
  expect(said(element)).to.equal('Shall we?');
  expect(headingOf(element)).to.equal('Members');
});

it('follows the page when that changes its language', async () => {
  const before = document.documentElement.lang;
  const element = await fixture<WechatFollowLogin>(
    html`<wechat-follow-login manual endpoint="/x"></wechat-follow-login>`,
  );
  try {
    for (const [lang, heading] of [
      ['ja', 'WeChatでログイン'],
      ['zh-CN', '微信扫码登录'],
    ] as const) {
      document.documentElement.lang = lang;
      await Promise.resolve(); // observers of the page are told
      await element.updateComplete;
      expect(headingOf(element)).to.equal(heading);
    }
  } finally {
    document.documentElement.lang = before;
  }
});

it('the words are marked with the language that they are in', async () => {
  const element = await show({ lang: 'fr' });
  expect(part(element, 'card')!.lang).to.equal('en');
});

it('an account without a name is spoken of all the same, and no placeholder is left', async () => {
  companion.account = null;
  for (const [lang, name] of [
    ['en', 'our official account'],
    ['zh-CN', '公众号'],
    ['zh-TW', '官方帳號'],
    ['ja', '公式アカウント'],
  ] as const) {
    const element = await show({ lang });
    await reach(element, 'ready');
    expect(said(element)).to.contain(name);
    expect(element.shadowRoot!.textContent).not.to.match(/[{}]/);
  }
});

it('the companion is told a language tag, whatever the page has for one', async () => {
  for (const [lang, told] of [
    ['zh_CN', 'zh-CN'],
    ['Deutsch (Schweiz)', 'en'],
  ] as const) {
    const element = await show({ lang });
    await reach(element, 'ready');
    expect(companion.locales.pop()).to.equal(told);
  }
});
