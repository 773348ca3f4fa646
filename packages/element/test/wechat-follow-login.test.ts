import { expect, fixture, html, nextFrame, oneEvent, waitUntil } from '@open-wc/testing';
import {
  anotherCompanion,
  companion,
  create,
  decode,
  part,
  pictureOf,
  problem,
  reach,
  said,
  show,
} from './support/element-bench.ts';
import { RESULT } from './support/msw-companion.ts';

it('a scan leads through its states to one success with the result of the claim', async () => {
  const element = await show();
  const events: string[] = [];
  const listening = new AbortController();
  for (const name of ['login-status', 'login-scan', 'login-success', 'login-error', 'login-expire'] as const) {
    const note = (event: Event) => events.push(`${name} ${(event as CustomEvent).detail?.status ?? ''}`.trim());
    document.addEventListener(name, note, { signal: listening.signal });
  }
  await reach(element, 'ready');
  const scanned = oneEvent(element, 'login-scan');
  companion.set('scanned', { newFollower: true });
  expect((await scanned).detail).to.deep.equal({ newFollower: true });
  const success = oneEvent(element, 'login-success');
  companion.set('authorized');
  const event = await success;
  expect(event.detail).to.deep.equal(RESULT);
  expect(event.bubbles && event.composed).to.equal(true);
  expect(Object.isFrozen(event.detail) && Object.isFrozen(event.detail.tokens)).to.equal(true);
  await reach(element, 'success');
  listening.abort();
  expect(events).to.deep.equal([
    'login-status pending',
    'login-status scanned',
    'login-scan',
    'login-status authorized',
    'login-success',
  ]);
  await waitUntil(() => companion.streams === 0);
});

