/**
 * The open points of the two platforms, O1…O36 of the Authing contract and three of WeChat's (W1, W2, W3).
 * The first value is the default. A point with several independent questions has several switches (`O14`, `O14-id-token`).
 */
const TABLE = {
  O1: ['form of qrcodeId', 'prefix', 'whole-ticket', 'random', 'unsafe-chars'],
  O2: ['what url is', 'png-ticket', 'png-random', 'showqrcode', 'text', 'other-cdn', 'no-cors', 'redirect'],
  O3: ['get-qrcode-status', 'present', 'http-404', 'status-code-404'],
  O4: ['body of check-qrcode-status', 'bare', 'enveloped'],
  O5: ['body while pending', 'ticket-null', 'absent', 'extra'],
  O6: ['status of an expired code', 'expired', 'status-null', 'error'],
  O7: ['status of an unknown code', 'error-404', 'status-null', 'expired'],
  O8: ['SCANNED before AUTHORIZED: not at all, 0.8 s, 10 s', 'skipped', 'short', 'long'],
  'O8-cancelled': ['CANCELLED when the person backs out', 'never', 'possible'],
  O9: ['briefUserInfo', 'empty', 'default-nickname', 'full', 'absent'],
  O10: [
    'the login needs another step, and how that shows (none: it needs no step)',
    'none',
    'error',
    'status-null',
    'envelope-1635',
    'envelope-1636',
    'envelope-1640',
    'envelope-1641',
    'envelope-1642',
    'envelope-1666',
    'stays-pending',
  ],
  O11: ['login ticket on repeated polls', 'same', 'once'],
  O12: [
    'login ticket used again (first-answer-lost: spent, and the connection breaks before the answer)',
    'refused',
    'same-answer',
    'first-answer-lost',
  ],
  O13: ['lifetime of the login ticket', '300s', '120s'],
  O14: ['lifetime field of the exchange answer', 'expire-in', 'expires-in', 'neither'],
  'O14-optional': ['scope and refresh_token in it', 'present', 'absent'],
  'O14-token-type': ['token_type in it', 'lower', 'capitalised'],
  'O14-id-token': ['id_token in it', 'hs256', 'rs256', 'absent'],
  O15: ['client authentication the application asks for', 'post', 'basic', 'none'],
  'O15-mismatch': ['answer to the wrong method', 'http-401', 'http-400', 'http-200'],
  'O15-secret-under-none': ['a secret sent though none is configured', 'refused', 'accepted'],
  O16: ['errors for a bogus login ticket and for bad authentication', 'distinguishable', 'identical'],
  O17: ['exchange from a browser, tokens in the status', 'off', 'browser-exchange', 'token-set'],
  O18: ['apiCode in an error', 'number', 'string', 'absent'],
  'O18-legacy': ['older fields code and uniqueId in an error', 'absent', 'added'],
  O19: ['expiry of a code at Authing', '120s', '30s', 'wechat-only'],
  O20: ['rate limiting', 'http-429', 'http-429-retry-after', 'http-200'],
  'O20-quota': ['quotas of status and exchange', 'shared', 'separate'],
  O21: ['V2 check with the id of a V3 code', 'works', 'unknown-2241'],
  O22: ['V2 status 6', 'never', 'as-success'],
  O23: ['events GET with a bad signature', 'http-403', 'http-200-other-body', 'http-500'],
  O24: ['form of a forwarded event', 'json', 'raw', 'both'],
  O25: ['what is checked of a forwarded event', 'aes-only', 'msg-signature', 'msg-signature-fresh'],
  O26: ['a plaintext event', 'refused', 'accepted'],
  O27: ['answer to a forwarded event', 'success', 'empty', 'encrypted-xml', 'json', 'http-500'],
  O28: ['the same event forwarded again', 'no-effect', 'error', 'second-login'],
  O29: ['where context lies in the pipeline', 'context-key', 'request-body-context', 'absent'],
  O30: ['get-wechat-access-token-info needs', 'app-id', 'user-token'],
  O31: ['requests without Origin when origins are listed', 'ignored', 'refused'],
  O32: ['x-real-ip', 'ignored', 'recorded'],
  O33: ['form of a creation error', 'envelope-499', 'envelope-602', 'envelope-404', 'envelope-422', 'html'],
  'O33-cause': [
    'creation of a code fails because of',
    'none',
    'no-connection',
    'connection-disabled',
    'wechat-secret',
    'ip-not-listed',
    'quota-45009',
  ],
  O34: ['V2 path', 'api-v2', 'api'],
  O35: ['exchange sets cookies', 'no', 'yes'],
  O36: ['account authorised through the third-party platform: events go to Authing, never to pushUrl', 'no', 'yes'],
  W1: ['push answered with a status other than 2xx', 'retried', 'given-up'],
  W2: ['timestamp, nonce and signature of a repeated push', 'same', 'anew'],
  W3: ['bizmsgmenuid of a text that a tap on a link sent', 'present', 'zero', 'absent'],
} as const satisfies Record<string, readonly [meaning: string, ...values: [string, ...string[]]]>;

