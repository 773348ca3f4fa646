/** What the demo site says, in its two languages. */
export type Language = 'en' | 'zh-CN';

const en = {
  title: 'Lantern Leaf · Sign in',
  brand: 'Lantern Leaf',
  shop: 'Teas',
  visit: 'Visit us',
  headline: 'Your tea, as you left it.',
  lead: 'Sign in to see your orders, your stamps and the first spring harvest, two days before everybody else.',
  point1: 'No password to remember',
  point2: 'Scan the code in WeChat and follow our account',
  point3: 'Unfollow whenever you like',
  signInHeading: 'Sign in with WeChat',
  welcome: 'Good to see you',
  welcomeNamed: 'Good to see you, {name}',
  signedIn: 'You are signed in to Lantern Leaf.',
  stamps: 'Stamps on your card',
  stampsNote: 'Three more and the next pot is on us.',
  nextOrder: 'On its way to you',
  nextOrderNote: 'Mist Peak green, 100 g · arrives Thursday',
  signOut: 'Sign out',
  details: 'What this page received',
  detailsNote: 'The claims of the id_token, decoded here for showing. A site lets its own back end verify the token.',
  validFor: 'The access token is valid for {time}.',
  footer: 'An invented shop. Nothing leaves this computer.',
  gallery: 'The sign-in element in every state and look',
  phoneTitle: 'A phone with WeChat, played by the sandbox',
  phoneHint: 'Scan the code with this phone, then tap Follow.',
  phoneHintConfirm: 'Scan the code with this phone, tap Follow, then tap the number that the page shows.',
  otherLanguage: '中文',
} as const;

export type Words = Record<keyof typeof en, string>;

const zhCN: Words = {
  title: '灯叶茶铺 · 登录',
  brand: '灯叶茶铺',
  shop: '茶品',
  visit: '到店',
  headline: '您的茶，一直为您留着。',
  lead: '登录后可查看订单与集章，还能比别人早两天尝到头采春茶。',
  point1: '不用记密码',
  point2: '微信扫码并关注公众号即可登录',
  point3: '随时可以取消关注',
  signInHeading: '微信扫码登录',
  welcome: '欢迎回来',
  welcomeNamed: '欢迎回来，{name}',
  signedIn: '您已登录灯叶茶铺。',
  stamps: '我的集章',
  stampsNote: '再集三枚，下一壶由我们请。',
  nextOrder: '配送中',
  nextOrderNote: '雾峰绿茶 100 克 · 周四送达',
  signOut: '退出登录',
  details: '本页收到的内容',
  detailsNote: '这是 id_token 中的声明，仅在此解码展示。正式网站应由自己的后端验证令牌。',
  validFor: '访问令牌有效期为 {time}。',
  footer: '虚构的茶铺，所有数据都不会离开这台电脑。',
  gallery: '登录组件的全部状态与外观',
  phoneTitle: '一部装有微信的手机，由沙箱模拟',
  phoneHint: '用这部手机扫一扫，再点“关注”。',
  phoneHintConfirm: '用这部手机扫一扫，点“关注”，再点网页上显示的数字。',
  otherLanguage: 'English',
};

export const WORDS: Readonly<Record<Language, Words>> = { en, 'zh-CN': zhCN };

/** `?lang=` first, then what the browser prefers. */
export function chooseLanguage(asked: string | null, accepted: string | undefined): Language {
  return /^\s*zh/i.test(asked ?? accepted ?? '') ? 'zh-CN' : 'en';
}
