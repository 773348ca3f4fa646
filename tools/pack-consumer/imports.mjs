// Every entry can be imported in Node: a page rendered on a server imports the element's too.
const expected = {
  'wechat-follow-login': ['WechatFollowLogin', 'LoginFlow'],
  'wechat-follow-login/flow': ['LoginFlow'],
  '@wechat-follow-login/server': ['createCompanion', 'readLogin'],
  '@wechat-follow-login/server/node': ['createNodeServer'],
  '@wechat-follow-login/sandbox': ['createSandbox'],
  '@wechat-follow-login/sandbox/node': ['serveSandbox'],
};
for (const [entry, names] of Object.entries(expected)) {
  const module = await import(entry);
  for (const name of names) {
    if (typeof module[name] !== 'function') throw new Error(`${entry} does not export ${name}`);
  }
}

// As a server renders it, without a DOM.
const { createElement } = await import('react');
const { renderToString } = await import('react-dom/server');
const { WechatFollowLogin } = await import('wechat-follow-login/react');
const html = renderToString(createElement(WechatFollowLogin, { endpoint: '/wechat-login' }));
if (!/^<wechat-follow-login [^>]*endpoint="\/wechat-login"/.test(html))
  throw new Error(`rendered on a server: ${html}`);
