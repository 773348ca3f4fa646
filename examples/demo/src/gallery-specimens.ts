import type { Language } from './words.ts';

export interface Specimen {
  /** The name of its script in public/gallery/scripts.js. */
  id: string;
  /** What `element.state.name` comes to. */
  state: string;
  /** Title and explanation. */
  words: Record<Language, readonly [title: string, note: string]>;
}

const specimen = (id: string, state: string, en: [string, string], zh: [string, string]): Specimen => ({
  id,
  state,
  words: { en, 'zh-CN': zh },
});

export type Section = 'way' | 'ends' | 'errors' | 'places';

/** In the order in which a person meets them. */
export const SPECIMENS: Readonly<Record<Section, readonly Specimen[]>> = {
  way: [
    specimen(
      'idle',
      'idle',
      ['Idle', 'With the attribute manual it waits for a click or start().'],
      ['待开始', '设置 manual 属性后，等待点击或调用 start()。'],
    ),
    specimen(
      'loading',
      'loading',
      ['Loading', 'The companion has been asked for a code.'],
      ['获取中', '已向配套服务请求二维码。'],
    ),
    specimen(
      'ready',
      'ready',
      ['Ready', 'The code, renewed by itself before it ends.'],
      ['可扫码', '二维码在失效前会自动更换。'],
    ),
    specimen('scanned', 'scanned', ['Scanned', 'The phone has reached the account.'], ['已扫码', '手机已到达公众号。']),
    specimen(
      'confirming',
      'confirming',
      ['Confirming', 'The chat asks which number the page shows.'],
      ['待确认', '聊天中询问网页上显示的是哪个数字。'],
    ),
    specimen(
      'authorized',
      'authorized',
      ['Authorized', 'The result is being fetched.'],
      ['已授权', '正在取回登录结果。'],
    ),
    specimen(
      'success',
      'success',
      ['Success', 'login-success has fired; the site goes on.'],
      ['登录成功', '已触发 login-success，接下来由网站处理。'],
    ),
  ],
  ends: [
    specimen(
      'expired',
      'expired',
      ['Expired', 'The last automatic code is over.'],
      ['已过期', '最后一个自动更换的二维码也已失效。'],
    ),
    specimen(
      'cancelled',
      'cancelled',
      ['Cancelled', 'By the person, or in the chat.'],
      ['已取消', '由本人在网页或聊天中取消。'],
    ),
    specimen(
      'step-required',
      'step-required',
      ['Step required', 'Authing asks for more; the link leads there.'],
      ['还需一步', 'Authing 要求进一步验证，链接通往该处。'],
    ),
  ],
  errors: [
    specimen(
      'network',
      'error',
      ['No connection', 'The companion cannot be reached. It tries again by itself.'],
      ['无法连接', '连不上配套服务，组件会自动重试。'],
    ),
    specimen(
      'busy',
      'error',
      ['Busy', 'The companion, or Authing behind it, is not available.'],
      ['繁忙', '配套服务或其后的 Authing 暂不可用。'],
    ),
    specimen(
      'refused',
      'error',
      ['Refused', 'Authing did not let this login pass.'],
      ['被拒绝', 'Authing 没有放行这次登录。'],
    ),
    specimen(
      'invalid',
      'error',
      ['Wrongly set up', 'No usable endpoint, or no https: nothing a visitor could do.'],
      ['配置有误', 'endpoint 不可用，或页面不是 https；访客无能为力。'],
    ),
  ],
  places: [
    specimen(
      'ready-wechat',
      'ready',
      ['In WeChat’s own browser', 'The code is a picture, to be pressed and held.'],
      ['在微信内', '二维码是一张图片，可以长按识别。'],
    ),
    specimen(
      'ready-phone',
      'ready',
      ['In a phone’s browser', 'The code is saved, and scanned from the album.'],
      ['在手机浏览器中', '先保存二维码，再到微信从相册识别。'],
    ),
    specimen(
      'ready-logo',
      'ready',
      ['With your logos', 'Slots logo and code-logo; the code stays readable.'],
      ['带上您的标志', '使用插槽 logo 与 code-logo，二维码仍可识别。'],
    ),
  ],
};
