import { createForwarder, pack } from './authing/events.ts';
import type { Fetch } from './authing/http.ts';
import type { Attempt } from './login/attempt.ts';
import { createConfirm } from './login/confirm.ts';
import { createInbox, type Inbox } from './login/inbox.ts';
import { createOutbox, type Outbox } from './login/outbox.ts';
import type { Progress } from './login/progress.ts';
import type { TicketIndex } from './login/ticket-index.ts';
import type { Watch } from './login/watch.ts';
import type { Metrics } from './metrics.ts';
import type { Clock, Log, Random, Store } from './ports.ts';
import type { KeyRing } from './seal.ts';
import { DEFAULT_MAX_SKEW, type WechatOptions } from './wechat/options.ts';
import { createOwner, type Owner } from './wechat/owner.ts';
import { createReceiver, type Delivery, type Receiver } from './wechat/receiver.ts';

/** Where WeChat's pushes come in (Mode 2): all that the route works with. */
export interface PushDesk {
  receiver: Receiver;
  inbox: Inbox;
  owner: Owner;
  outbox: Outbox;
  pack(delivery: Delivery): string;
  texts: { welcome: string | null; login: string | null };
}

export function createPushDesk(
  options: WechatOptions,
  deps: {
    store: Store;
    tickets: TicketIndex;
    progress: Progress;
    watch: Watch;
    cancel(attempt: Attempt): Promise<void>;
    keys: KeyRing;
    clock: Clock;
    random: Random;
    log: Log;
    metrics: Metrics;
    fetch: Fetch;
  },
): PushDesk {
  const { maxSkew = DEFAULT_MAX_SKEW, forwardFormat = 'json', ownerUrl = null } = options;
  const isConfirmed = options.confirm === 'number';
  const { encodingAESKey, previousEncodingAESKey } = options;
  const encodingAESKeys = [encodingAESKey, previousEncodingAESKey].filter((key) => key !== undefined);
  const receiver = createReceiver({ token: options.token, appId: options.appId, encodingAESKeys, maxSkew }, deps);
  const owner = createOwner({ hooks: options, ownerUrl, remembered: 2 * maxSkew * 1000 }, deps);
  const outbox = createOutbox({ ...deps, forwarder: createForwarder(options.eventsUrl, deps) });
  const inbox = createInbox({
    ...deps,
    outbox,
    confirm: isConfirmed ? createConfirm({ ...deps, outbox }) : null,
    forward: options.forward ?? (isConfirmed ? 'known' : 'scans'),
    maxSkew,
    onSuspicious: (suspicion) => owner.notify('onSuspicious', () => options.onSuspicious?.(suspicion)),
  });
  return {
    receiver,
    inbox,
    owner,
    outbox,
    pack: (delivery) => pack(delivery, forwardFormat),
    texts: { welcome: options.welcomeText ?? null, login: options.loginText ?? null },
  };
}
