// One element on show: how it is made so that it comes into its state, by its public API alone.
import { COMPANION } from './companion.js';

const PHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148';

/** Where more is needed than the companion's script of the same name. */
const SPECIMENS = {
  idle: { manual: true },
  // Nobody waits so long: an answer that is not there after 20 s counts as none.
  loading: { startsAnew: 15 },
  // A result that cannot be claimed is given up after 180 s.
  authorized: { startsAnew: 150 },
  expired: { autoRefresh: 0 },
  invalid: { endpoint: 'login.example.com' },
  'ready-wechat': { userAgent: `${PHONE} MicroMessenger/8.0.60` },
  'ready-phone': { userAgent: `${PHONE} Version/18.5 Safari/604.1` },
  'ready-logo': { logos: true },
};

/** Codes that come by themselves: the page may stay open for a day. */
const RENEWALS = 1000;

/**
 * The element keeps connections down among all tabs of an origin by locks. Here there are no connections, and held locks
 * would only make the shop in the next tab look more seldom. A browser without locks is one of those it copes with.
 */
export function takeNoSeats() {
  Object.defineProperty(navigator, 'locks', { configurable: true, value: undefined });
}

export function createSpecimen(name, language) {
  const { manual = false, autoRefresh = RENEWALS, endpoint, userAgent, logos, startsAnew } = SPECIMENS[name] ?? {};
  const element = seenBy(userAgent, () => document.createElement('wechat-follow-login'));
  element.lang = language;
  element.manual = manual;
  element.autoRefresh = autoRefresh;
  element.endpoint = endpoint ?? `${COMPANION}/${name}`;
  if (logos) element.append(leafIn('logo'), leafIn('code-logo'));
  if (startsAnew) {
    const timer = setInterval(() => {
      if (element.isConnected) element.refresh();
      else clearInterval(timer);
    }, startsAnew * 1000);
  }
  return element;
}

/** The element looks once, when it is made, at what browser this is. */
function seenBy(userAgent, make) {
  if (!userAgent) return make();
  Object.defineProperty(navigator, 'userAgent', { configurable: true, value: userAgent });
  try {
    return make();
  } finally {
    delete navigator.userAgent; // the prototype's shows again
  }
}

function leafIn(slot) {
  const leaf = document.createElement('img');
  leaf.src = '/leaf.svg';
  leaf.alt = '';
  leaf.slot = slot;
  return leaf;
}
