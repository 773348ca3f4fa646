// Every entry can be imported in Node: a page rendered on a server imports the element's too.
const expected = {
  'wechat-follow-login': ['WechatFollowLogin', 'LoginFlow'],
  'wechat-follow-login/flow': ['LoginFlow'],
  '@wechat-follow-login/server': ['createCompanion'],
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
