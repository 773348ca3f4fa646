import { expect, waitUntil } from '@open-wc/testing';
import { HttpResponse } from 'msw';
import type * as ReactTypes from 'react';
import type * as ReactDomTypes from 'react-dom/client';
import type * as ReactServerTypes from 'react-dom/server';
import type { LoginState } from '../src/index.ts';
import type * as WrapperTypes from '../src/react.ts';
import { setupWorker } from './support/in-page-worker.ts';
import { MswCompanion, RESULT } from './support/msw-companion.ts';

type Props = WrapperTypes.WechatFollowLoginProps;
type Element = WrapperTypes.LoginElement;

interface Flavour {
  react: typeof ReactTypes;
  dom: typeof ReactDomTypes;
  server: typeof ReactServerTypes;
  wrapper: typeof WrapperTypes;
}

/** tools/wtr-react.mjs serves both Reacts, and the wrapper once for each. */
async function load(version: string): Promise<Flavour> {
  const from = (address: string): Promise<unknown> => import(address);
  return {
    react: (await from(`/react-${version}/react.js`)) as typeof ReactTypes,
    dom: (await from(`/react-${version}/react-dom/client.js`)) as typeof ReactDomTypes,
    server: (await from(`/react-${version}/react-dom/server.browser.js`)) as typeof ReactServerTypes,
    wrapper: (await from(`/packages/element/src/react.ts?react=${version}`)) as typeof WrapperTypes,
  };
}

const worker = setupWorker();
let companion: MswCompanion;
let last = 0;
let place: HTMLElement;
let unmount: () => void = () => {};

before(() => worker.start());
after(() => worker.stop());
beforeEach(() => {
  companion = new MswCompanion(`react${++last}`);
  worker.use(...companion.handlers());
  place = document.body.appendChild(document.createElement('div'));
});
afterEach(() => {
  unmount();
  unmount = () => {};
  place.remove();
  worker.resetHandlers();
});

const tag = (): Element => place.querySelector('wechat-follow-login') as unknown as Element;
const reach = (name: LoginState['name']) =>
  waitUntil(() => tag()?.state?.name === name, `state ${name}, not ${tag()?.state?.name}`, { timeout: 4000 });

it('the tag is registered by the first component that is mounted, not by the import', async () => {
  const { react, dom, wrapper } = await load('19');
  expect(customElements.get('wechat-follow-login')).to.equal(undefined);
  const root = dom.createRoot(place);
  unmount = () => root.unmount();
  root.render(react.createElement(wrapper.WechatFollowLogin, { endpoint: companion.endpoint }));
  await reach('ready');
});

