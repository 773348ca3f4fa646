import { expect, nextFrame } from '@open-wc/testing';
import { companion, decode, part, reach, said, show } from './support/element-bench.ts';

const IPHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1';
const IN_WECHAT =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 MicroMessenger/8.0.60(0x18003c2f) NetType/WIFI Language/zh_CN';
const WECHAT_ON_WINDOWS =
  'Mozilla/5.0 (Windows NT 10.0; WOW64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/116.0.0.0 Safari/537.36 NetType/WIFI MicroMessenger/7.0.20.1781(0x6700143B) WindowsWechat(0x63090c33)';

function browseWith(userAgent: string) {
  Object.defineProperty(navigator, 'userAgent', { value: userAgent, configurable: true });
}
afterEach(() => delete (navigator as { userAgent?: string }).userAgent);

const text = () => (companion.qr as { text: string }).text;

it('inside WeChat the code is a picture in the page itself, to be pressed', async () => {
  browseWith(IN_WECHAT);
  const element = await show({ lang: 'zh-CN' });
  await reach(element, 'ready');
  const image = element.querySelector('img')!;
  expect(image.src).to.match(/^data:image\/png;base64,/);
  expect(image.getBoundingClientRect().width).to.be.greaterThan(150);
  expect(image.alt).to.equal('微信登录二维码');
  expect(await decode(image.src)).to.equal(text());
  expect(said(element)).to.match(/长按/);
  expect([part(element, 'save'), part(element, 'enlarge')]).to.deep.equal([null, null]);
  await expect(element).to.be.accessible();
});

it('on another phone it can be saved too, and the words lead to the album', async () => {
  browseWith(IPHONE);
  const element = await show();
  await reach(element, 'ready');
  const save = part(element, 'save') as HTMLAnchorElement;
  expect(save.download).to.match(/\.png$/);
  expect(await decode(save.href)).to.equal(text());
  expect(await decode(element.querySelector('img')!.src)).to.equal(text());
  expect(said(element)).to.match(/Album/);
  await expect(element).to.be.accessible();
});

it('the picture goes with the code', async () => {
  browseWith(IPHONE);
  const element = await show();
  await reach(element, 'ready');
  companion.set('scanned');
  await reach(element, 'scanned');
  expect(element.querySelector('img')).to.equal(null);
});

it('a picture that is pressed stays the same one while the seconds go by', async () => {
  browseWith(IN_WECHAT);
  const element = await show();
  await reach(element, 'ready');
  const image = element.querySelector('img')!;
  const changes: MutationRecord[] = [];
  const observer = new MutationObserver((records) => changes.push(...records));
  observer.observe(element, { subtree: true, childList: true, attributes: true });
  element.requestUpdate();
  await element.updateComplete;
  await nextFrame();
  observer.disconnect();
  expect(element.querySelector('img')).to.equal(image);
  expect(changes.filter(({ attributeName }) => attributeName !== 'alt' && attributeName !== 'slot').length).to.equal(0);
});

it('a copy of the element shows its own code, not the one it was copied with', async () => {
  browseWith(IPHONE);
  const element = await show();
  await reach(element, 'ready');
  const copy = element.cloneNode(true) as typeof element;
  companion.qr = { text: 'http://weixin.qq.com/q/02OfTheCopyAlone' };
  element.parentElement!.append(copy);
  await reach(copy, 'ready');
  expect(copy.querySelectorAll('img').length).to.equal(1);
  expect(await decode(copy.querySelector('img')!.src)).to.equal(text());
});

it('at a desk the code is drawn, in the WeChat for desktops too: its screen can be scanned', async () => {
  browseWith(WECHAT_ON_WINDOWS);
  const element = await show();
  await reach(element, 'ready');
  expect(element.querySelector('img')).to.equal(null);
  expect(part(element, 'code')!.tagName.toLowerCase()).to.equal('svg');
  expect(part(element, 'enlarge')).not.to.equal(null);
});
