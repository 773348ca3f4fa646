import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createCompanion } from './companion.ts';
import { createLog } from './log.ts';
import { createNodeServer } from './node.ts';
import type { Settings } from './settings.ts';

/** A running companion. */
export interface Served {
  /** `http://HOST:PORT` and the base path. */
  url: string;
  /** Ends streams spread over some seconds, then the rest; at most 10 s. */
  close(): Promise<void>;
}

const DRAIN = 5_000;
const DEADLINE = 10_000;

/** Starts listening. Rejects when the address cannot be had. */
export async function serve(settings: Settings, writeLog: (line: string) => void): Promise<Served> {
  const log = createLog(settings.logLevel, settings.logFormat, writeLog);
  const companion = createCompanion({ ...settings.companion, log });
  const server = createNodeServer(companion, { trustProxy: settings.trustProxy, log });
  server.listen(settings.port, settings.host);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const host = settings.host.includes(':') ? `[${settings.host}]` : settings.host;
  return {
    url: `http://${host}:${port}${settings.companion.basePath}`,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeIdleConnections();
      const deadline = setTimeout(() => server.closeAllConnections(), DEADLINE);
      await companion.close(DRAIN);
      server.closeIdleConnections();
      await closed;
      clearTimeout(deadline);
    },
  };
}
