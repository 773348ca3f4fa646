// WebKitWebDriver on a screen that nobody sees. Both end with what they were started for, however that ends.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const START_DEADLINE_MS = 20_000;

/**
 * @param {{ driver: string, browser: string, display: string }} found by findWebKit
 * @param {AbortSignal} signal ends it from outside
 * @param {(port: number) => Promise<T>} use
 * @returns {Promise<T>}
 * @template T
 */
export async function withWebKitDriver({ driver, display }, signal, use) {
  const stops = [];
  const start = (command, args, options) => {
    // A group of its own, so that the browser, which the driver starts, ends with the driver.
    const child = spawn(command, args, { detached: true, ...options });
    const stop = () => {
      try {
        process.kill(-child.pid, 'SIGTERM');
      } catch {
        // it has ended by itself
      }
    };
    stops.push(stop);
    signal.addEventListener('abort', stop, { once: true });
    process.once('exit', stop);
    return child;
  };
  try {
    signal.throwIfAborted();
    // It takes the first free display and writes its number to descriptor 3 when it is ready for use.
    const screen = start(display, ['-displayfd', '3', '-screen', '0', '1280x1024x24', '-nolisten', 'tcp'], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    });
    const [number] = await ready(screen, 'Xvfb', once(screen.stdio[3], 'data'));
    // On a desktop GTK would prefer Wayland, and show its windows to whoever sits there.
    const env = { ...process.env, DISPLAY: `:${String(number).trim()}`, GDK_BACKEND: 'x11', NO_AT_BRIDGE: '1' };
    const port = await freePort();
    const child = start(driver, [`--port=${port}`], { env, stdio: ['ignore', 'ignore', 'inherit'] });
    await ready(child, 'WebKitWebDriver', answers(`http://127.0.0.1:${port}/status`));
    return await use(port);
  } finally {
    for (const stop of stops.reverse()) {
      stop();
      signal.removeEventListener('abort', stop);
      process.removeListener('exit', stop);
    }
  }
}

/** `sign`, unless the child ends before, or too much time goes by. */
async function ready(child, name, sign) {
  const over = new AbortController();
  const { signal } = over;
  sign.catch(() => {}); // the race may be over before
  try {
    return await Promise.race([
      sign,
      once(child, 'exit', { signal }).then(([code]) => {
        throw new Error(`${name} ended with ${code} before it was ready`);
      }),
      sleep(START_DEADLINE_MS, undefined, { signal }).then(() => {
        throw new Error(`${name} was not ready within ${START_DEADLINE_MS / 1000} s`);
      }),
    ]);
  } finally {
    over.abort();
  }
}

async function answers(url) {
  for (const until = Date.now() + START_DEADLINE_MS; Date.now() < until; await sleep(50)) {
    if (
      await fetch(url).then(
        ({ ok }) => ok,
        () => false,
      )
    )
      return;
  }
}

/** The driver can be told a port only: one that was free a moment ago. */
async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  return port;
}
