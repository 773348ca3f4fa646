import { isRecord } from '@wechat-follow-login/protocol';
import { pause } from '../deadline.ts';
import { CompanionError } from '../errors.ts';
import {
  UpstreamFault,
  type Clock,
  type ExchangeOutcome,
  type Log,
  type Random,
  type Upstream,
  type UpstreamStatus,
} from '../ports.ts';
import { refusalOf, successData, type Refusal } from './envelope.ts';
import { call, TIMEOUT, type Answer, type Fetch } from './http.ts';
import { DEFAULT_QR_HOSTS, type AuthingOptions } from './options.ts';
import { QrContentError, readQrContent } from './qr-content.ts';
import { readQrStatus } from './qr-status.ts';
import { createTokenVerifier, TokenError } from './tokens.ts';

/** A first failure this late leaves no time for another try: the person has waited long enough. */
const RETRY_WITHIN = 4_000;
const STATUS_TIMEOUT = 8_000;
/** Milliseconds before each further try to fetch the keys. */
const KEY_RETRIES = [300, 1_000, 3_000];
/** Longer than any id that Authing documents; it has to fit into a watchToken, which travels as a header. */
const MAX_QRCODE_ID = 512;

/** Authing's V3 API as the login needs it. */
export function createAuthing(
  options: AuthingOptions,
  deps: { fetch: Fetch; clock: Clock; log: Log; random: Random },
): Upstream {
  const { appHost, appId, appSecret = null, clientAuth = 'post', connectionId } = options;
  const { clock, log, random } = deps;
  const qrHosts = options.qrHosts ?? DEFAULT_QR_HOSTS;
  const verifier = createTokenVerifier({ appHost, appId, appSecret, fetch: deps.fetch, clock });
  /** Older private deployments lack the current endpoint; kept once the deprecated one has proved to be there. */
  let useDeprecatedStatus = false;

  const get = (path: string, query: Record<string, string>): Promise<Answer> =>
    call(deps, address(path, query), { headers: { 'x-authing-app-id': appId } }, STATUS_TIMEOUT);
  const post = (
    path: string,
    body: unknown,
    headers: Record<string, string> = {},
    timeout = TIMEOUT,
  ): Promise<Answer> =>
    call(
      deps,
      address(path),
      {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-authing-app-id': appId, ...headers },
        body: JSON.stringify(body),
      },
      timeout,
    );
  const address = (path: string, query: Record<string, string> = {}): URL => {
    const url = new URL(path, appHost);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    return url;
  };

  const requestCode = async (handle: string): Promise<Answer> => {
    const body = {
      type: 'WECHAT_OFFICIAL_ACCOUNT',
      ...(connectionId === undefined ? {} : { extIdpConnId: connectionId }),
      context: { wfl: handle },
    };
    const startedAt = clock.monotonic();
    const isTransient = (answer: Answer): boolean =>
      successData(answer) === undefined && refusalOf(answer).class === 'unavailable';
    const first = await post('/api/v3/gene-qrcode', body).catch(faultOrThrow);
    const failed = first instanceof Error || isTransient(first);
    if (!failed || clock.monotonic() - startedAt > RETRY_WITHIN) return orThrow(first);
    log.warn('authing.create_retry', { cause: first instanceof Error ? first.message : refusalOf(first).explanation });
    await pause(clock, random.between(100, 400));
    return post('/api/v3/gene-qrcode', body);
  };

  const askStatus = async (qrcodeId: string): Promise<UpstreamStatus> => {
    let isUnknownCode = useDeprecatedStatus;
    if (!useDeprecatedStatus) {
      const answer = await get('/api/v3/get-qrcode-status', { qrcodeId });
      const read = readQrStatus(answer);
      if (read) return read.report;
      const refusal = refusalOf(answer);
      if (refusal.class !== 'missing') return fromRefusal(refusal);
      isUnknownCode = refusal.isEnveloped404;
    }
    const answer = await get('/api/v3/check-qrcode-status', { qrcodeId });
    const read = readQrStatus(answer);
    if (!read) {
      const refusal = refusalOf(answer);
      // Both say 404 inside their envelope: it is the code that is missing, not the endpoint.
      return isUnknownCode && refusal.isEnveloped404 ? { status: 'expired' } : fromRefusal(refusal);
    }
    // An unknown code may answer 404 as well, so one of the six names is what proves the deprecated endpoint.
    if (read.named) useDeprecatedStatus = true;
    return read.report;
  };

  /** The tokens are in hand: when only the keys to check them cannot be had just now, they are asked for again. */
  const outcomeOfTokenSet = async (tokenSet: unknown): Promise<ExchangeOutcome> => {
    for (const wait of [...KEY_RETRIES, null]) {
      try {
        return { outcome: 'login', login: await verifier.verify(tokenSet) };
      } catch (error) {
        if (error instanceof UpstreamFault && wait !== null) {
          log.warn('authing.keys_unavailable', { cause: error.message });
          await pause(clock, wait);
          continue;
        }
        log.error('authing.tokens_unverifiable', {
          cause: error instanceof TokenError ? error.message : causeOf(error),
        });
        break;
      }
    }
    return { outcome: 'unverifiable' };
  };

  return {
    async issueCode(handle) {
      let answer: Answer;
      try {
        answer = await requestCode(handle);
      } catch (error) {
        log.error('authing.create_failed', { cause: causeOf(error) });
        throw new CompanionError('upstream_unavailable', 'Authing did not answer', { cause: error, retryAfter: 5 });
      }
      const data = successData(answer);
      if (!isRecord(data) || !isQrcodeId(data.qrcodeId) || typeof data.url !== 'string') {
        throw creationError(answer, data !== undefined, log);
      }
      try {
        return { qrcodeId: data.qrcodeId, ...(await readQrContent(data.url, { ...deps, qrHosts })) };
      } catch (error) {
        const isRefusal = error instanceof QrContentError;
        log.error('authing.qr_unusable', { cause: isRefusal ? error.message : causeOf(error) });
        const code = isRefusal ? 'upstream_rejected' : 'upstream_unavailable';
        throw new CompanionError(code, 'the QR code cannot be shown', { cause: error, retryAfter: 5 });
      }
    },

    lookAt: askStatus,

    async exchange(loginTicket) {
      const credentials = clientAuth === 'post' ? { client_id: appId, client_secret: appSecret } : {};
      const headers: Record<string, string> =
        clientAuth === 'basic'
          ? { authorization: `Basic ${Buffer.from(`${appId}:${appSecret}`).toString('base64')}` }
          : {};
      let answer: Answer;
      try {
        const path = '/api/v3/exchange-tokenset-with-qrcode-ticket';
        answer = await post(path, { ticket: loginTicket, ...credentials }, headers);
      } catch (error) {
        log.warn('authing.exchange_unanswered', { cause: causeOf(error) });
        return { outcome: 'unanswered' };
      }
      const data = successData(answer);
      if (data !== undefined) return outcomeOfTokenSet(data);
      const refusal = refusalOf(answer);
      log.error('authing.exchange_refused', { class: refusal.class, cause: refusal.explanation });
      if (refusal.class === 'needs-step') return { outcome: 'step_required' };
      if (refusal.class === 'throttled') return { outcome: 'throttled', retryAfter: refusal.retryAfter };
      return { outcome: refusal.class === 'unavailable' ? 'unanswered' : 'refused' };
    },

    acceptTokenSet: outcomeOfTokenSet,
  };
}

