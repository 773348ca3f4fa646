import { createHash } from 'node:crypto';

/** One of the cards of a news reply. */
export interface Article {
  title: string;
  description: string;
  /** Addresses as the account sent them; the sandbox loads neither. */
  picture: string;
  url: string;
}

/** A line of the chat between one person and the account. `notice` is grey text from WeChat itself. */
export interface ChatLine {
  from: 'person' | 'account' | 'notice';
  /** `[image]`, `[news]` … where it is no text. */
  text: string;
  articles?: readonly Article[];
  /** Milliseconds since 1970. */
  at: number;
}

export type Screen = 'camera' | 'profile' | 'chat' | 'not-found' | 'expired';

export interface Person {
  name: string;
  /** 28 characters, of this person towards this account. */
  openid: string;
  unionid: string;
  nickname: string;
  follower: boolean;
  followedAt: number | null;
  followScene: { scene: string; ticket: string } | null;
  screen: Screen;
  /** Ticket of the code that led to the profile shown now: the follow reports it. */
  scannedTicket: string | null;
  chat: ChatLine[];
}

/** Ready-made people; any other name makes a new one who does not follow. */
const READY_MADE = [
  { name: 'alice', nickname: 'Alice', follower: false },
  { name: 'xiaoming', nickname: '小明', follower: false },
  { name: 'bob', nickname: 'Bob', follower: true },
  { name: 'xiaomei', nickname: '小梅', follower: true },
] as const;

/** Ids follow from the name, so that a test may know them beforehand and a reset does not change them. */
const idOf = (prefix: string, name: string) =>
  prefix +
  createHash('sha256')
    .update(`${prefix}:${name}`)
    .digest('base64url')
    .slice(0, 28 - prefix.length);

export interface People {
  /** Creates the person on first use. */
  get(name: string): Person;
  byOpenid(openid: string): Person | undefined;
  all(): Person[];
  reset(): void;
}

export function createPeople(now: () => number): People {
  const people = new Map<string, Person>();
  const add = (name: string, nickname: string, follower: boolean): Person => {
    const person: Person = {
      name,
      openid: idOf('oSBX', name),
      unionid: idOf('uSBX', name),
      nickname,
      follower,
      followedAt: follower ? now() : null,
      followScene: null,
      screen: 'camera',
      scannedTicket: null,
      chat: [],
    };
    people.set(name, person);
    return person;
  };
  const reset = () => {
    people.clear();
    for (const { name, nickname, follower } of READY_MADE) add(name, nickname, follower);
  };
  reset();
  return {
    get: (name) => people.get(name) ?? add(name, name, false),
    byOpenid: (openid) => [...people.values()].find((person) => person.openid === openid),
    all: () => [...people.values()],
    reset,
  };
}