it('no token and no secret is to be found in the page after the login', async () => {
  const element = await show();
  await reach(element, 'ready');
  companion.set('authorized');
  await reach(element, 'success');
  const page = document.documentElement.outerHTML + element.shadowRoot!.innerHTML + JSON.stringify(element.state);
  expect(page).not.to.match(/canary|w1"/);
});

it('the code on screen is read by an independent decoder, dark on light in the dark too', async () => {
  const element = await show({ theme: 'dark' });
  await reach(element, 'ready');
  expect(await decode(pictureOf(part(element, 'code')!))).to.equal((companion.qr as { text: string }).text);
});

it('a code that comes as a picture is shown as one', async () => {
  companion.qr = {
    image:
      'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  };
  const element = await show();
  await reach(element, 'ready');
  await expect(element).to.be.accessible();
  expect(part(element, 'code')!.tagName).to.equal('IMG');
});

it('the countdown goes down, says what comes, and is not spoken', async () => {
  const element = await show();
  await reach(element, 'ready');
  const countdown = part(element, 'countdown')!;
  const first = countdown.innerText;
  expect(first).to.match(/New code in 1:(40|39)/);
  expect(countdown.closest('[role=status]')).to.equal(null);
  await waitUntil(() => countdown.innerText !== first, 'the next second', { timeout: 2500 });
});

it('each change is spoken once: nothing in the live region changes while the seconds do', async () => {
  const element = await show();
  await reach(element, 'ready');
  const countdown = part(element, 'countdown')!;
  const changes: MutationRecord[] = [];
  const observer = new MutationObserver((records) => changes.push(...records));
  observer.observe(part(element, 'status')!, { subtree: true, childList: true, characterData: true });
  const first = countdown.innerText;
  await waitUntil(() => countdown.innerText !== first, 'the next second', { timeout: 2500 });
  expect(changes.length).to.equal(0);
  companion.set('scanned');
  await reach(element, 'scanned');
  expect(changes.length).to.be.greaterThan(0);
  observer.disconnect();
});

it('a button that goes away leaves the focus in the card', async () => {
  companion.create = problem('upstream_unavailable', 503, true);
  const element = await show();
  await reach(element, 'error');
  companion.create = null;
  const button = part(element, 'button')!;
  button.focus();
  button.click();
  await reach(element, 'ready');
  expect(element.shadowRoot!.activeElement).to.equal(part(element, 'card'));
});

it('the buttons do what they say, with the keyboard', async () => {
  const element = await show({ manual: '' });
  await nextFrame();
  expect(companion.calls.length).to.equal(0);
  part(element, 'button')!.click();
  await reach(element, 'ready');
  part(element, 'button')!.click();
  await waitUntil(() => companion.count('create') === 2);
});

it('the link of another step leads there', async () => {
  const element = await show();
  await reach(element, 'ready');
  const told = oneEvent(element, 'login-step-required');
  companion.set('step_required', {
    error: { code: 'step_required', retryable: false, url: 'https://hosted.example/x' },
  });
  expect((await told).detail).to.deep.equal({ url: 'https://hosted.example/x' });
  await reach(element, 'step-required');
  expect((part(element, 'button') as HTMLAnchorElement).href).to.equal('https://hosted.example/x');
});

it('without an endpoint it says so, on the page and to its script, and offers no retry', async () => {
  const errors: CustomEvent[] = [];
  const listen = (event: Event) => errors.push(event as CustomEvent);
  document.addEventListener('login-error', listen);
  const element = await show({ endpoint: '' });
  document.removeEventListener('login-error', listen);
  await reach(element, 'error');
  await expect(element).to.be.accessible();
  expect(errors.map(({ detail }) => detail.code)).to.deep.equal(['invalid_configuration']);
  expect(errors[0]!.detail.message).to.match(/"endpoint"/);
  expect(errors[0]!.detail.retryable).to.equal(false);
  expect(part(element, 'button')).to.equal(null);
  element.endpoint = companion.endpoint;
  await reach(element, 'ready');
});

it('another endpoint starts anew', async () => {
  const element = await show();
  await reach(element, 'ready');
  const first = companion;
  const other = anotherCompanion();
  element.endpoint = other.endpoint;
  await waitUntil(() => other.count('stream') === 1);
  await waitUntil(() => first.streams === 0);
});

it('out of the page everything stops and nothing is deleted; back in it the same code goes on', async () => {
  const element = await show();
  await reach(element, 'ready');
  await waitUntil(() => companion.streams === 1);
  const parent = element.parentElement!;
  element.remove();
  await waitUntil(() => companion.streams === 0);
  expect(companion.count('remove')).to.equal(0);
  parent.append(element);
  await waitUntil(() => companion.streams === 1);
  expect(companion.count('create')).to.equal(1);
  const success = oneEvent(element, 'login-success');
  companion.set('authorized');
  await success;
});

it('a move within the page disturbs nothing', async () => {
  const element = await show();
  await reach(element, 'ready');
  await waitUntil(() => companion.streams === 1);
  const box = document.createElement('div');
  element.parentElement!.append(box);
  box.append(element);
  await nextFrame();
  expect(companion.calls.map(({ kind }) => kind)).to.deep.equal(['create', 'stream']);
  expect(element.state.name).to.equal('ready');
});

it('an end stays one when the element is put back', async () => {
  const element = await show();
  await reach(element, 'ready');
  companion.set('authorized');
  await reach(element, 'success');
  const parent = element.parentElement!;
  element.remove();
  await nextFrame();
  parent.append(element);
  await nextFrame();
  expect(element.state.name).to.equal('success');
  expect(companion.count('create')).to.equal(1);
});

it('an end stays one when the element is moved within the page', async () => {
  const element = await show();
  await reach(element, 'ready');
  companion.set('authorized');
  await reach(element, 'success');
  element.parentElement!.append(element);
  await nextFrame();
  expect(element.state.name).to.equal('success');
  expect(companion.count('create')).to.equal(1);
});

it('out of the page before it began, it begins when it is put back', async () => {
  const element = document.createElement('wechat-follow-login');
  element.endpoint = companion.endpoint;
  const parent = await fixture<HTMLElement>(html`<div></div>`);
  parent.append(element);
  element.remove();
  await nextFrame();
  expect(companion.calls.length).to.equal(0);
  parent.append(element);
  await reach(element, 'ready');
});

it('given another endpoint while out of the page, it asks nobody else', async () => {
  const element = await show();
  await reach(element, 'ready');
  const parent = element.parentElement!;
  element.remove();
  await nextFrame();
  const first = companion;
  const asked = first.calls.length;
  const other = anotherCompanion();
  element.endpoint = other.endpoint;
  parent.append(element);
  await waitUntil(() => other.count('stream') === 1);
  expect(first.calls.length).to.equal(asked);
});

it('cancelled before it began, it waits to be started', async () => {
  const element = document.createElement('wechat-follow-login');
  element.endpoint = companion.endpoint;
  const parent = await fixture<HTMLElement>(html`<div></div>`);
  element.cancel();
  parent.append(element);
  await nextFrame();
  expect([element.state.name, companion.calls.length]).to.deep.equal(['idle', 0]);
  element.start();
  await reach(element, 'ready');
});

it('cancelled right after it was put in, it has asked nobody', async () => {
  const element = create();
  const parent = await fixture<HTMLElement>(html`<div></div>`);
  parent.append(element);
  element.cancel();
  await nextFrame();
  expect([element.state.name, companion.calls.length]).to.deep.equal(['idle', 0]);
});

it('what is set right after it was put in counts from the start', async () => {
  const parent = await fixture<HTMLElement>(html`<div></div>`);
  const quiet = create();
  parent.append(quiet);
  quiet.manual = true;
  const moved = create();
  const first = companion;
  parent.append(moved);
  moved.endpoint = anotherCompanion().endpoint;
  await reach(moved, 'ready');
  expect([quiet.state.name, first.calls.length]).to.deep.equal(['idle', 0]);
  const wrong = create({ endpoint: 'ftp://x' });
  parent.append(wrong);
  const { detail } = await oneEvent(wrong, 'login-error');
  expect(detail.code).to.equal('invalid_configuration');
});

it('cancelled out of the page, it stays so when it is put back; refreshed there, it has a fresh code', async () => {
  const element = await show();
  await reach(element, 'ready');
  const parent = element.parentElement!;
  element.remove();
  await nextFrame();
  element.cancel();
  parent.append(element);
  await nextFrame();
  expect(element.state.name).to.equal('cancelled');
  element.refresh();
  await reach(element, 'ready');
  element.remove();
  await nextFrame();
  element.refresh();
  parent.append(element);
  await waitUntil(() => companion.count('create') === 3);
});

it('a text that is missing among the overrides is no reason to stop', async () => {
  const element = await show();
  element.strings = { ready: undefined, renewsIn: undefined } as object;
  await reach(element, 'ready');
  expect(said(element)).to.match(/Scan with WeChat/);
});

it('a page put into the cache lets the stream go; back from it, one look, then the stream', async () => {
  const element = await show();
  await reach(element, 'ready');
  await waitUntil(() => companion.streams === 1);
  dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }));
  await waitUntil(() => companion.streams === 0);
  dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }));
  await waitUntil(() => companion.streams === 1);
  expect(companion.calls.map(({ kind }) => kind)).to.deep.equal(['create', 'stream', 'look', 'stream']);
});

