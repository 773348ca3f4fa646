import { fixture, html, oneEvent, waitUntil } from '@open-wc/testing';
import type jsqrModule from 'jsqr';
import { HttpResponse } from 'msw';
import type { LoginState, WechatFollowLogin } from '../../src/define.ts';
import '../../src/define.ts';
import { setupWorker } from './in-page-worker.ts';
import { MswCompanion } from './msw-companion.ts';

/** An element and its companion, anew for each test. Importing this is enough. */
const worker = setupWorker();
export let companion: MswCompanion;
let last = 0;

/** One more companion takes the place of the first, which goes on. */
export function anotherCompanion(name = `c${++last}`, endpoint?: string): MswCompanion {
  companion = new MswCompanion(name);
  if (endpoint) Object.assign(companion, { endpoint });
  worker.use(...companion.handlers());
  return companion;
}

before(() => worker.start());
after(() => worker.stop());
beforeEach(() => void anotherCompanion());
afterEach(() => worker.resetHandlers());

export const problem = (code: string, status: number, retryable: boolean) => () =>
  HttpResponse.json({ code, status, retryable }, { status });

/** An element that is not in the page yet. */
export function create(attributes: Record<string, string> = {}): WechatFollowLogin {
  const element = document.createElement('wechat-follow-login');
  for (const [name, value] of Object.entries({ endpoint: companion.endpoint, lang: 'en', ...attributes })) {
    element.setAttribute(name, value);
  }
  return element;
}

export async function show(attributes: Record<string, string> = {}, content = ''): Promise<WechatFollowLogin> {
  const element = create(attributes);
  element.innerHTML = content;
  await fixture(html`${element}`);
  return element;
}

export async function reach(element: WechatFollowLogin, name: LoginState['name']): Promise<void> {
  await waitUntil(() => element.state.name === name, `state ${name}, not ${element.state.name}`, { timeout: 4000 });
  await element.updateComplete;
}

export const part = (element: WechatFollowLogin, name: string) =>
  element.shadowRoot!.querySelector<HTMLElement>(`[part="${name}"]`);
export const said = (element: WechatFollowLogin) => part(element, 'status')!.innerText.trim();

/** What an independent decoder reads, dark on light, in a picture of 300 px. */
export async function decode(address: string): Promise<string | undefined> {
  const image = new Image(300, 300);
  image.src = address;
  await image.decode();
  const jsqr = await loadDecoder();
  const canvas = new OffscreenCanvas(300, 300).getContext('2d')!;
  canvas.drawImage(image, 0, 0, 300, 300);
  const { data } = canvas.getImageData(0, 0, 300, 300);
  return jsqr(data, 300, 300, { inversionAttempts: 'dontInvert' })?.data;
}

/** jsqr is no module that a browser could import. */
async function loadDecoder(): Promise<typeof jsqrModule.default> {
  const page = globalThis as unknown as { jsQR?: typeof jsqrModule.default };
  if (!page.jsQR) {
    const script = document.createElement('script');
    script.src = '/node_modules/jsqr/dist/jsQR.js';
    document.head.append(script);
    await oneEvent(script, 'load');
  }
  return page.jsQR!;
}

/** The drawing as a picture. */
export function pictureOf(svg: Element): string {
  const copy = svg.cloneNode(true) as Element;
  copy.setAttribute('width', '300');
  copy.setAttribute('height', '300');
  return `data:image/svg+xml,${encodeURIComponent(new XMLSerializer().serializeToString(copy))}`;
}