for (const version of ['18', '19']) {
  describe(`React ${version}`, () => {
    let flavour: Flavour;
    before(async () => {
      flavour = await load(version);
      expect(flavour.react.version.split('.')[0]).to.equal(version);
    });

    function show(props: Partial<Props>, strict = false): (next: Partial<Props>) => void {
      const { react, dom, wrapper } = flavour;
      const root = dom.createRoot(place);
      unmount = () => root.unmount();
      const render = (one: Partial<Props>): void => {
        const login = react.createElement(wrapper.WechatFollowLogin, { endpoint: companion.endpoint, ...one });
        root.render(strict ? react.createElement(react.StrictMode, null, login) : login);
      };
      render(props);
      return render;
    }

    it('props become the properties and attributes of the element, and what is left out its defaults', async () => {
      const strings = { ready: 'Scan me' };
      const render = show({
        theme: 'dark',
        autoRefresh: 7,
        heading: 'Welcome',
        manual: true,
        lang: 'zh-CN',
        strings,
        id: 'login',
        className: 'wide',
        style: { maxWidth: 300 },
        children: 'Terms',
      });
      await reach('idle');
      const element = tag();
      expect(element.endpoint).to.equal(companion.endpoint);
      expect([element.theme, element.autoRefresh, element.heading, element.manual]).to.eql([
        'dark',
        7,
        'Welcome',
        true,
      ]);
      expect(element.strings).to.equal(strings);
      expect([element.id, element.className, element.style.maxWidth, element.lang]).to.eql([
        'login',
        'wide',
        '300px',
        'zh-CN',
      ]);
      expect(element.textContent).to.equal('Terms');
      render({});
      await waitUntil(() => element.theme === 'auto');
      expect(tag()).to.equal(element);
      expect([element.autoRefresh, element.heading, element.manual, element.hasAttribute('lang')]).to.eql([
        3,
        '',
        false,
        false,
      ]);
      expect(element.strings).to.eql({});
    });

    it('every event reaches its handler as the typed event', async () => {
      const heard: [string, unknown][] = [];
      const hear = (name: string) => (event: CustomEvent<unknown>) => heard.push([name, event.detail]);
      show({
        onLoginStatus: hear('status'),
        onLoginScan: hear('scan'),
        onLoginSuccess: hear('success'),
        onLoginError: hear('error'),
        onLoginExpire: hear('expire'),
        onLoginStepRequired: hear('step'),
      });
      await reach('ready');
      companion.set('scanned', { newFollower: true });
      await reach('scanned');
      companion.set('authorized');
      await reach('success');
      const names = heard.map(([name]) => name);
      expect(names.filter((name) => name !== 'status')).to.eql(['scan', 'success']);
      expect(names).to.include('status');
      expect(heard.find(([name]) => name === 'success')![1]).to.eql(RESULT);
      for (const name of ['login-expire', 'login-step-required', 'login-error'])
        tag().dispatchEvent(new CustomEvent(name, { detail: null }));
      expect(heard.slice(-3).map(([name]) => name)).to.eql(['expire', 'step', 'error']);
    });

    it('another handler at every render costs no code, and the newest one hears the success', async () => {
      const heard: number[] = [];
      const render = show({ onLoginSuccess: () => heard.push(0) });
      await reach('ready');
      const element = tag();
      for (let i = 1; i <= 5; i++) {
        render({ onLoginSuccess: () => heard.push(i), heading: `Take ${i}` });
        await waitUntil(() => element.heading === `Take ${i}`);
      }
      companion.set('authorized');
      await reach('success');
      expect(heard).to.eql([5]);
      expect(tag()).to.equal(element);
      expect(companion.count('create')).to.equal(1);
      expect(companion.count('stream')).to.equal(1);
    });

    it('an error at the very first update is heard: nothing is told before somebody listens', async () => {
      const errors: string[] = [];
      show({ endpoint: 'no address', onLoginError: ({ detail }) => errors.push(detail.code) });
      await reach('error');
      expect(errors).to.eql(['invalid_configuration']);
    });

    it('StrictMode mounts twice and makes one attempt and one success', async () => {
      const successes: unknown[] = [];
      const elements: (Element | null)[] = [];
      show(
        {
          onLoginSuccess: ({ detail }) => successes.push(detail),
          ref: (one: Element | null) => void elements.push(one),
        } as Partial<Props>,
        true,
      );
      await reach('ready');
      companion.set('authorized');
      await reach('success');
      expect(companion.count('create')).to.equal(1);
      expect(companion.count('remove')).to.equal(0);
      expect(successes).to.have.length(1);
      expect(elements.at(-1)).to.equal(tag());
    });

    it('a ref holds the element, and nothing once it is gone', async () => {
      const { react } = flavour;
      const ref = react.createRef<Element>();
      show({ ref, manual: true } as Partial<Props>);
      await reach('idle');
      expect(ref.current).to.equal(tag());
      ref.current!.start();
      await reach('ready');
      unmount();
      unmount = () => {};
      await waitUntil(() => ref.current === null);
      await waitUntil(() => companion.streams === 0);
    });

    it('another endpoint starts anew, with the same element', async () => {
      const render = show({});
      await reach('ready');
      const element = tag();
      const other = new MswCompanion(`react${++last}`);
      worker.use(...other.handlers());
      render({ endpoint: other.endpoint });
      await waitUntil(() => other.count('create') === 1);
      expect(tag()).to.equal(element);
      expect(companion.count('create')).to.equal(1);
    });

    it('what a server has rendered is taken over, and begins only once somebody listens', async () => {
      const { react, dom, server, wrapper } = flavour;
      const mismatches: unknown[] = [];
      const errors: string[] = [];
      const statuses: string[] = [];
      const login = react.createElement(wrapper.WechatFollowLogin, {
        endpoint: companion.endpoint,
        className: 'wide',
        lang: 'en',
        theme: 'dark',
        children: 'Terms',
        onLoginError: ({ detail }: { detail: { code: string } }) => errors.push(detail.code),
        onLoginStatus: ({ detail }: { detail: { status: string } }) => statuses.push(detail.status),
      });
      place.innerHTML = server.renderToString(login);
      const element = tag();
      await element.updateComplete; // registered by the tests before: alive before React is
      expect(element.state.name).to.equal('idle');
      expect(companion.count('create')).to.equal(0);
      const complaint = console.error;
      console.error = (...words: unknown[]) => mismatches.push(words);
      const root = dom.hydrateRoot(place, login, { onRecoverableError: (error) => mismatches.push(error) });
      unmount = () => root.unmount();
      try {
        await reach('ready');
      } finally {
        console.error = complaint;
      }
      expect(tag()).to.equal(element);
      expect(element.hasAttribute('manual')).to.equal(false);
      expect(mismatches).to.eql([]);
      expect(errors).to.eql([]);
      await waitUntil(() => statuses.includes('pending'));
      expect(companion.count('create')).to.equal(1);
    });

    it('a success while the tree is hidden is heard all the same', async () => {
      const { react, dom, wrapper } = flavour;
      const successes: unknown[] = [];
      let suspend: ((hidden: boolean) => void) | undefined;
      const never = new Promise<never>(() => {});
      function Maybe(): null {
        const [hidden, setHidden] = react.useState(false);
        suspend = setHidden;
        if (hidden) throw never; // how React 18 suspends; React 19 still takes it
        return null;
      }
      const root = dom.createRoot(place);
      unmount = () => root.unmount();
      root.render(
        react.createElement(
          react.Suspense,
          { fallback: 'wait' },
          react.createElement(wrapper.WechatFollowLogin, {
            endpoint: companion.endpoint,
            onLoginSuccess: ({ detail }) => successes.push(detail),
          }),
          react.createElement(Maybe),
        ),
      );
      await reach('ready');
      suspend!(true);
      await waitUntil(() => place.textContent.includes('wait'));
      companion.set('authorized');
      await waitUntil(() => successes.length === 1);
      expect(successes).to.eql([RESULT]);
    });
  });
}

it('a companion that fails is told to React, too', async () => {
  const { react, dom, wrapper } = await load('19');
  companion.create = () =>
    HttpResponse.json({ code: 'upstream_unavailable', status: 503, retryable: true }, { status: 503 });
  const codes: string[] = [];
  const root = dom.createRoot(place);
  unmount = () => root.unmount();
  root.render(
    react.createElement(wrapper.WechatFollowLogin, {
      endpoint: companion.endpoint,
      onLoginError: ({ detail }) => codes.push(detail.code),
    }),
  );
  await reach('error');
  expect(codes).to.eql(['upstream_unavailable']);
});
