import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startPromptDemo } from '../src/prompt-demo.ts';
import { callsOf, codeOnScreen, launch, onlySuccess, visit } from '../src/world.ts';
import { until } from '../src/until.ts';

test('a code that is replaced while somebody is on the way to following still signs in, once, and the new one is given up', async () => {
  const browser = await launch();
  const demo = await startPromptDemo({ ATTEMPT_TTL: '25' });
  const world = await visit(browser, demo, { before: (page) => page.clock.install() });
  try {
    const { page } = world;
    const { phone } = demo.sandbox.sandbox;
    const first = await codeOnScreen(world);
    await phone.scan(first, 'alice');
    const calls = callsOf(page);
    await page.clock.fastForward(5_100);
    await until('the next code', async () => (await codeOnScreen(world)) !== first);
    assert.ok(calls.includes('POST'));

    await phone.follow('alice');
    await phone.settled();
    const minted = world.answers.find((answer) => answer.url().endsWith('/attempts'))!;
    const { id } = (await minted.json()) as { id: string };
    // One look at a time: its answer comes over a real network, on which the page's clock has no bearing.
    await until('a look after the first code that sees the login', async () => {
      const looked = page.waitForResponse((answer) => answer.url().endsWith(`/attempts/${id}`));
      await page.clock.fastForward(3_000);
      return ((await (await looked).json()) as { status: string }).status === 'authorized';
    });
    await onlySuccess(world);
    await until('the other code is given up', () => calls.includes('DELETE'));
    assert.equal(calls.filter((call) => call === 'POST claim').length, 1);
  } finally {
    await browser.close();
    await demo.close();
  }
});
