import { isFinal, mayFollow } from '@wechat-follow-login/protocol';
import { CompanionError } from '../errors.ts';
import type { AttemptState, Clock, Store } from '../ports.ts';
import { createMemoryQueues } from './memory-queues.ts';

interface Entry {
  value: unknown;
  expiresAt: number;
}

/** How many keys are kept at most. A login needs about three, so this is some 60,000 at once, about 30 MB. */
const MAX_KEYS = 200_000;
const SWEEP_EVERY = 10_000;
/** A full store must not walk all its keys for every one that it refuses. */
const SWEEP_WHEN_FULL = 500;
/**
 * What is kept only to know a push again. Anybody who follows the account makes as many of these as he likes (each report of
 * a place is a push), so they have room of their own and the oldest makes way: a flood of them must refuse no login.
 */
const FLEETING = ['owner:', 'push:'];

/**
 * State of one process. Expired keys vanish when they are asked for, and all of them every ten seconds of use: there is
 * no timer, so an idle companion costs nothing.
 */
export function createMemoryStore(clock: Clock, maxKeys: number = MAX_KEYS): Store {
  const lasting = new Map<string, Entry>();
  const fleeting = new Map<string, Entry>();
  const queues = createMemoryQueues(clock, maxKeys);
  const listeners = new Map<string, Set<(state: AttemptState) => void>>();
  let sweptAt = clock.monotonic();

  const roomOf = (key: string): Map<string, Entry> => {
    const name = key.slice(key.indexOf(':') + 1);
    return FLEETING.some((prefix) => name.startsWith(prefix)) ? fleeting : lasting;
  };
  const live = (key: string): Entry | null => {
    const entries = roomOf(key);
    const entry = entries.get(key);
    if (!entry) return null;
    if (entry.expiresAt > clock.monotonic()) return entry;
    entries.delete(key);
    return null;
  };
  const sweep = (): void => {
    const now = clock.monotonic();
    sweptAt = now;
    for (const entries of [lasting, fleeting]) {
      for (const [key, entry] of entries) if (entry.expiresAt <= now) entries.delete(key);
    }
  };
  const put = (key: string, value: unknown, ttl: number): void => {
    const entries = roomOf(key);
    if (clock.monotonic() - sweptAt >= (lasting.size >= maxKeys ? SWEEP_WHEN_FULL : SWEEP_EVERY)) sweep();
    if (entries === fleeting && entries.size >= maxKeys && !entries.has(key)) {
      for (const oldest of entries.keys()) {
        entries.delete(oldest);
        break;
      }
    }
    if (entries.size >= maxKeys && !entries.has(key)) {
      throw new CompanionError('upstream_unavailable', `the memory store is full (${maxKeys} keys)`, {
        retryAfter: 10,
      });
    }
    entries.set(key, { value, expiresAt: clock.monotonic() + ttl });
  };
  const stateKey = (id: string): string => `state:${id}`;
  const valueKey = (key: string): string => `value:${key}`;

  return {
    async read(id) {
      return (live(stateKey(id))?.value as AttemptState | undefined) ?? null;
    },
    async advance(id, next, ttl) {
      const current = live(stateKey(id))?.value as AttemptState | undefined;
      const isFirst = !current && next.status === 'pending';
      if (!isFirst && !mayFollow(current?.status ?? 'pending', next.status)) {
        const isNews = current && next.newFollower !== null && current.newFollower === null && !isFinal(current.status);
        if (!isNews) return { state: current ?? next, advanced: false };
        const told = { ...current, newFollower: next.newFollower };
        put(stateKey(id), told, ttl);
        return { state: told, advanced: false };
      }
      const state = { ...next, newFollower: next.newFollower ?? current?.newFollower ?? null };
      put(stateKey(id), state, ttl);
      for (const listener of [...(listeners.get(id) ?? [])]) listener(state);
      return { state, advanced: true };
    },
    async subscribe(id, listener) {
      const set = listeners.get(id) ?? new Set();
      listeners.set(id, set.add(listener));
      return () => {
        set.delete(listener);
        if (set.size === 0 && listeners.get(id) === set) listeners.delete(id);
      };
    },
    async once(key, ttl) {
      if (live(`once:${key}`)) return false;
      put(`once:${key}`, true, ttl);
      return true;
    },
    async count(key, ttl) {
      const entry = live(`count:${key}`);
      if (!entry) put(`count:${key}`, 1, ttl);
      else entry.value = (entry.value as number) + 1;
      return entry ? (entry.value as number) : 1;
    },
    async hold(key, value, ttl) {
      put(valueKey(key), value, ttl);
    },
    async peek(key) {
      return (live(valueKey(key))?.value as string | undefined) ?? null;
    },
    async shorten(key, ttl) {
      const entry = live(valueKey(key));
      if (entry) entry.expiresAt = Math.min(entry.expiresAt, clock.monotonic() + ttl);
    },
    async drop(key) {
      roomOf(valueKey(key)).delete(valueKey(key));
    },
    async take(key) {
      const held = (live(valueKey(key))?.value as string | undefined) ?? null;
      roomOf(valueKey(key)).delete(valueKey(key));
      return held;
    },
    async holdFirst(key, value, ttl) {
      const held = live(valueKey(key))?.value as string | undefined;
      if (held !== undefined) return held;
      put(valueKey(key), value, ttl);
      return value;
    },
    ...queues.verbs,
    async append(list, value, max, ttl) {
      const before = (live(`list:${list}`)?.value as string[] | undefined) ?? [];
      put(`list:${list}`, [value, ...before].slice(0, max), ttl);
    },
    async listed(list) {
      return [...((live(`list:${list}`)?.value as string[] | undefined) ?? [])];
    },
    async ping() {},
    async close() {
      queues.clear();
      lasting.clear();
      fleeting.clear();
      listeners.clear();
    },
  };
}