type Row<Name extends SwitchName> = (typeof TABLE)[Name];
type Rest<Tuple extends readonly unknown[]> = Tuple extends readonly [unknown, ...infer Values]
  ? Values[number]
  : never;

export type SwitchName = keyof typeof TABLE;
export type SwitchValue<Name extends SwitchName> = Rest<Row<Name>>;
export type SwitchValues = { [Name in SwitchName]: SwitchValue<Name> };

export interface SwitchInfo {
  name: SwitchName;
  meaning: string;
  value: string;
  /** The first one is the default. */
  values: readonly string[];
}

/** Names every unknown switch and every value that is not offered, with what is. */
export class SwitchError extends TypeError {
  override name = 'SwitchError';
  readonly mistakes: readonly string[];
  constructor(mistakes: readonly string[]) {
    super(mistakes.join('; '));
    this.mistakes = mistakes;
  }
}

const NAMES = Object.keys(TABLE) as SwitchName[];

/** Checks settings as a whole: either all of them hold, or a SwitchError lists all mistakes. */
export function parseSwitches(input: unknown): Partial<SwitchValues> {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    throw new SwitchError(['expected a JSON object such as {"O3":"http-404"}']);
  }
  const mistakes: string[] = [];
  for (const [name, value] of Object.entries(input)) {
    if (!Object.hasOwn(TABLE, name)) {
      mistakes.push(`unknown switch ${JSON.stringify(name)}: expected one of ${NAMES.join(', ')}`);
      continue;
    }
    const [, ...values] = TABLE[name as SwitchName] as readonly [string, ...string[]];
    if (!values.includes(value as string)) {
      mistakes.push(`switch ${name} cannot be ${JSON.stringify(value)}: expected one of ${values.join(', ')}`);
    }
  }
  if (mistakes.length > 0) throw new SwitchError(mistakes);
  return input as Partial<SwitchValues>;
}

const defaults = () => Object.fromEntries(NAMES.map((name) => [name, TABLE[name][1]])) as unknown as SwitchValues;

export interface Switches {
  get<Name extends SwitchName>(name: Name): SwitchValue<Name>;
  /** Throws SwitchError and changes nothing when one of them is wrong. */
  set(values: Partial<SwitchValues>): void;
  all(): SwitchInfo[];
  /** Back to what the sandbox was created with. */
  reset(): void;
}

export function createSwitches(initial: Partial<SwitchValues> = {}): Switches {
  const start = { ...defaults(), ...parseSwitches(initial) };
  let current: SwitchValues = { ...start };
  return {
    get: (name) => current[name],
    set: (values) => {
      current = { ...current, ...parseSwitches(values) };
    },
    all: () =>
      NAMES.map((name) => {
        const [meaning, ...values] = TABLE[name] as readonly [string, ...string[]];
        return { name, meaning, value: current[name], values };
      }),
    reset: () => {
      current = { ...start };
    },
  };
}
