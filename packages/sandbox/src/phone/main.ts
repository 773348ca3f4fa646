import type { PhoneView } from '../wechat/phone.ts';
import { act, listUsers, resetPeople, viewOf } from './api.ts';
import { createCamera } from './camera.ts';
import { showChat } from './chat.ts';
import type { OnTap } from './chat.ts';
import type { Strings } from './strings.ts';
import { pickLanguage, stringsOf } from './strings.ts';

/** Replies of the account may come seconds after the scan. */
const CHAT_EVERY_MS = 500;
const NEW_PHONE = '+';

function byId<Kind extends HTMLElement>(id: string, kind: new () => Kind): Kind {
  const element = document.getElementById(id);
  if (!(element instanceof kind)) throw new TypeError(`the page has no #${id}`);
  return element;
}

const query = new URLSearchParams(location.search);
const language = pickLanguage(query.get('lang'), navigator.language);
const strings = stringsOf(language);

const phone = byId('phone', HTMLElement);
const title = byId('title', HTMLElement);
const users = byId('user', HTMLSelectElement);
const lines = byId('lines', HTMLElement);
const problem = byId('problem', HTMLElement);
const qrText = byId('qr-text', HTMLInputElement);
const sayText = byId('say-text', HTMLInputElement);

let user = query.get('user') ?? 'alice';
let shown = 'camera';

function translate(): void {
  document.documentElement.lang = language;
  for (const element of document.querySelectorAll<HTMLElement>('[data-text]')) {
    element.textContent = strings[element.dataset['text'] as keyof Strings];
  }
  for (const element of document.querySelectorAll<HTMLElement>('[data-label]')) {
    element.setAttribute('aria-label', strings[element.dataset['label'] as keyof Strings]);
  }
  byId('time', HTMLElement).textContent = new Date().toLocaleTimeString(language, {
    hour: 'numeric',
    minute: '2-digit',
  });
}

const titleOf = ({ screen, account }: PhoneView): string => {
  switch (screen) {
    case 'camera':
      return strings.title;
    case 'expired':
      return strings.expiredTitle;
    case 'not-found':
      return strings.notFoundTitle;
    default:
      return account.name;
  }
};

function show(view: PhoneView): void {
  if (view.user.name !== user) return;
  const screen = view.screen === 'expired' || view.screen === 'not-found' ? 'problem' : view.screen;
  const moved = shown !== screen;
  shown = screen;
  phone.dataset['screen'] = screen;
  title.textContent = titleOf(view);
  for (const name of ['camera', 'profile', 'chat', 'problem']) {
    byId(`screen-${name}`, HTMLElement).hidden = name !== screen;
  }
  byId('account-name', HTMLElement).textContent = view.account.name;
  if (screen === 'problem') problem.textContent = strings[view.screen as 'expired' | 'not-found'];
  showChat(lines, view.chat, strings, tap);
  if (!moved) return;
  if (screen === 'camera') camera.rest();
  // A keyboard or a screen reader goes on where the new screen begins.
  if (document.hasFocus()) title.focus({ preventScroll: true });
}

async function perform(step: () => Promise<PhoneView>): Promise<void> {
  try {
    show(await step());
    await showUsers();
  } catch {
    byId('camera-status', HTMLElement).textContent = strings.offline;
  }
}

async function showUsers(): Promise<void> {
  const known = await listUsers();
  if (!known.some(({ name }) => name === user)) known.push({ name: user, nickname: user, follower: false });
  const options = known.map(({ name, nickname, follower }) => {
    const label = `${nickname} · ${follower ? strings.follower : strings.stranger}`;
    return new Option(label, name, false, name === user);
  });
  users.replaceChildren(...options, new Option(`＋ ${strings.newPhone}`, NEW_PHONE));
}

const tap: OnTap = (text, menuId) => void perform(() => act('say', { user, text, ...(menuId !== null && { menuId }) }));

const scanText = (text: string) => perform(() => act('scan', { user, text }));

translate();
const camera = createCamera(
  {
    finder: byId('finder', HTMLElement),
    view: byId('view', HTMLCanvasElement),
    status: byId('camera-status', HTMLElement),
    scan: byId('scan', HTMLButtonElement),
    capture: byId('capture', HTMLButtonElement),
    picture: byId('picture', HTMLInputElement),
  },
  strings,
  () => shown === 'camera',
  (text) => void scanText(text),
);

const onClick = (id: string, run: () => Promise<void>) =>
  byId(id, HTMLButtonElement).addEventListener('click', () => void run());
const backToCamera = () => perform(() => act('cancel', { user }));
onClick('back', backToCamera);
onClick('again', backToCamera);
onClick('follow', () => perform(() => act('follow', { user })));
onClick('unfollow', () => perform(() => act('unfollow', { user })));
onClick('reset', () =>
  perform(async () => {
    await resetPeople();
    lines.replaceChildren();
    return viewOf(user);
  }),
);

byId('entry', HTMLFormElement).addEventListener('submit', (event) => {
  event.preventDefault();
  const text = qrText.value.trim();
  if (text === '') return;
  qrText.value = '';
  void scanText(text);
});
byId('say-form', HTMLFormElement).addEventListener('submit', (event) => {
  event.preventDefault();
  const text = sayText.value.trim();
  if (text === '') return;
  sayText.value = '';
  void perform(() => act('say', { user, text }));
});
users.addEventListener('change', () => {
  user = users.value === NEW_PHONE ? `phone-${crypto.randomUUID().slice(0, 4)}` : users.value;
  lines.replaceChildren();
  void perform(() => viewOf(user));
});

setInterval(() => {
  if (shown === 'chat' && !document.hidden) void viewOf(user).then(show, () => {});
}, CHAT_EVERY_MS);

void perform(() => viewOf(user));
