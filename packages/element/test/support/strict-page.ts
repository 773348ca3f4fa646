// The script of strict-page.html; see content-security-policy.test.ts.
const violations: string[] = [];
document.addEventListener('securitypolicyviolation', ({ violatedDirective, sourceFile, sample }) =>
  violations.push(`${violatedDirective} ${sourceFile} ${sample}`),
);
const { WechatFollowLogin } = await import('../../src/define.ts');
const element = document.createElement('wechat-follow-login');
element.endpoint = new URLSearchParams(location.search).get('endpoint') ?? '';
document.body.append(element);
const tell = () => {
  const card = element.shadowRoot!.querySelector('.card')!;
  const hasStyle = getComputedStyle(card).display === 'flex';
  const hasCode = element.shadowRoot!.querySelector('svg.code') !== null;
  const isDefined = element instanceof WechatFollowLogin;
  parent.postMessage({ violations, hasStyle, hasCode, isDefined, name: element.state.name }, parent.location.origin);
};
element.addEventListener('login-status', () => void element.updateComplete.then(tell));
element.addEventListener('login-success', () => void element.updateComplete.then(tell));
