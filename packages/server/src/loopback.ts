const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** Whether a URL's `hostname` is this machine: the only place where plain http is good enough. */
export function isLoopback(hostname: string): boolean {
  return LOOPBACK.has(hostname);
}
