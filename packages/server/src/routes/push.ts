import { withDeadline } from '../deadline.ts';
import { CompanionError, NoAnswer } from '../errors.ts';
import type { Call, Reply } from '../http.ts';
import type { LoginPush } from '../login/inbox.ts';
import type { PushDesk } from '../push-desk.ts';
import type { OwnerAnswer } from '../wechat/owner.ts';
import { encryptReply, renderReply, type ChatReply } from '../wechat/reply.ts';
import { MAX_PUSH_BYTES, type Delivery } from '../wechat/receiver.ts';
import { replyTo } from '../wechat/texts.ts';
import type { Context } from './context.ts';

const TEXT = { 'content-type': 'text/plain; charset=utf-8' };
/** One and the same for all that is not authentic and fresh: anything more would help whoever tries. */
const FORBIDDEN: Reply = { status: 403, headers: TEXT, body: 'Forbidden' };
/** Milliseconds, a little less than WeChat does. */
const WECHAT_WAITS = 4_500;
const SUCCESS: Reply = { status: 200, headers: TEXT, body: 'success' };

class StoreTooSlow extends Error {
  override name = 'StoreTooSlow';
}

/** `GET /wechat/push`: WeChat verifies the URL. */
export async function verifyUrl(call: Call, _id: string, { desk }: Context): Promise<Reply> {
  const echostr = open(desk).receiver.verifyUrl(call.query);
  return echostr === null ? FORBIDDEN : { status: 200, headers: TEXT, body: echostr };
}

/** `POST /wechat/push` */
export async function push(call: Call, _id: string, context: Context): Promise<Reply> {
  const desk = open(context.desk);
  // What would be kept now might be forwarded by nobody: WeChat brings it again, to the next process.
  if (context.streams.closing) throw new NoAnswer();
  const until = context.clock.monotonic() + WECHAT_WAITS;
  const { query, search } = call;
  const contentType = call.header('content-type') ?? 'text/xml';
  const delivery = desk.receiver.open({ query, search, contentType }, await call.body(MAX_PUSH_BYTES));
  context.metrics.count('pushes', delivery ? 'authentic' : 'refused');
  if (!delivery) return FORBIDDEN;
  // Told at once and waited for only where he has the word: the login must not suffer from him, nor he from it.
  const owner = desk.owner.tell(delivery);
  owner.catch(() => {}); // heard where he is waited for
  const login = toLoginPush(delivery, desk);
  const verdict = login && (await keptOrUnanswered(desk.inbox.take(login), until, context));
  const ours = verdict && replyTo(verdict, desk.texts);
  return ours
    ? chat(delivery, ours, context)
    : ownersAnswer(delivery, await keptOrUnanswered(owner, until, context), context);
}

function open(desk: PushDesk | null): PushDesk {
  if (!desk) throw new CompanionError('not_found');
  return desk;
}

function toLoginPush(delivery: Delivery, desk: PushDesk): LoginPush | null {
  const { push, id } = delivery;
  const { openid, createdAt } = push;
  switch (push.type) {
    case 'scan':
    case 'subscribe':
      return { id, openid, createdAt, type: push.type, ticket: push.ticket, parcel: desk.pack(delivery) };
    case 'text':
      return { id, openid, createdAt, type: 'text', content: push.content };
    default:
      return null;
  }
}

/** Answered, WeChat forgets a push; unanswered, it brings it again. So what cannot be kept is not answered. */
async function keptOrUnanswered<T>(work: Promise<T>, until: number, { log, clock }: Context): Promise<T> {
  try {
    return await withDeadline(clock, until - clock.monotonic(), work, () => {
      throw new StoreTooSlow();
    });
  } catch (error) {
    log.error('push.not_kept', { cause: error instanceof Error ? error.name : 'unknown' });
    throw new NoAnswer();
  }
}

function ownersAnswer(delivery: Delivery, answer: OwnerAnswer | null, context: Context): Reply {
  if (answer === null) return SUCCESS;
  if ('reply' in answer) return chat(delivery, answer.reply, context);
  return { status: 200, headers: { 'content-type': answer.contentType }, body: answer.bytes };
}

function chat({ push, seal }: Delivery, reply: ChatReply, { clock, random }: Context): Reply {
  const now = Math.floor(clock.now() / 1000);
  const xml = renderReply(push, reply, now);
  // 16 characters: WeChat's own random bytes are printable too.
  const body = seal ? encryptReply(xml, seal, now, Buffer.from(random.token(12))) : xml;
  return { status: 200, headers: { 'content-type': 'text/xml; charset=utf-8' }, body };
}
