import { seconds } from '../clock.ts';
import { json, text } from '../http.ts';
import { HEX, randomText } from '../random-text.ts';
import type { Call, Route, World } from '../world.ts';
import { CryptoRefusal, decrypt, encrypt, sign, signatureFits } from '../wechat/crypto.ts';
import { cdata, readXml } from '../wechat/xml.ts';
import { failure } from './envelope.ts';
import type { LoginCodes } from './login-codes.ts';

/** Age limit of a signature under `msg-signature-fresh`, seconds either way. */
const FRESH_SECONDS = 300;

type Fields = Map<string, string>;

/**
 * The form Authing's own forwarding sample sends: what express-xml-bodyparser makes of the XML, keys lower-cased, every
 * value an array.
 */
function readJsonForm(body: string): Fields | null {
  try {
    const parsed: unknown = JSON.parse(body);
    const xml = typeof parsed === 'object' && parsed !== null && 'xml' in parsed ? parsed.xml : null;
    if (typeof xml !== 'object' || xml === null) return null;
    const fields: Fields = new Map();
    for (const [name, values] of Object.entries(xml)) {
      const first: unknown = Array.isArray(values) ? values[0] : null;
      if (typeof first !== 'string') return null;
      fields.set(name, first);
    }
    return fields;
  } catch {
    return null;
  }
}

const lowerCased = (fields: Fields | null): Fields | null =>
  fields && new Map([...fields].map(([name, value]) => [name.toLowerCase(), value]));

export const eventsPath = ({ account }: World): string =>
  `/connections/social/${account.identifier}/${account.userPoolId}/events`;

export function eventsRoutes(world: World, codes: LoginCodes): Route[] {
  const { account, switches, clock } = world;

  /** Mode 1: WeChat itself posts here, always as XML. O24 is about what a companion forwards. */
  const pushedByWechat = () =>
    world.pushUrl === null || new URL(world.pushUrl).pathname === eventsPath(world) || switches.get('O36') === 'yes';

  const refuse = (message: string) => failure(world, { statusCode: 400, message, http: 400 });

  const answer = (fields: Fields): Response => {
    switch (switches.get('O27')) {
      case 'success':
        return text('success');
      case 'empty':
        return text('');
      case 'json':
        return json({ statusCode: 200, message: '操作成功' });
      case 'http-500':
        return json({ statusCode: 500, message: 'Internal server error' }, 500);
      case 'encrypted-xml':
        return text(encryptedReply(fields), 200, 'application/xml');
    }
  };

  const encryptedReply = (fields: Fields): string => {
    const now = String(seconds(clock));
    const nonce = randomText(world.random, 9, '123456789');
    const message = `<xml><ToUserName>${cdata(fields.get('fromusername') ?? '')}</ToUserName><FromUserName>${cdata(account.originalId)}</FromUserName><CreateTime>${now}</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[登录成功]]></Content></xml>`;
    const encrypted = encrypt({
      encodingAESKey: account.encodingAESKey,
      appId: account.wechatAppId,
      plaintext: message,
      random: Buffer.from(randomText(world.random, 16, HEX)),
    });
    const signature = sign(account.wechatToken, now, nonce, encrypted);
    return `<xml><Encrypt>${cdata(encrypted)}</Encrypt><MsgSignature>${cdata(signature)}</MsgSignature><TimeStamp>${now}</TimeStamp><Nonce>${cdata(nonce)}</Nonce></xml>`;
  };

  const signed = (query: URLSearchParams, encrypted?: string): boolean => {
    const timestamp = query.get('timestamp') ?? '';
    const parts = { token: account.wechatToken, timestamp, nonce: query.get('nonce') ?? '' };
    const signature = query.get(encrypted === undefined ? 'signature' : 'msg_signature') ?? '';
    return signatureFits(encrypted === undefined ? parts : { ...parts, encrypt: encrypted }, signature);
  };

  const fresh = (query: URLSearchParams) =>
    Math.abs(seconds(clock) - Number(query.get('timestamp') ?? Number.NaN)) <= FRESH_SECONDS;

  /** The message inside, or why it is refused. */
  const open = (envelope: Fields, query: URLSearchParams): Fields | string => {
    const encrypted = envelope.get('encrypt');
    if (encrypted === undefined) {
      const configured = pushedByWechat() && world.mode === 'plaintext' && signed(query);
      return configured || switches.get('O26') === 'accepted' ? envelope : 'a plaintext event is refused';
    }
    const check = switches.get('O25');
    if (check !== 'aes-only' && !signed(query, encrypted)) return 'msg_signature does not fit';
    if (check === 'msg-signature-fresh' && !fresh(query)) return 'the signature is too old';
    try {
      const input = { encodingAESKey: account.encodingAESKey, appId: account.wechatAppId, encrypt: encrypted };
      return lowerCased(readXml(decrypt(input).plaintext)) ?? 'the decrypted message is not XML';
    } catch (error) {
      if (error instanceof CryptoRefusal) return 'the event does not decrypt';
      throw error;
    }
  };

  const receive = async ({ request, url }: Call): Promise<Response> => {
    const body = await request.text();
    const isJson = body.trimStart().startsWith('{');
    const form = switches.get('O24');
    if (!pushedByWechat() && form !== 'both' && form !== (isJson ? 'json' : 'raw')) {
      return refuse(`an event in the form "${isJson ? 'json' : 'raw'}" is not understood`);
    }
    const envelope = isJson ? readJsonForm(body) : lowerCased(readXml(body));
    if (!envelope) return refuse('the body is not an event');
    const fields = open(envelope, url.searchParams);
    if (typeof fields === 'string') return refuse(fields);
    const ticket = fields.get('ticket');
    const event = fields.get('event')?.toLowerCase();
    if (ticket !== undefined && (event === 'scan' || event === 'subscribe')) {
      const openid = fields.get('fromusername') ?? '';
      const key = [openid, fields.get('createtime'), event, fields.get('eventkey'), ticket].join('\n');
      const result = codes.report({ ticket, openid, key });
      if (result === 'repeated' && switches.get('O28') === 'error') return refuse('该事件已被使用');
    }
    return answer(fields);
  };

  const verify = ({ url }: Call): Response => {
    if (signed(url.searchParams)) return text(url.searchParams.get('echostr') ?? '');
    switch (switches.get('O23')) {
      case 'http-403':
        return text('Forbidden', 403);
      case 'http-200-other-body':
        return text('false');
      case 'http-500':
        return json({ statusCode: 500, message: 'Internal server error' }, 500);
    }
  };

  return [
    { method: 'GET', path: eventsPath(world), handle: verify },
    { method: 'POST', path: eventsPath(world), handle: receive },
    {
      method: 'ANY',
      path: /^\/connections\/.*/,
      handle: () => failure(world, { statusCode: 404, message: '身份源不存在', http: 404 }),
    },
  ];
}
