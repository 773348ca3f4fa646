// A page's code against the packed element. The line after a `wrong:` must be refused by the type checker.
import { LoginFlow } from 'wechat-follow-login/flow';
import type { WechatFollowLogin } from 'wechat-follow-login';
import 'wechat-follow-login/define';

const element: WechatFollowLogin = document.createElement('wechat-follow-login');
element.endpoint = 'https://login.example.com/wechat-login';
element.addEventListener('login-success', (event) => {
  const subject: string = event.detail.user.sub;
  // wrong: a detail that lost its types would be `any`
  const nothing: string = event.detail.noSuchField;
  console.log(subject, nothing);
});
// wrong: the endpoint is a string
element.endpoint = 42;

const flow = new LoginFlow({ endpoint: 'https://login.example.com/wechat-login' });
const stop: () => void = flow.on('state', (state) => {
  const name: string = state.name;
  // wrong: there is no such state
  if (state.name === 'no-such-state') console.log(name);
});
stop();
