import assert from 'node:assert/strict';
import test from 'node:test';
import { createElement } from 'react';
import { renderToString } from 'react-dom/server';
import { WechatFollowLogin } from '../../src/react.ts';

test('on a server the component is an unregistered tag with its address and its children, and nothing is touched', () => {
  const html = renderToString(
    createElement(
      WechatFollowLogin,
      {
        endpoint: '/wechat-login',
        className: 'wide',
        id: 'login',
        lang: 'en',
        theme: 'dark',
        onLoginSuccess: () => {},
      },
      createElement('p', { slot: 'footer' }, 'Terms & <conditions>'),
    ),
  );
  assert.match(
    html,
    /^<wechat-follow-login [^>]*><p slot="footer">Terms &amp; &lt;conditions&gt;<\/p><\/wechat-follow-login>$/,
  );
  assert.match(html, / endpoint="\/wechat-login"/);
  assert.match(html, / class="wide"/);
  assert.match(html, / id="login"/);
  assert.match(html, / lang="en"/);
  assert.match(html, / manual=""/); // nothing begins before React listens
  assert.equal(typeof document, 'undefined');
});

test('what a page on a server imports registers nothing', async () => {
  await import('../../src/index.ts');
  // Lit brings a registry of its own to a server.
  const { customElements } = globalThis as { customElements?: CustomElementRegistry };
  assert.equal(customElements?.get('wechat-follow-login'), undefined);
});
