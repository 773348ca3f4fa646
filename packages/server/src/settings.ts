import { DEFAULT_BASE_PATH } from '@wechat-follow-login/protocol';
import { DEFAULT_QR_HOSTS, publicClientRisk, type ClientAuth } from './authing/options.ts';
import { LOG_LEVELS, type LogFormat, type LogLevel } from './log.ts';
import {
  BASE_PATH_SHAPE,
  DELIVERIES,
  isHostName,
  isKey,
  isOrigin,
  isSafeOrigin,
  isWebAddress,
  KEY_FORM,
  TTL_RANGE,
  type CompanionOptions,
} from './options.ts';
import { entriesOf, SECRET_FORM, toKey } from './secrets.ts';
import { isAddressOrCidr } from './trust-proxy.ts';
import { readWechat } from './wechat/settings.ts';

/** Everything that `serve` needs, checked. */
export interface Settings {
  port: number;
  host: string;
  trustProxy: string[];
  logLevel: LogLevel;
  logFormat: LogFormat;
  companion: Omit<CompanionOptions, 'store' | 'log' | 'fetch' | 'clock' | 'random'>;
}

/** One wrong setting: its name and what is expected. Values are left out: they can be secrets. */
export interface SettingsProblem {
  name: string;
  expected: string;
}

/** Thrown with all problems at once, so that an operator needs one round and not ten. */
export class SettingsError extends Error {
  override name = 'SettingsError';
  readonly problems: readonly SettingsProblem[];
  constructor(problems: readonly SettingsProblem[]) {
    super(problems.map(({ name, expected }) => `${name}: ${expected}`).join('\n'));
    this.problems = problems;
  }
}

type Env = Readonly<Record<string, string | undefined>>;

/** Settings of the wire that this version does not serve. Ignoring one would run something else than what was asked for. */
const NOT_YET = ['REDIS_URL', 'NUDGE_SECRET'];

/** Reads the environment as a whole. Throws SettingsError. */
export function readSettings(env: Env): Settings {
  const problems: SettingsProblem[] = [];
  const read = createReader(env, problems);
  const wechat = readWechat(read, isWebAddress);
  const settings: Settings = {
    port: read.wholeNumber('PORT', 8787, 0, 65535),
    host: read.text('HOST', '127.0.0.1'),
    trustProxy: read.list('TRUST_PROXY', 'comma-separated addresses or CIDRs, e.g. 10.0.0.0/8', isAddressOrCidr),
    logLevel: read.oneOf('LOG_LEVEL', 'info', LOG_LEVELS),
    logFormat: read.oneOf('LOG_FORMAT', 'json', ['json', 'text']),
    companion: {
      ...readCompanion(read),
      authing: readAuthing(read),
      ...(wechat ? { wechat } : {}),
    },
  };
  for (const name of NOT_YET) {
    if (read.optional(name) !== undefined)
      problems.push({ name, expected: 'not served by this version: leave it out' });
  }
  if (problems.length > 0) throw new SettingsError(problems);
  return settings;
}

function readCompanion(read: Reader): Omit<Settings['companion'], 'authing' | 'wechat'> {
  const secrets = read.list('COMPANION_SECRETS', SECRET_FORM, (entry) => toKey(entry) !== null);
  const hostedLoginUrl = read.optional('HOSTED_LOGIN_URL', 'an https address', isWebAddress);
  const metricsToken = read.optional('METRICS_TOKEN', KEY_FORM, isKey);
  const account = {
    name: read.optional('ACCOUNT_NAME'),
    avatar: read.optional('ACCOUNT_AVATAR', 'an https address', isWebAddress),
  };
  const delivery = read.oneOf('DELIVERY', 'tokens', DELIVERIES);
  const apiKey = read.optional('API_KEY', KEY_FORM, isKey);
  if (delivery === 'code' && apiKey === undefined) read.fail('API_KEY', `required with DELIVERY=code: ${KEY_FORM}`);
  return {
    allowedOrigins: read.requiredList('ALLOWED_ORIGINS', ORIGINS_FORM, (entry) => entry === 'null' || isOrigin(entry)),
    basePath: read.checked('BASE_PATH', DEFAULT_BASE_PATH, 'a path such as /wechat-login', (text) =>
      BASE_PATH_SHAPE.test(text),
    ),
    attemptTtl: read.wholeNumber('ATTEMPT_TTL', 120, TTL_RANGE.from, TTL_RANGE.to),
    delivery,
    deliverRefreshToken: read.oneOf('DELIVER_REFRESH_TOKEN', 'false', ['false', 'true']) === 'true',
    pollBudget: read.wholeNumber('AUTHING_POLL_BUDGET', 200, 1, 10_000),
    ...(secrets.length > 0 ? { secrets: secrets.map((entry) => toKey(entry) ?? new Uint8Array()) } : {}),
    ...(account.name !== undefined || account.avatar !== undefined ? { account: defined(account) } : {}),
    ...(hostedLoginUrl === undefined ? {} : { hostedLoginUrl }),
    ...(metricsToken === undefined ? {} : { metricsToken }),
    ...(apiKey === undefined ? {} : { apiKey }),
  };
}

