import { aptInstall } from '../../../tools/apt.mjs';
import { findNginx, startNginx } from './nginx.ts';
import { startNodeProxy } from './node-proxy.ts';

export interface Proxy {
  name: string;
  origin: string;
  stop(): Promise<void>;
}

/** nginx as its packages come, and nginx told to pay no heed to what the companion says about buffering. */
const LOCATIONS = {
  plain: '',
  buffering: `
    proxy_buffering on;
    proxy_ignore_headers X-Accel-Buffering;
    gzip on;
    gzip_types text/event-stream application/json;
  `,
};

/** A real nginx where there is one or may be installed; elsewhere a stand-in, so that the test runs everywhere. */
export async function startProxy(upstream: string, kind: keyof typeof LOCATIONS): Promise<Proxy> {
  const exe = findNginx() ?? (aptInstall('nginx') ? findNginx() : undefined);
  const address = new URL(upstream);
  return exe ? startNginx(exe, address, LOCATIONS[kind]) : startNodeProxy(address, kind === 'buffering');
}
