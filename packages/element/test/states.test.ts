import { expect } from '@open-wc/testing';
import type { LoginState, WechatFollowLogin } from '../src/define.ts';
import { companion, part, problem, reach, said, show } from './support/element-bench.ts';

const LANGUAGES = ['en', 'zh-CN', 'zh-TW', 'ja'] as const;

/** How each state is reached, what it says, and what can be done in it. */
const STATES: {
  name: LoginState['name'];
  attributes?: Record<string, string>;
  before?: () => void;
  after?: (element: WechatFollowLogin) => void;
  says: Record<(typeof LANGUAGES)[number], RegExp>;
  button: RegExp | null;
}[] = [
  {
    name: 'idle',
    attributes: { manual: '' },
    says: { en: /Ready/, 'zh-CN': /获取/, 'zh-TW': /QR Code/, ja: /QRコード/ },
    button: /Show code|获取二维码|取得 QR Code|QRコードを表示/,
  },
  {
    name: 'loading',
    before: () => (companion.create = () => new Promise<Response>(() => {})),
    says: { en: /Getting/, 'zh-CN': /正在获取/, 'zh-TW': /正在取得/, ja: /取得中/ },
    button: null,
  },
  {
    name: 'ready',
    says: { en: /follow Example/, 'zh-CN': /关注“Example”/, 'zh-TW': /關注「Example」/, ja: /「Example」をフォロー/ },
    button: /Refresh|刷新|重新整理|更新/,
  },
  {
    name: 'scanned',
    after: () => companion.set('scanned'),
    says: { en: /Scanned/, 'zh-CN': /扫码成功/, 'zh-TW': /掃碼成功/, ja: /スキャンしました/ },
    button: /Refresh|刷新|重新整理|更新/,
  },
  {
    name: 'confirming',
    before: () => (companion.confirmNumber = '42'),
    after: () => companion.set('confirming'),
    says: { en: /Choose 42/, 'zh-CN': /选择 42/, 'zh-TW': /選擇 42/, ja: /42 を選択/ },
    button: /Cancel|取消|キャンセル/,
  },
  {
    name: 'authorized',
    after: () => {
      companion.claim = () => new Promise<Response>(() => {});
      companion.set('authorized');
    },
    says: { en: /Signing you in/, 'zh-CN': /正在登录/, 'zh-TW': /正在登入/, ja: /ログイン中/ },
    button: null,
  },
  {
    name: 'success',
    after: () => companion.set('authorized'),
    says: {
      en: /signed in\s+Welcome, Li Lei/,
      'zh-CN': /登录成功\s+欢迎，Li Lei/,
      'zh-TW': /登入成功\s+歡迎，Li Lei/,
      ja: /ログインしました\s+ようこそ、Li Leiさん/,
    },
    button: null,
  },
  {
    name: 'expired',
    attributes: { 'auto-refresh': '0' },
    after: () => companion.set('expired', { error: { code: 'attempt_expired', retryable: true } }),
    says: { en: /expired/, 'zh-CN': /失效/, 'zh-TW': /失效/, ja: /期限/ },
    button: /Refresh|刷新|重新整理|更新/,
  },
  {
    name: 'cancelled',
    after: (element) => element.cancel(),
    says: { en: /cancelled/, 'zh-CN': /取消/, 'zh-TW': /取消/, ja: /キャンセル/ },
    button: /Try again|重试|重試|再試行/,
  },
  {
    name: 'step-required',
    after: () =>
      companion.set('step_required', {
        error: { code: 'step_required', retryable: false, url: 'https://hosted.example/login' },
      }),
    says: { en: /One more step/, 'zh-CN': /还差一步/, 'zh-TW': /還差一步/, ja: /もう一歩/ },
    button: /Continue|继续|繼續|続ける/,
  },
  {
    name: 'error',
    before: () => (companion.create = problem('upstream_unavailable', 503, true)),
    says: { en: /Not available/, 'zh-CN': /不可用/, 'zh-TW': /無法使用/, ja: /利用できません/ },
    button: /Try again|重试|重試|再試行/,
  },
];

for (const { name, attributes, before: prepare, after: act, says, button } of STATES) {
  for (const lang of LANGUAGES) {
    for (const theme of ['light', 'dark']) {
      it(`${name} is accessible, says what it is and what to do (${lang}, ${theme})`, async () => {
        prepare?.();
        const element = await show({ lang, theme, ...attributes });
        if (act) {
          await reach(element, 'ready');
          act(element);
        }
        await reach(element, name);
        await Promise.all(
          element
            .shadowRoot!.getAnimations()
            .map(({ finished, effect }) =>
              effect?.getComputedTiming().iterations === Infinity ? null : finished.catch(() => {}),
            ),
        );
        await expect(element).to.be.accessible();
        expect(said(element)).to.match(says[lang]);
        const control = part(element, 'button');
        if (button) {
          expect(control!.innerText).to.match(button);
          control!.focus();
          expect(element.shadowRoot!.activeElement).to.equal(control);
        } else expect(control).to.equal(null);
        const hasNoCode = ['authorized', 'success', 'expired', 'cancelled', 'step-required', 'error'].includes(name);
        if (hasNoCode) expect(part(element, 'code')).to.equal(null);
      });
    }
  }
}
