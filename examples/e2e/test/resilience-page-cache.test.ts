import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pageCacheOf, WITH_PAGE_CACHE } from '../src/page-cache.ts';
import { serveSite, tag } from '../src/site.ts';
import { startPromptDemo } from '../src/prompt-demo.ts';
import { codeOnScreen, launch, onlySuccess, stateOf, visit } from '../src/world.ts';

test('a page that the browser keeps while somebody is elsewhere comes back with its code, and logs in', async (t) => {
  const browser = await launch(WITH_PAGE_CACHE);
  const site = await serveSite();
  const demo = await startPromptDemo({ ALLOWED_ORIGINS: site.origin });
  try {
    const cache = await pageCacheOf(browser, site);
    t.diagnostic(cache.isReal ? 'the browser keeps pages' : 'the browser keeps no pages: by the events alone');
    site.body = tag(demo.companion().url);
    const world = await visit(browser, demo, { url: site.origin });
    const streamed = () => world.answers.filter((answer) => answer.url().endsWith('/events')).length;
    const text = await codeOnScreen(world);
    assert.equal(streamed(), 1);

    await cache.leaveAndReturn(world.page, async () => {});
    assert.equal((await stateOf(world.page)).name, 'ready');
    assert.equal(await codeOnScreen(world), text, 'the same code');

    await cache.leaveAndReturn(world.page, () => demo.sandbox.sandbox.phone.scan(text, 'bob'));
    await onlySuccess(world);
    assert.equal(world.answers.filter((answer) => answer.url().endsWith('/attempts')).length, 1);
  } finally {
    await browser.close();
    await demo.close();
    await site.close();
  }
});
