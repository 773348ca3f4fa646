// What the companion inside the page says for each specimen: its answers follow wire.md §2.

/** How the account, and whoever signs in, are called in the language of the one who asks. */
const NAMES = {
  'zh-CN': ['灯叶茶铺', '林晚'],
  'zh-TW': ['燈葉茶舖', '林晚'],
  ja: ['灯葉茶舗', '佐藤 葉月'],
  en: ['Lantern Leaf', 'Alice Lin'],
};

export function namesFor(locale) {
  const [account, user] = NAMES[locale] ?? NAMES.en;
  return { account, user };
}

/** A day: states that a person leaves by going on stay on show without a fresh code in between. */
const LONG = 86_400;

/**
 * - `create`: `never` answers, `unreachable`, or a problem as `[status, code, retryable]`; otherwise an attempt
 * - `life`: seconds the code is shown
 * - `follows`: what the first snapshot after `pending` says
 * - `claim`: `never` leaves the claim without an answer
 * - `number`: what the chat asks for
 */
export const SCRIPTS = {
  idle: {},
  loading: { create: 'never' },
  ready: {},
  scanned: { life: LONG, follows: { status: 'scanned', newFollower: true } },
  confirming: { life: LONG, number: '27', follows: { status: 'confirming' } },
  authorized: { life: LONG, follows: { status: 'authorized' }, claim: 'never' },
  success: { follows: { status: 'authorized' } },
  expired: { follows: { status: 'expired', error: { code: 'attempt_expired', retryable: true } } },
  cancelled: { follows: { status: 'cancelled', error: { code: 'attempt_cancelled', retryable: false } } },
  'step-required': {
    follows: {
      status: 'step_required',
      error: { code: 'step_required', retryable: false, url: 'https://gallery.invalid/one-more-step' },
    },
  },
  network: { create: 'unreachable' },
  busy: { create: [503, 'upstream_unavailable', true] },
  refused: { follows: { status: 'failed', error: { code: 'login_failed', retryable: true } } },
  'ready-wechat': {},
  'ready-phone': {},
  'ready-logo': {},
};
