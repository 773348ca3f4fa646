import type { Demo } from '../../demo/src/demo.ts';

/** How many event streams the companion has open, by its own count. */
export async function openStreams(demo: Demo): Promise<number> {
  const text = await (await fetch(`${demo.companion().url}/metrics`)).text();
  const [, count] = /^\w+_streams_open (\d+)$/m.exec(text) ?? [];
  if (count === undefined) throw new Error('the companion counts no streams');
  return Number(count);
}
