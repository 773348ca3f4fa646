// What a site does with the element: listen for one event, and show who it is.
const login = document.getElementById('login');
const signIn = document.getElementById('sign-in');
const account = document.getElementById('account');
const language = document.documentElement.lang;

login.addEventListener('login-success', ({ detail }) => {
  // A real site posts `detail` to its own back end here, which verifies the token and starts its session.
  showAccount(detail);
});

document.getElementById('sign-out').addEventListener('click', () => {
  account.hidden = true;
  signIn.hidden = false;
  login.refresh();
});

function showAccount({ user, tokens }) {
  const heading = document.getElementById('account-heading');
  heading.textContent = user.name ? heading.dataset.named.replace('{name}', () => user.name) : heading.dataset.plain;
  document.getElementById('initial').textContent = [...(user.name || user.sub)][0].toUpperCase();
  const claims = tokens ? decodeClaims(tokens.id_token) : { sub: user.sub };
  document.getElementById('claims').replaceChildren(
    ...Object.entries(claims)
      .filter(([, value]) => value !== null)
      .flatMap(asRow),
  );
  const validFor = document.getElementById('valid-for');
  validFor.textContent = tokens ? validFor.dataset.text.replace('{time}', inWords(tokens.expires_in)) : '';
  signIn.hidden = true;
  account.hidden = false;
  account.focus({ preventScroll: true });
  window.scrollTo(0, 0);
}

/** Seconds as the largest unit that fits twice. */
function inWords(seconds) {
  const [unit, length] = [
    ['day', 86_400],
    ['hour', 3600],
    ['minute', 60],
  ].find(([, one]) => seconds >= 2 * one) ?? ['second', 1];
  const format = { style: 'unit', unit, unitDisplay: 'long', maximumFractionDigits: 0 };
  return new Intl.NumberFormat(language, format).format(seconds / length);
}

/** Decoded, not verified: good for showing, never for deciding. */
function decodeClaims(token) {
  const payload = token.split('.')[1].replaceAll('-', '+').replaceAll('_', '/');
  const bytes = Uint8Array.from(atob(payload), (character) => character.charCodeAt(0));
  return JSON.parse(new TextDecoder().decode(bytes));
}

const TIMES = new Set(['iat', 'exp', 'auth_time', 'updated_at']);

function asRow([claim, value]) {
  const name = document.createElement('dt');
  name.textContent = claim;
  const said = document.createElement('dd');
  if (TIMES.has(claim) && typeof value === 'number') {
    said.textContent = new Date(value * 1000).toLocaleString(language);
  } else {
    said.textContent = typeof value === 'string' ? value : JSON.stringify(value);
  }
  return [name, said];
}
