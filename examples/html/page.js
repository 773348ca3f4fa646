const login = document.querySelector('wechat-follow-login');
const welcome = document.querySelector('#welcome');

login.addEventListener('login-success', ({ detail }) => {
  // detail.tokens.id_token goes to your back end, which verifies it and starts your session.
  document.querySelector('#name').textContent = detail.user.name ?? detail.user.sub;
  login.hidden = true;
  welcome.hidden = false;
});

document.querySelector('#sign-out').addEventListener('click', () => {
  welcome.hidden = true;
  login.hidden = false;
  login.refresh();
});
