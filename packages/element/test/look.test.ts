import { expect, fixture, html } from '@open-wc/testing';
import type { WechatFollowLogin } from '../src/define.ts';
import { companion, create, part, reach, said, show } from './support/element-bench.ts';

/** In a box of that width. */
async function showIn(width: number, attributes: Record<string, string> = {}): Promise<WechatFollowLogin> {
  const box = await fixture<HTMLElement>(html`<div style="width: ${width}px"></div>`);
  const element = create(attributes);
  box.append(element);
  await reach(element, 'ready');
  return element;
}

const hasHeader = (element: WechatFollowLogin) => getComputedStyle(part(element, 'header')!).display !== 'none';

it('in a narrow place nothing sticks out, and what belongs on one line stays on it', async () => {
  for (const width of [160, 200, 240, 288, 360]) {
    for (const lang of ['en', 'zh-CN', 'zh-TW', 'ja']) {
      for (const layout of ['auto', 'card', 'compact']) {
        const where = `${width} px, ${lang}, ${layout}`;
        const element = await showIn(width, { lang, layout });
        const box = element.parentElement!.getBoundingClientRect();
        const card = part(element, 'card')!.getBoundingClientRect();
        expect(card.right, where).to.be.at.most(box.right);
        for (const name of ['stage', 'status', 'countdown', 'button', 'enlarge']) {
          const { left, right, height } = part(element, name)!.getBoundingClientRect();
          expect(left, `${name}, ${where}`).to.be.at.least(card.left);
          expect(right, `${name}, ${where}`).to.be.at.most(card.right);
          if (name === 'countdown') expect(height, where).to.be.at.most(24);
          if (name === 'button' || name === 'enlarge') expect(height, where).to.be.at.most(32);
        }
        element.parentElement!.remove();
      }
    }
  }
});

it('at its usual width the controls stand on one line', async () => {
  for (const lang of ['en', 'zh-CN', 'zh-TW', 'ja']) {
    const element = await showIn(400, { lang });
    const middles = ['countdown', 'button', 'enlarge'].map((name) => {
      const { top, height } = part(element, name)!.getBoundingClientRect();
      return top + height / 2;
    });
    expect(Math.max(...middles) - Math.min(...middles), lang).to.be.below(5);
  }
});

it('where there is no room for a card there is none; `layout` has the last word', async () => {
  expect(hasHeader(await showIn(360))).to.equal(true);
  expect(hasHeader(await showIn(170))).to.equal(false);
  expect(hasHeader(await showIn(170, { layout: 'card' }))).to.equal(true);
  expect(hasHeader(await showIn(360, { layout: 'compact' }))).to.equal(false);
});

it('the targets are large enough for a finger that shakes (WCAG 2.5.8)', async () => {
  const element = await showIn(160);
  for (const name of ['button', 'enlarge']) {
    const { width, height } = part(element, name)!.getBoundingClientRect();
    expect(Math.min(width, height), name).to.be.at.least(24);
  }
});

it('custom properties reach what they are named after', async () => {
  const element = await showIn(400, { layout: 'card' });
  const set = (name: string, value: string) => element.style.setProperty(`--wechat-login-${name}`, value);
  const colourOf = (name: string, property: 'color' | 'backgroundColor' | 'borderTopColor') =>
    getComputedStyle(part(element, name)!)[property];
  set('background', 'rgb(1, 1, 1)');
  set('color', 'rgb(2, 2, 2)');
  set('muted-color', 'rgb(3, 3, 3)');
  set('border-color', 'rgb(4, 4, 4)');
  set('accent-strong', 'rgb(5, 5, 5)');
  set('radius', '3px');
  set('code-size', '200px');
  set('font', 'monospace');
  expect(colourOf('card', 'backgroundColor')).to.equal('rgb(1, 1, 1)');
  expect(colourOf('title', 'color')).to.equal('rgb(2, 2, 2)');
  expect(colourOf('hint', 'color')).to.equal('rgb(3, 3, 3)');
  expect(colourOf('card', 'borderTopColor')).to.equal('rgb(4, 4, 4)');
  expect(colourOf('button', 'color')).to.equal('rgb(5, 5, 5)');
  expect(getComputedStyle(part(element, 'card')!).borderTopLeftRadius).to.equal('3px');
  expect(getComputedStyle(part(element, 'card')!).fontFamily).to.equal('monospace');
  expect(part(element, 'stage')!.getBoundingClientRect().width).to.equal(200);
});

it('one custom state at a time says what is happening', async () => {
  const element = await show();
  await reach(element, 'ready');
  expect(element.matches(':state(ready)')).to.equal(true);
  companion.set('scanned');
  await reach(element, 'scanned');
  expect([element.matches(':state(ready)'), element.matches(':state(scanned)')]).to.deep.equal([false, true]);
});

it('slots take the place of heading, logo, footer and what a state says, and of nothing else', async () => {
  const element = await show(
    {},
    `<b slot="heading">Tea club</b><svg slot="logo"></svg><i slot="footer">Terms</i>Another way
     <p slot="scanned">Got you!</p><img slot="code-logo" alt="">`,
  );
  await reach(element, 'ready');
  const { shadowRoot } = element;
  const slotted = (name: string) => shadowRoot!.querySelector<HTMLSlotElement>(`slot[name="${name}"]`)!;
  for (const name of ['heading', 'logo', 'footer', 'code-logo']) {
    expect(slotted(name).assignedElements().length, name).to.equal(1);
  }
  expect(said(element)).to.match(/Scan with WeChat/);
  companion.set('scanned');
  await reach(element, 'scanned');
  expect(slotted('scanned').assignedElements()[0]!.textContent).to.equal('Got you!');
  expect(slotted('scanned').closest('[role=status]')).not.to.equal(null);
  await expect(element).to.be.accessible();
});

it('a logo in the middle covers no more than the code can do without', async () => {
  const element = await show({}, '<svg slot="code-logo" viewBox="0 0 1 1"><path d="M0 0h1v1H0z"></path></svg>');
  await reach(element, 'ready');
  const logo = element.querySelector('svg')!.getBoundingClientRect();
  const code = part(element, 'code')!.getBoundingClientRect();
  expect((logo.width * logo.height) / (code.width * code.height)).to.be.within(0.02, 0.03);
  expect(Math.abs(logo.left + logo.right - code.left - code.right)).to.be.below(2);
  expect(Math.abs(logo.top + logo.bottom - code.top - code.bottom)).to.be.below(2);
});

it('attributes that are taken away leave the defaults', async () => {
  const element = await show({ theme: 'dark', layout: 'card', heading: 'Hello' });
  await reach(element, 'ready');
  for (const name of ['theme', 'layout', 'heading']) element.removeAttribute(name);
  await element.updateComplete;
  expect([element.theme, element.layout]).to.deep.equal(['auto', 'auto']);
  expect(part(element, 'heading')!.innerText).to.match(/Sign in with WeChat/);
  element.theme = 'light';
  await element.updateComplete;
  expect(element.getAttribute('theme')).to.equal('light');
});