it('online again, it looks at once', async () => {
  const element = await show();
  await reach(element, 'ready');
  await waitUntil(() => companion.streams === 1);
  dispatchEvent(new Event('online'));
  await waitUntil(() => companion.count('look') === 1);
});

it('two elements on a page know nothing of each other', async () => {
  const one = await show();
  const first = companion;
  anotherCompanion();
  const two = await show({ lang: 'zh-CN' });
  await reach(one, 'ready');
  await reach(two, 'ready');
  first.set('authorized');
  await reach(one, 'success');
  expect(two.state.name).to.equal('ready');
});

it('the companion is told the language of the page as it is when the code is asked for', async () => {
  const element = await show({ lang: 'zh-CN' });
  await reach(element, 'ready');
  element.lang = 'en';
  await element.updateComplete;
  element.refresh();
  await waitUntil(() => companion.locales.length === 2);
  expect(companion.locales).to.deep.equal(['zh-CN', 'en']);
});

it('names are text, and an avatar comes by https or not at all', async () => {
  companion.account = { name: '<img src=x onerror=alert(1)>', avatar: 'http://plain.example/a.png' };
  const element = await show();
  await reach(element, 'ready');
  expect(element.shadowRoot!.querySelector('img')).to.equal(null);
  expect(part(element, 'header')!.innerText).to.contain('<img src=x');
});

it('an avatar that does not load leaves no broken picture', async () => {
  companion.account = { name: 'Example', avatar: `https://${location.hostname}:1/none.png` };
  const element = await show();
  await reach(element, 'ready');
  const avatar = element.shadowRoot!.querySelector<HTMLImageElement>('img.avatar')!;
  expect(avatar.referrerPolicy).to.equal('no-referrer');
  await waitUntil(() => getComputedStyle(avatar).display === 'none');
});

it('the code is dark on light, whatever the theme', async () => {
  for (const theme of ['light', 'dark', 'auto']) {
    const element = await show({ theme });
    await reach(element, 'ready');
    const [light, dark] = part(element, 'code')!.querySelectorAll('path');
    expect([getComputedStyle(light!).fill, getComputedStyle(dark!).fill]).to.deep.equal([
      'rgb(255, 255, 255)',
      'rgb(0, 0, 0)',
    ]);
  }
});

it('mistyped attributes do not keep people from signing in', async () => {
  const element = await show({ 'auto-refresh': 'many', theme: 'pink' });
  await reach(element, 'ready');
});

it('the login of the page itself is told its origin', async () => {
  const same = anotherCompanion('unused', `${location.origin}/same-origin-login`);
  const element = await show({ endpoint: '/same-origin-login/' });
  await reach(element, 'ready');
  expect(new URL(same.calls[0]!.url).pathname).to.equal('/same-origin-login/attempts');
});
