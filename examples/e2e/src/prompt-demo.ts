import { startDemo, type Demo } from '../../demo/src/demo.ts';

/**
 * A demo whose logins take no time: WeChat's push tells the companion of a scan at once, and Authing lets in at once. For
 * tests of what the page does; in Mode 1 each of them would wait a second or two for the companion's next look.
 */
export async function startPromptDemo(settings: Record<string, string> = {}): Promise<Demo> {
  const demo = await startDemo({ port: 0, mode: 2, settings });
  demo.sandbox.sandbox.switches.set({ O8: 'skipped' });
  return demo;
}