function isQrcodeId(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= MAX_QRCODE_ID;
}

function orThrow(first: Answer | UpstreamFault): Answer {
  if (first instanceof Error) throw first;
  return first;
}

function faultOrThrow(error: unknown): UpstreamFault {
  if (error instanceof UpstreamFault) return error;
  throw error;
}

function causeOf(error: unknown): string {
  return error instanceof UpstreamFault ? error.message : 'an unexpected error';
}

function creationError(answer: Answer, isSuccess: boolean, log: Log): CompanionError {
  if (isSuccess) {
    log.error('authing.create_refused', { cause: 'a success without a usable qrcodeId and url' });
    return new CompanionError('upstream_rejected');
  }
  const refusal = refusalOf(answer);
  log.error('authing.create_refused', { class: refusal.class, cause: refusal.explanation, hint: wechatHint(answer) });
  if (refusal.class !== 'unavailable' && refusal.class !== 'throttled') return new CompanionError('upstream_rejected');
  const seconds = Math.ceil((refusal.retryAfter ?? 5_000) / 1000);
  return new CompanionError('upstream_unavailable', undefined, { retryAfter: seconds });
}

const WECHAT_HINTS: ReadonlyArray<readonly [RegExp, string]> = [
  [/\b40164\b|\b61004\b/, "WeChat: an address of Authing is missing in the account's IP whitelist"],
  [/\b40001\b|\b40125\b/, 'WeChat: AppSecret wrong, or the access token was replaced by other software'],
  [/\b40013\b/, 'WeChat: AppID wrong'],
  [/\b45009\b/, "WeChat: the day's quota of QR codes is used up"],
  [/\b48001\b/, 'WeChat: not a verified service account, or no permission for parametric QR codes'],
];

/** Hints only: Authing lists no codes for these, but passes WeChat's own on inside its message. */
function wechatHint(answer: Answer): string | undefined {
  const message = isRecord(answer.json) ? String(answer.json.message ?? '') : '';
  return WECHAT_HINTS.find(([pattern]) => pattern.test(message))?.[1];
}

/** What a refused status query means for the attempt. Throws UpstreamFault where it means nothing yet. */
function fromRefusal(refusal: Refusal): UpstreamStatus {
  switch (refusal.class) {
    case 'needs-step':
      return { status: 'step_required' };
    case 'blocked':
    case 'no-account':
      return { status: 'failed', code: 'login_failed', retryable: false };
    case 'config':
      return { status: 'failed', code: 'upstream_rejected', retryable: false };
    case 'restart':
      return { status: 'expired' };
    case 'throttled':
      throw new UpstreamFault(refusal.explanation, { throttled: true, retryAfter: refusal.retryAfter });
    default:
      throw new UpstreamFault(refusal.explanation);
  }
}
