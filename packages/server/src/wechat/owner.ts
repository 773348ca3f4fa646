import { fetchBytes, withQuery, type Fetch } from '../authing/http.ts';
import { withDeadline } from '../deadline.ts';
import { foreignText } from '../log.ts';
import { UpstreamFault, type Clock, type Log, type Store } from '../ports.ts';
import type { KeyRing } from '../seal.ts';
import type { WechatHooks } from './options.ts';
import { toReply, type ChatReply } from './reply.ts';
import type { Delivery } from './receiver.ts';

/** What the account's owner answers to a push: a reply of his code, or the answer of his server, to be passed on as it is. */
export type OwnerAnswer = { reply: ChatReply } | { contentType: string; bytes: Uint8Array };

export interface Owner {
  /**
   * Tells him; null when he has nothing to say, or not in time. Never rejects for a fault of his, only when the store fails
   * and so nobody knows whether his code has heard the push before.
   */
  tell(delivery: Delivery): Promise<OwnerAnswer | null>;
  /** Calls a hook that nobody waits for. */
  notify(name: 'onUnfollow' | 'onSuspicious', run: () => unknown): void;
}

/** WeChat waits 5 s. */
const PATIENCE = 3_500;
const MAX_AT_ONCE = 1_000;
const SAY_AGAIN_AFTER = 60_000;

export function createOwner(
  settings: { hooks: WechatHooks; ownerUrl: string | null; remembered: number },
  deps: { store: Store; keys: KeyRing; fetch: Fetch; clock: Clock; log: Log },
): Owner {
  const { hooks, ownerUrl, remembered } = settings;
  const { store, keys, clock, log } = deps;
  /** Replies being made right now, for a second delivery that comes meanwhile. */
  const underWay = new Map<string, Promise<ChatReply | null>>();
  let atOnce = 0;
  let saidOverloaded = Number.NEGATIVE_INFINITY;
  const sayOverloaded = (): void => {
    if (clock.monotonic() - saidOverloaded < SAY_AGAIN_AFTER) return;
    saidOverloaded = clock.monotonic();
    log.error('owner.overloaded', { open: atOnce });
  };

  const inTime = async <T>(name: string, work: Promise<T>): Promise<T | null> => {
    try {
      return await withDeadline(clock, PATIENCE, work, () => {
        log.warn('owner.slow', { hook: name, ms: PATIENCE });
        return null;
      });
    } catch (error) {
      log.error('owner.failed', { hook: name, cause: causeOf(error) });
      return null;
    }
  };

  const notify: Owner['notify'] = (name, run) => {
    if (hooks[name]) void inTime(name, callOf(run));
  };

  /** The hook hears each push once; what it answered then is the answer to every delivery. */
  const ask = async (delivery: Delivery): Promise<ChatReply | null> => {
    const { push, id } = delivery;
    if (!hooks.onPush && !hooks.onUnfollow) return null;
    const key = `owner:${id}`;
    if (!(await store.once(key, remembered))) {
      const running = underWay.get(id);
      if (running) return running;
      const sealed = await store.peek(key);
      const text = sealed === null ? null : keys.open('push', sealed, id);
      return text === null ? null : (JSON.parse(text) as ChatReply);
    }
    if (push.type === 'unsubscribe') notify('onUnfollow', () => hooks.onUnfollow?.({ openid: push.openid }));
    if (!hooks.onPush) return null;
    const asked = inTime(
      'onPush',
      callOf(() => hooks.onPush?.(push)),
    ).then(async (reply) => {
      if (reply === undefined || reply === null) return null;
      try {
        const usable = toReply(reply);
        const sealed = keys.seal('push', JSON.stringify(usable), id);
        await store.hold(key, sealed, remembered).catch(() => log.warn('owner.reply_not_kept'));
        return usable;
      } catch (error) {
        // TypeErrors of ours say what was expected; a getter of the host's may have thrown anything.
        log.error('owner.reply_unusable', {
          cause: error instanceof TypeError ? foreignText(error.message) : 'unknown',
        });
        return null;
      }
    });
    underWay.set(id, asked);
    return asked.finally(() => underWay.delete(id));
  };

  const relay = async ({ raw }: Delivery): Promise<OwnerAnswer | null> => {
    if (ownerUrl === null) return null;
    const init = { method: 'POST', headers: { 'content-type': raw.contentType }, body: new Uint8Array(raw.body) };
    const url = new URL(withQuery(ownerUrl, raw.search));
    try {
      const { response, bytes } = await fetchBytes(deps, url, init, PATIENCE);
      if (response.ok) return { contentType: response.headers.get('content-type') ?? 'text/xml', bytes };
      log.warn('owner.refused', { status: response.status });
    } catch (error) {
      log.warn('owner.unreachable', { cause: causeOf(error) });
    }
    return null;
  };

  return {
    notify,
    async tell(delivery) {
      if (atOnce >= MAX_AT_ONCE) {
        sayOverloaded();
        // Only what would cost WeChat's follower his right is not dropped.
        if (delivery.push.type === 'unsubscribe') await ask(delivery);
        return null;
      }
      atOnce++;
      const relayed = relay(delivery).finally(() => atOnce--);
      // His code's word goes before his server's, so it need not wait for it.
      const reply = await ask(delivery);
      return reply ? { reply } : relayed;
    },
  };
}

/** A hook that throws at once is one that rejects. */
async function callOf<T>(run: () => T | Promise<T>): Promise<T> {
  return run();
}

function causeOf(error: unknown): string {
  if (error instanceof UpstreamFault) return error.message;
  return error instanceof Error ? error.name : 'unknown';
}
