import { isRecord } from '@wechat-follow-login/protocol';
import { foreignText } from '../log.ts';
import { UpstreamFault, type Clock, type Forwarder } from '../ports.ts';
import type { Delivery } from '../wechat/receiver.ts';
import type { XmlElement } from '../wechat/xml.ts';
import { refusalOf } from './envelope.ts';
import { call, withQuery, type Answer, type Fetch } from './http.ts';

/** How Authing's events endpoint is told of a push. */
export type ForwardFormat = 'json' | 'raw';

interface Parcel {
  contentType: string;
  /** The query, without `?`; empty for none. */
  search: string;
  /** base64 */
  body: string;
}

const TIMEOUT = 5_000;
/** Not an answer of Authing's to the event itself but of something before it, or a moment's: worth another try. */
const PASSING = new Set([401, 403, 404, 405, 408, 425, 429]);
const ALREADY_USED = /已(?:被)?使用|已处理|重复|already (?:been )?(?:used|processed|handled)|duplicate/i;

/** What of a delivery would be forwarded, as text that can be kept. */
export function pack({ raw, envelope, seal, push }: Delivery, format: ForwardFormat): string {
  const parcel: Parcel =
    format === 'raw'
      ? { contentType: raw.contentType, search: raw.search, body: Buffer.from(raw.body).toString('base64') }
      : {
          contentType: 'application/json',
          search: '',
          body: Buffer.from(toJsonForm(seal === null ? envelope : withoutForeignWords(envelope, push.fields))).toString(
            'base64',
          ),
        };
  return JSON.stringify(parcel);
}

/**
 * The body as Authing's own sample sends it: what express-xml-bodyparser 0.3 makes of the push. Names in lower case, every
 * value a list, text trimmed with runs of blanks made one.
 */
export function toJsonForm(envelope: XmlElement): string {
  return JSON.stringify({ [envelope.name.toLowerCase()]: valueOf(envelope) });
}

function valueOf({ text, children, isData }: XmlElement): unknown {
  // Blanks alone are left as they are, unless they were CDATA.
  if (children.length === 0 && !isData && text.trim() === '') return text;
  if (children.length === 0) return text.replace(/\s{2,}/g, ' ').trim();
  const lists = new Map<string, unknown[]>();
  for (const child of children) {
    const name = child.name.toLowerCase();
    lists.set(name, [...(lists.get(name) ?? []), valueOf(child)]);
  }
  return Object.fromEntries(lists);
}

/** In compatible mode anybody on the way may have changed the copy that is not encrypted: what differs stays behind. */
function withoutForeignWords(envelope: XmlElement, decrypted: ReadonlyMap<string, string>): XmlElement {
  const isTrue = ({ name, text, children }: XmlElement): boolean =>
    name === 'Encrypt' || name === 'ToUserName' || (children.length === 0 && decrypted.get(name) === text);
  return { ...envelope, children: envelope.children.filter(isTrue) };
}

export function createForwarder(eventsUrl: string, deps: { fetch: Fetch; clock: Clock }): Forwarder {
  return {
    async forward(packed) {
      const { contentType, search, body } = JSON.parse(packed) as Parcel;
      const url = new URL(search === '' ? eventsUrl : withQuery(eventsUrl, search));
      const init = { method: 'POST', headers: { 'content-type': contentType }, body: Buffer.from(body, 'base64') };
      try {
        return outcomeOf(await call(deps, url, init, TIMEOUT));
      } catch (error) {
        return { outcome: 'unanswered', cause: error instanceof UpstreamFault ? error.message : 'an unexpected error' };
      }
    },
  };
}

function outcomeOf(answer: Answer): Awaited<ReturnType<Forwarder['forward']>> {
  const { httpStatus, json } = answer;
  const said = isRecord(json) ? json : {};
  const status = typeof said.statusCode === 'number' && httpStatus < 300 ? said.statusCode : httpStatus;
  if (status >= 200 && status < 300) return { outcome: 'done' };
  const message = typeof said.message === 'string' ? said.message : '';
  const cause = `HTTP ${httpStatus}${message === '' ? '' : `, "${foreignText(message)}"`}`;
  if (ALREADY_USED.test(message)) return { outcome: 'done' };
  if (status >= 500 || PASSING.has(status)) return { outcome: 'unanswered', cause };
  return { outcome: 'refused', cause, needsStep: refusalOf(answer).class === 'needs-step' };
}