const ORIGINS_FORM = 'comma-separated origins of the pages, e.g. https://shop.example, without a slash at the end';

function readAuthing(read: Reader): Settings['companion']['authing'] {
  const clientAuth: ClientAuth = read.oneOf('AUTHING_CLIENT_AUTH', 'post', ['post', 'basic', 'none']);
  const risk = read.optional('AUTHING_ALLOW_PUBLIC_CLIENT', publicClientRisk, (text) => text === publicClientRisk);
  const appSecret =
    clientAuth === 'none' ? read.optional('AUTHING_APP_SECRET') : read.required('AUTHING_APP_SECRET', 'the app secret');
  if (clientAuth === 'none' && risk !== publicClientRisk) {
    read.fail(
      'AUTHING_CLIENT_AUTH',
      `post or basic; none only together with AUTHING_ALLOW_PUBLIC_CLIENT=${publicClientRisk}`,
    );
  }
  const connectionId = read.optional('AUTHING_CONNECTION_ID');
  const qrHosts = read.list('AUTHING_QR_HOSTS', 'comma-separated host names in lower case, without ports', isHostName);
  return {
    appHost: read.required(
      'AUTHING_APP_HOST',
      'an origin such as https://app.authing.cn (http on loopback only)',
      isSafeOrigin,
    ),
    appId: read.required('AUTHING_APP_ID', 'the app id'),
    clientAuth,
    qrHosts: qrHosts.length > 0 ? qrHosts : [...DEFAULT_QR_HOSTS],
    ...(appSecret === undefined ? {} : { appSecret }),
    ...(connectionId === undefined ? {} : { connectionId }),
    ...(risk === publicClientRisk ? { allowPublicClient: publicClientRisk } : {}),
  };
}

export type Reader = ReturnType<typeof createReader>;

/** Each reading notes its problem and answers something harmless, so that all are found in one go. */
function createReader(env: Env, problems: SettingsProblem[]) {
  const fail = (name: string, expected: string): void => void problems.push({ name, expected });
  /** An empty variable counts as not set: that is how compose files leave one out. */
  const optional = (
    name: string,
    expected = 'text',
    isValid: (text: string) => boolean = () => true,
  ): string | undefined => {
    const text = env[name]?.trim();
    if (text === undefined || text === '') return undefined;
    if (!isValid(text)) fail(name, expected);
    return text;
  };
  const required = (name: string, expected: string, isValid?: (text: string) => boolean): string => {
    const text = optional(name, expected, isValid);
    if (text === undefined) fail(name, `required: ${expected}`);
    return text ?? '';
  };
  const list = (name: string, expected: string, isValid: (entry: string) => boolean): string[] => {
    const entries = entriesOf(optional(name) ?? '');
    if (!entries.every(isValid) || (entries.length === 0 && optional(name) !== undefined)) fail(name, expected);
    return entries;
  };
  return {
    fail,
    optional,
    required,
    list,
    text: (name: string, fallback: string) => optional(name) ?? fallback,
    checked: (name: string, fallback: string, expected: string, isValid: (text: string) => boolean) =>
      optional(name, expected, isValid) ?? fallback,
    requiredList(name: string, expected: string, isValid: (entry: string) => boolean): string[] {
      const entries = list(name, expected, isValid);
      if (entries.length === 0) fail(name, `required: ${expected}`);
      return entries;
    },
    oneOf<const T extends string>(name: string, fallback: T, allowed: readonly T[]): T {
      const text = optional(name) ?? fallback;
      const found = allowed.find((value) => value === text);
      if (found === undefined) fail(name, `one of ${allowed.join(', ')}`);
      return found ?? fallback;
    },
    wholeNumber(name: string, fallback: number, from: number, to: number): number {
      const isValid = (text: string): boolean => /^\d{1,9}$/.test(text) && Number(text) >= from && Number(text) <= to;
      const text = optional(name, `a whole number from ${from} to ${to}`, isValid);
      return text === undefined || !isValid(text) ? fallback : Number(text);
    },
  };
}

function defined<T extends object>(object: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as never;
}
