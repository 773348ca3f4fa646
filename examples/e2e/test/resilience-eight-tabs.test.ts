import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openStreams } from '../src/companion-metrics.ts';
import { startPromptDemo } from '../src/prompt-demo.ts';
import { codeOf, launch, stateIs } from '../src/world.ts';

const TABS = 8;

test('eight tabs on HTTP/1.1, which allows six connections to a host, each show a code, and each logs in', async () => {
  const browser = await launch();
  const demo = await startPromptDemo({ LOG_LEVEL: 'error' });
  try {
    const context = await browser.newContext({ viewport: { width: 900, height: 700 } });
    const open = async () => {
      const page = await context.newPage();
      await page.goto(`${demo.url}?lang=en`);
      await stateIs(page, 'ready');
      return page;
    };
    const pages = await Promise.all(Array.from({ length: TABS }, open));
    const hidden = await Promise.all(pages.map((page) => page.evaluate(() => document.hidden)));
    assert.deepEqual(hidden, new Array(TABS).fill(false));
    // A stream that its page has just let go may still be counted.
    let streams = await openStreams(demo);
    for (let tries = 0; streams >= 6 && tries < 200; tries++) streams = await openStreams(demo);
    assert.ok(streams < 6, `room is left for everything else, and not ${streams} streams`);

    const texts: string[] = [];
    for (const page of pages) texts.push(await codeOf(page));
    assert.equal(new Set(texts).size, TABS);
    const { sandbox } = demo.sandbox;
    for (const text of texts) await sandbox.phone.scan(text, 'bob');
    await Promise.all(pages.map((page) => stateIs(page, 'success')));
  } finally {
    await browser.close();
    await demo.close();
  }
});
