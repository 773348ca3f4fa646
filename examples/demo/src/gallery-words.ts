import type { Language } from './words.ts';

/** What the gallery says about the element, in the site's two languages; what the element says is its own. */
const en = {
  title: 'Gallery · wechat-follow-login',
  shop: 'To the shop',
  headline: 'Every state, every look.',
  lead: 'These are real elements. A companion inside this page plays to each the answers that bring it into its state, so all buttons work and nothing leaves the browser.',
  pickers: 'What is shown',
  language: 'Language',
  all: 'All four',
  theme: 'Theme',
  light: 'Light',
  dark: 'Dark',
  auto: 'Auto',
  both: 'Both',
  layout: 'Layout',
  fitting: 'Auto',
  card: 'Card',
  compact: 'Compact',
  width: 'Width of its place',
  restart: 'Start all anew',
  way: 'The way in',
  ends: 'When it ends otherwise',
  errors: 'When it does not work',
  places: 'On a phone, and with your logo',
  footer: 'The codes on this page are of no account. Choices are kept in the address: copy it to share a look.',
  otherLanguage: '中文',
} as const;

export type GalleryWords = Record<keyof typeof en, string>;

const zhCN: GalleryWords = {
  title: '组件一览 · wechat-follow-login',
  shop: '去茶铺',
  headline: '每种状态，每种外观。',
  lead: '这里的每一个都是真正的组件。页面内置了一个模拟的配套服务，为它们逐一给出进入该状态所需的应答；按钮都可以点，数据不会离开浏览器。',
  pickers: '显示内容',
  language: '语言',
  all: '全部四种',
  theme: '主题',
  light: '浅色',
  dark: '深色',
  auto: '跟随系统',
  both: '两种都看',
  layout: '布局',
  fitting: '自动',
  card: '卡片',
  compact: '紧凑',
  width: '可用宽度',
  restart: '全部重新开始',
  way: '登录过程',
  ends: '未完成的结束',
  errors: '出错时',
  places: '在手机上，以及带上您的标志',
  footer: '本页的二维码不属于任何公众号。所有选择都保存在网址中，复制网址即可分享。',
  otherLanguage: 'English',
};

export const GALLERY_WORDS: Readonly<Record<Language, GalleryWords>> = { en, 'zh-CN': zhCN };
