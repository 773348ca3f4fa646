import { createServer, type Server } from 'node:net';

const TRIES = 50;

/** Listens on 127.0.0.1 at `port`, or at the first free one above it; 0 lets the system choose. Returns the port taken. */
export async function listenFrom(server: Server, port: number): Promise<number> {
  for (let tried = 0; tried < TRIES; tried += 1) {
    const wanted = port === 0 ? 0 : port + tried;
    if (wanted > 65_535) break;
    const taken = await listen(server, wanted);
    if (taken !== null) return taken;
  }
  throw new Error(`no free port was found from ${port} upwards`);
}

/** A port that is free at this moment, for a child process that must be told one. */
export async function freePortFrom(port: number): Promise<number> {
  const probe = createServer();
  const free = await listenFrom(probe, port);
  await new Promise((resolve) => probe.close(resolve));
  return free;
}

/** null when the port is taken. */
function listen(server: Server, port: number): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException): void => {
      server.off('listening', onListening);
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(null);
      else reject(error);
    };
    const onListening = (): void => {
      server.off('error', onError);
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : port);
    };
    server.once('error', onError);
    server.once('listening', onListening);
    server.listen(port, '127.0.0.1');
  });
}
