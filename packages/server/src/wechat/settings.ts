import type { Reader } from '../settings.ts';
import { isEncodingAESKey } from './crypto.ts';
import {
  DEFAULT_MAX_SKEW,
  isChatText,
  isOwnerUrl,
  isPlainAddress,
  isSameAddress,
  MAX_SKEW,
  TEXT_FORM,
  TOKEN_SHAPE,
  type WechatOptions,
} from './options.ts';

/** The settings that make Mode 2; a key may be missing where pushes are plaintext. */
const SET = ['WECHAT_APP_ID', 'WECHAT_TOKEN', 'WECHAT_ENCODING_AES_KEY', 'AUTHING_EVENTS_URL'];
/** Those that mean nothing without it, unless they say what holds anyway. */
const MORE: Readonly<Record<string, string | null>> = {
  WECHAT_PREVIOUS_ENCODING_AES_KEY: null,
  WECHAT_PLAINTEXT: 'false',
  WECHAT_MAX_SKEW: '300',
  WECHAT_OWNER_URL: null,
  WECHAT_WELCOME_TEXT: null,
  WECHAT_LOGIN_TEXT: null,
  WECHAT_CONFIRM: 'off',
  AUTHING_FORWARD: 'scans',
  AUTHING_FORWARD_FORMAT: 'json',
};
const KEY_FORM = '43 letters and digits, as in the EncodingAESKey of the server configuration';

/** Null without Mode 2. A part of it is a mistake that is named, and never a companion that runs in Mode 1 unnoticed. */
export function readWechat(read: Reader, isSafeUrl: (text: string) => boolean): WechatOptions | null {
  const isSet = (name: string): boolean => read.optional(name) !== undefined;
  const meansMode2 = [...SET, ...Object.keys(MORE)].find((name) => isSet(name) && read.optional(name) !== MORE[name]);
  if (meansMode2 === undefined) return null;
  const plaintext = read.oneOf('WECHAT_PLAINTEXT', 'false', ['false', 'true']) === 'true';
  const isKey = (text: string): boolean => isEncodingAESKey(text);
  const together = `required in Mode 2, which ${meansMode2} belongs to`;
  const appId = read.optional('WECHAT_APP_ID', "the account's AppID, letters and digits", (text) =>
    /^[A-Za-z0-9]{1,64}$/.test(text),
  );
  const token = read.optional('WECHAT_TOKEN', '3 to 32 letters and digits, as in the server configuration', (text) =>
    TOKEN_SHAPE.test(text),
  );
  const isEventsUrl = (text: string): boolean => isSafeUrl(text) && isPlainAddress(text);
  const eventsUrl = read.optional('AUTHING_EVENTS_URL', EVENTS_FORM, isEventsUrl);
  const encodingAESKey = read.optional('WECHAT_ENCODING_AES_KEY', KEY_FORM, isKey);
  const previousEncodingAESKey = read.optional('WECHAT_PREVIOUS_ENCODING_AES_KEY', KEY_FORM, isKey);
  for (const name of SET) {
    if (!isSet(name) && !(plaintext && name === 'WECHAT_ENCODING_AES_KEY')) read.fail(name, together);
  }
  if (plaintext && (encodingAESKey !== undefined || previousEncodingAESKey !== undefined)) {
    read.fail('WECHAT_PLAINTEXT', 'false, or no WECHAT_ENCODING_AES_KEY and no WECHAT_PREVIOUS_ENCODING_AES_KEY');
  }
  const confirm = read.oneOf('WECHAT_CONFIRM', 'off', ['off', 'number']);
  const forward = isSet('AUTHING_FORWARD') ? read.oneOf('AUTHING_FORWARD', 'scans', ['scans', 'known']) : undefined;
  if (confirm === 'number' && forward === 'scans') {
    read.fail(
      'AUTHING_FORWARD',
      'known, or left out, with WECHAT_CONFIRM: a code made elsewhere must not slip past it',
    );
  }
  const ownerUrl = read.optional('WECHAT_OWNER_URL', 'an http or https address', isOwnerUrl);
  if (ownerUrl !== undefined && isSameAddress(ownerUrl, eventsUrl ?? '')) {
    read.fail(
      'WECHAT_OWNER_URL',
      'another address than AUTHING_EVENTS_URL: scans would reach Authing past the companion',
    );
  }
  const welcomeText = read.optional('WECHAT_WELCOME_TEXT', TEXT_FORM, isChatText);
  const loginText = read.optional('WECHAT_LOGIN_TEXT', TEXT_FORM, isChatText);
  return {
    appId: appId ?? '',
    token: token ?? '',
    eventsUrl: eventsUrl ?? '',
    maxSkew: read.wholeNumber('WECHAT_MAX_SKEW', DEFAULT_MAX_SKEW, MAX_SKEW.from, MAX_SKEW.to),
    forwardFormat: read.oneOf('AUTHING_FORWARD_FORMAT', 'json', ['json', 'raw']),
    ...(plaintext ? { plaintext } : {}),
    ...(encodingAESKey === undefined ? {} : { encodingAESKey }),
    ...(previousEncodingAESKey === undefined ? {} : { previousEncodingAESKey }),
    ...(forward === undefined ? {} : { forward }),
    ...(confirm === 'number' ? { confirm } : {}),
    ...(ownerUrl === undefined ? {} : { ownerUrl }),
    ...(welcomeText === undefined ? {} : { welcomeText }),
    ...(loginText === undefined ? {} : { loginText }),
  };
}

const EVENTS_FORM =
  'an https address such as https://core.authing.cn/connections/social/<identifier>/<pool>/events (http on loopback only)';
