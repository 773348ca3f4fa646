import { abortOf } from './waiting.ts';

/** Over HTTP/1.1 a browser has six connections to a host for all its tabs; two are left to everything else. */
const SEATS = 4;

/**
 * Whether one more connection may stay open. The seat is held, among all tabs of the page's origin, until `signal` is
 * aborted. Without it the seventh tab could not even ask for a code.
 */
export async function takeSeat(signal: AbortSignal): Promise<boolean> {
  for (let seat = 0; seat < SEATS; seat++) {
    if (await isFree(`wechat-follow-login ${seat}`, signal)) return true;
  }
  return false;
}

function isFree(name: string, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    // A browser that knows no locks, or none for this page (a sandboxed frame, say), has no say in it.
    Promise.resolve(
      navigator.locks?.request(name, { ifAvailable: true }, (lock) => {
        resolve(!!lock);
        return lock && abortOf(signal);
      }),
    ).then(
      () => resolve(true),
      () => resolve(true),
    );
  });
}
