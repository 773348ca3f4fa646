import type { PhoneView } from '../wechat/phone.ts';

export interface UserEntry {
  name: string;
  nickname: string;
  follower: boolean;
}

async function ask<Answer>(path: string, body?: Record<string, string>): Promise<Answer> {
  const response = await fetch(path, {
    method: body ? 'POST' : 'GET',
    cache: 'no-store',
    ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${path}: HTTP ${response.status}`);
  return (response.status === 204 ? null : await response.json()) as Answer;
}

export const listUsers = async (): Promise<UserEntry[]> => (await ask<{ users: UserEntry[] }>('/sandbox/phone')).users;

export const viewOf = (user: string): Promise<PhoneView> => ask(`/sandbox/phone?user=${encodeURIComponent(user)}`);

export const act = (
  action: 'scan' | 'follow' | 'unfollow' | 'cancel' | 'say',
  fields: { user: string; text?: string; menuId?: string },
): Promise<PhoneView> => ask(`/sandbox/phone/${action}`, { ...fields });

/** Nobody has followed, scanned or written anything yet; codes and switches stay. */
export const resetPeople = (): Promise<null> => ask('/sandbox/phone/reset', {});
