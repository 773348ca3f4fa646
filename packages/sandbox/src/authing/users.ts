import { createHash } from 'node:crypto';
import type { World } from '../world.ts';
import type { Person } from '../wechat/people.ts';

/** Authing's id of a user, 24 hex digits; follows from the openid. */
export const userIdOf = (openid: string): string => createHash('sha256').update(openid).digest('hex').slice(0, 24);

const DEFAULT_NICKNAME = '微信用户';

/** Since the end of 2021 WeChat tells neither nickname nor picture, so what a site learns hangs on the switch O9. */
function shownName({ switches }: World, person: Person): string | null {
  switch (switches.get('O9')) {
    case 'full':
      return person.nickname;
    case 'default-nickname':
      return DEFAULT_NICKNAME;
    default:
      return null;
  }
}

const photoOf = (world: World, base: string) =>
  world.switches.get('O9') === 'full' ? `${base}/sandbox/person.svg` : null;

/** `briefUserInfo` of a status answer; undefined is an absent field. */
export function briefUserInfo(world: World, person: Person, base: string): object | undefined {
  if (world.switches.get('O9') === 'absent') return undefined;
  return { displayName: shownName(world, person) ?? '', photo: photoOf(world, base) ?? '' };
}

export const idTokenClaims = (world: World, person: Person, base: string) => ({
  sub: userIdOf(person.openid),
  name: shownName(world, person),
  nickname: shownName(world, person),
  given_name: null,
  family_name: null,
  middle_name: null,
  preferred_username: null,
  profile: null,
  picture: photoOf(world, base),
  website: null,
  birthdate: null,
  gender: 'U',
  zoneinfo: null,
  locale: null,
  updated_at: new Date(person.followedAt ?? 0).toISOString(),
});

/** `data` of get-profile. The empty gender is what breaks strict enums. */
export const profile = (world: World, person: Person, base: string) => ({
  userId: userIdOf(person.openid),
  createdAt: new Date(person.followedAt ?? 0).toISOString(),
  updatedAt: new Date(person.followedAt ?? 0).toISOString(),
  status: 'Activated',
  workStatus: 'Active',
  name: null,
  nickname: shownName(world, person),
  photo: photoOf(world, base),
  gender: '',
  email: null,
  emailVerified: false,
  phone: null,
  phoneVerified: false,
  loginsCount: 1,
  lastLoginApp: world.account.appId,
});

/** The V2 user object, `token` apart. */
export const v2User = (world: World, person: Person, base: string) => ({
  id: userIdOf(person.openid),
  userPoolId: world.account.userPoolId,
  status: 'Activated',
  username: null,
  nickname: shownName(world, person),
  photo: photoOf(world, base),
  unionid: person.unionid,
  openid: person.openid,
  blocked: false,
  gender: 'U',
});
