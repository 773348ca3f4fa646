import { seconds } from '../clock.ts';
import type { World } from '../world.ts';
import type { Deliverer, Delivery } from './delivery.ts';
import type { ChatLine, Person, Screen } from './people.ts';
import type { WechatPlatform } from './platform.ts';
import type { AnyMessage } from './message.ts';
import { messageFields, parseMessage } from './message.ts';
import { scanEvent, subscribeEvent, textMessage, unsubscribeEvent } from './push.ts';

/** What a person sees, as `/sandbox/phone` answers it. */
export interface PhoneView {
  screen: Screen;
  user: { name: string; nickname: string; openid: string; follower: boolean };
  account: { name: string; originalId: string };
  chat: ChatLine[];
}

/** What a person can do. Each resolves when the first try of its push was answered (at once where none is sent). */
export interface Phone {
  /** `text` is the content of a QR code. A follower reaches the chat, anybody else the account's profile. */
  scan(text: string, user: string): Promise<PhoneView>;
  /** Only now WeChat reports the scan, as `subscribe` with the scene. */
  follow(user: string): Promise<PhoneView>;
  unfollow(user: string): Promise<PhoneView>;
  /** `menuId`: the text came from a tap on a `weixin://bizmsgmenu` link; what arrives of the id is up to the switch W3. */
  say(text: string, user: string, menuId?: string): Promise<PhoneView>;
  /** Backs out of the profile or the chat, to the camera. */
  cancel(user: string): Promise<PhoneView>;
  /**
   * Pushes anything from this person as WeChat would: menu events, pictures, locations … The chat shows none of it, and
   * it changes nobody: for a follow or a scan use those. Throws a TypeError for a message WeChat could not send.
   */
  send(message: AnyMessage, user: string): Promise<PhoneView>;
  view(user: string): PhoneView;
  users(): { name: string; nickname: string; follower: boolean }[];
  /** Resolves when WeChat has finished with every push, its repetitions included. */
  settled(): Promise<void>;
}

export interface PhoneDependencies {
  world: World;
  platform: WechatPlatform;
  deliverer: Deliverer;
  /** Tells Authing that somebody backed out of the code with this ticket. */
  onCancel(ticket: string): void;
  /** Whether to wait for the first try: WeChat does not, but Authing's own endpoint answers at once. */
  waits(): boolean;
}

export function createPhone({ world, platform, deliverer, onCancel, waits }: PhoneDependencies): Phone {
  const { clock, account, people } = world;
  let messageId = 23_900_000_000_000_000n;

  const nextMessageId = () => {
    messageId += 1n + BigInt(world.random(1)[0] ?? 0);
    return String(messageId);
  };

  /** W3: the id of a tapped link is not reliable. */
  const asArrives = (menuId: string): string | undefined => {
    switch (world.switches.get('W3')) {
      case 'present':
        return menuId;
      case 'zero':
        return '0';
      case 'absent':
        return undefined;
    }
  };

  const head = (person: Person) => ({
    originalId: account.originalId,
    openid: person.openid,
    createTime: seconds(clock),
  });

  const view = (person: Person): PhoneView => ({
    screen: person.screen,
    user: { name: person.name, nickname: person.nickname, openid: person.openid, follower: person.follower },
    account: { name: account.accountName, originalId: account.originalId },
    chat: person.chat.map((line) => ({ ...line })),
  });

  const afterwards = async (person: Person, delivery?: Delivery) => {
    if (delivery && waits()) await delivery.firstTry;
    return view(person);
  };

  const scan: Phone['scan'] = async (text, user) => {
    const person = people.get(user);
    const code = platform.codeByUrl(text);
    person.scannedTicket = null;
    if (!code || platform.hasExpired(code)) {
      person.screen = code ? 'expired' : 'not-found';
      return view(person);
    }
    person.scannedTicket = code.ticket;
    if (!person.follower) {
      person.screen = 'profile';
      return view(person);
    }
    person.screen = 'chat';
    return afterwards(person, deliverer.deliver(person, 'SCAN', scanEvent(head(person), code)));
  };

  const follow: Phone['follow'] = async (user) => {
    const person = people.get(user);
    person.screen = 'chat';
    if (person.follower) return view(person);
    const code = person.scannedTicket === null ? undefined : platform.codeByTicket(person.scannedTicket);
    person.follower = true;
    person.followedAt = clock.now();
    person.followScene = code ? { scene: code.scene, ticket: code.ticket } : null;
    return afterwards(person, deliverer.deliver(person, 'subscribe', subscribeEvent(head(person), code)));
  };

  const unfollow: Phone['unfollow'] = async (user) => {
    const person = people.get(user);
    person.screen = 'camera';
    person.scannedTicket = null;
    if (!person.follower) return view(person);
    person.follower = false;
    person.followedAt = null;
    person.followScene = null;
    return afterwards(person, deliverer.deliver(person, 'unsubscribe', unsubscribeEvent(head(person))));
  };

  const say: Phone['say'] = async (text, user, menuId) => {
    const person = people.get(user);
    if (!person.follower) return view(person);
    person.screen = 'chat';
    person.chat.push({ from: 'person', text, at: clock.now() });
    const fields = textMessage(
      head(person),
      text,
      nextMessageId(),
      menuId === undefined ? undefined : asArrives(menuId),
    );
    return afterwards(person, deliverer.deliver(person, 'text', fields));
  };

  const send: Phone['send'] = async (message, user) => {
    const { MsgType, Event } = parseMessage(message);
    const person = people.get(user);
    const name = MsgType === 'event' && typeof Event === 'string' ? Event : MsgType;
    return afterwards(person, deliverer.deliver(person, name, messageFields(head(person), message, nextMessageId)));
  };

  const cancel: Phone['cancel'] = async (user) => {
    const person = people.get(user);
    if (person.scannedTicket !== null) onCancel(person.scannedTicket);
    person.scannedTicket = null;
    person.screen = 'camera';
    return view(person);
  };

  return {
    scan,
    follow,
    unfollow,
    say,
    send,
    cancel,
    view: (user) => view(people.get(user)),
    users: () => people.all().map(({ name, nickname, follower }) => ({ name, nickname, follower })),
    settled: () => deliverer.settled(),
  };
}
