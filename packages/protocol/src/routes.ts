/** Where things are below the companion's base path, which is also what the element's `endpoint` ends in. */
export const DEFAULT_BASE_PATH = '/wechat-login';

export const ROUTES = Object.freeze({
  attempts: '/attempts',
  attempt: (id: string) => `/attempts/${encodeURIComponent(id)}`,
  events: (id: string) => `/attempts/${encodeURIComponent(id)}/events`,
  claim: (id: string) => `/attempts/${encodeURIComponent(id)}/claim`,
});

/** Name of the only SSE event there is. */
export const SNAPSHOT_EVENT = 'snapshot';

/** Seconds between the comment lines that keep a stream alive; a client's watchdog waits 2.5 of them. */
export const HEARTBEAT_SECONDS = 15;

/** The longest long poll, seconds. */
export const MAX_WAIT_SECONDS = 25;
