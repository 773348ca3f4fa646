import type { Clock, Log } from '../ports.ts';
import { CryptoError, decrypt, keyOf } from './crypto.ts';
import { identityOf, readPush, type Push } from './push.ts';
import type { ReplySeal } from './reply.ts';
import { signatureFits } from './signature.ts';
import { MAX_XML_CHARS, parseXml, type XmlElement } from './xml.ts';

/** One authentic and fresh delivery of a push. */
export interface Delivery {
  push: Push;
  /** The same for every delivery of one push. */
  id: string;
  /** Null where pushes are plaintext. */
  seal: ReplySeal | null;
  /** As it came, for those it is handed on to. */
  raw: { body: Uint8Array; search: string; contentType: string };
  /** The request's own document; in compatible mode its fields beside `Encrypt` are nobody's word. */
  envelope: XmlElement;
}

export interface Request {
  query: URLSearchParams;
  /** The query as it came, without `?`. */
  search: string;
  contentType: string;
}

/** Who may speak for WeChat. Every "no" is a null, whatever its cause. */
export interface Receiver {
  /** The echostr of an authentic URL verification. */
  verifyUrl(query: URLSearchParams): string | null;
  open(request: Request, body: Uint8Array): Delivery | null;
}

/** Bytes; real pushes stay below 4 kB. */
export const MAX_PUSH_BYTES = MAX_XML_CHARS;
const TIMESTAMP = /^\d{10}$/;
const NONCE = /^[0-9A-Za-z]{1,64}$/;
const ECHOSTR = /^[0-9A-Za-z+/=_-]{1,128}$/;
/** Each may occur once: readers disagree on which of two counts. */
const KNOWN_PARAMETERS = ['signature', 'msg_signature', 'timestamp', 'nonce', 'encrypt_type', 'openid', 'echostr'];
const SAY_AGAIN_AFTER = 60_000;
const CHOOSE_XML = "a push came as JSON: choose XML as the data format (数据格式) of WeChat's pushes";

export function createReceiver(
  settings: {
    token: string;
    appId: string;
    /** Current first, then the previous one. Empty: plaintext pushes. */
    encodingAESKeys: readonly string[];
    /** Seconds. */
    maxSkew: number;
  },
  { clock, log }: { clock: Clock; log: Log },
): Receiver {
  const { token, appId, maxSkew } = settings;
  const keys = settings.encodingAESKeys.map(keyOf);
  const isSecure = keys.length > 0;
  const said = new Map<string, number>();

  const isFresh = (seconds: number): boolean => Math.abs(clock.now() / 1000 - seconds) <= maxSkew;

  /** Shape first: without it the signature says nothing (digits move between timestamp and nonce). */
  const readQuery = (query: URLSearchParams): ((name: string) => string) | null => {
    if (KNOWN_PARAMETERS.some((name) => query.getAll(name).length > 1)) return null;
    const text = (name: string): string => query.get(name) ?? '';
    return TIMESTAMP.test(text('timestamp')) && NONCE.test(text('nonce')) ? text : null;
  };

  /** What an operator has to know, once a minute: a setting that is wrong refuses every push, and WeChat says nothing. */
  const saySeldom = (event: string, cause: string): null => {
    const now = clock.monotonic();
    if (now - (said.get(event) ?? Number.NEGATIVE_INFINITY) >= SAY_AGAIN_AFTER) {
      said.set(event, now);
      log.warn(event, { cause });
    }
    return null;
  };

  const refuseStale = (seconds: number): null => {
    const off = Math.round(clock.now() / 1000 - seconds);
    return saySeldom(
      'push.skewed',
      `a signed push is ${off} s off, more than WECHAT_MAX_SKEW: is this machine's clock right?`,
    );
  };

  const document = (text: string | null): XmlElement | null => {
    if (text === null) return null;
    return text.startsWith('{') ? saySeldom('push.json', CHOOSE_XML) : parseXml(text);
  };

  const tryKeys = (encrypted: string): { message: string; key: Buffer } | null => {
    for (const [index, key] of keys.entries()) {
      try {
        const { message } = decrypt(key, appId, encrypted);
        if (index > 0) log.debug('push.previous_key');
        return { message, key };
      } catch (error) {
        if (!(error instanceof CryptoError)) throw error;
        log.debug('push.undecryptable', { fault: error.fault, key: index === 0 ? 'current' : 'previous' });
      }
    }
    return saySeldom(
      'push.undecryptable',
      'a signed push does not decrypt: WECHAT_ENCODING_AES_KEY or WECHAT_APP_ID is not that of the server configuration',
    );
  };

  const openSecure = (
    text: (name: string) => string,
    envelope: XmlElement,
  ): { inner: XmlElement; seal: ReplySeal } | null => {
    // `signature` is ignored: it covers no byte of the body, and secure pushes carry a valid one too.
    const encrypted = envelope.children.find(({ name }) => name === 'Encrypt')?.text;
    if (text('encrypt_type') !== 'aes' || encrypted === undefined) return null;
    if (!signatureFits(text('msg_signature'), token, text('timestamp'), text('nonce'), encrypted)) return null;
    if (!isFresh(Number(text('timestamp')))) return refuseStale(Number(text('timestamp')));
    const opened = tryKeys(encrypted);
    const inner = opened && document(opened.message);
    return inner ? { inner, seal: { key: opened.key, appId, token, nonce: text('nonce') } } : null;
  };

  const openPlaintext = (
    text: (name: string) => string,
    envelope: XmlElement,
  ): { inner: XmlElement; seal: null } | null => {
    if (!['', 'raw'].includes(text('encrypt_type'))) return null;
    if (!signatureFits(text('signature'), token, text('timestamp'), text('nonce'))) return null;
    if (!isFresh(Number(text('timestamp')))) return refuseStale(Number(text('timestamp')));
    return { inner: envelope, seal: null };
  };

  return {
    verifyUrl(query) {
      const text = readQuery(query);
      if (!text || !signatureFits(text('signature'), token, text('timestamp'), text('nonce'))) return null;
      if (!isFresh(Number(text('timestamp')))) return refuseStale(Number(text('timestamp')));
      return ECHOSTR.test(text('echostr')) ? text('echostr') : null;
    },
    open({ query, search, contentType }, body) {
      if (body.length > MAX_PUSH_BYTES) return null;
      const text = readQuery(query);
      const envelope = text && document(utf8(body));
      if (!envelope) return null;
      const opened = isSecure ? openSecure(text, envelope) : openPlaintext(text, envelope);
      const push = opened && readPush(opened.inner);
      if (!push) return null;
      if (!isFresh(push.createdAt)) return refuseStale(push.createdAt);
      return { push, id: identityOf(push), seal: opened.seal, envelope, raw: { body, search, contentType } };
    },
  };
}

function utf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}
