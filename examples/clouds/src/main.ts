import { startClouds } from './clouds.ts';

/** html, Vite in development and as a preview; a person may type either name of this machine. */
const PORTS = [8000, 5173, 4173];
const origins = PORTS.flatMap((port) => [`http://localhost:${port}`, `http://127.0.0.1:${port}`]);

const { sandbox, companion, close } = await startClouds(origins, { sandbox: 4000, companion: 8787 });
console.log(`companion  ${companion.url}\nphone      ${sandbox.url}/phone\n\nCtrl-C ends both.`);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void close());
