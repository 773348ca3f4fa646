import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright';
import type { Demo } from '../../demo/src/demo.ts';
import { startPromptDemo } from '../src/prompt-demo.ts';
import { codeOnScreen, launch, onlySuccess, visit } from '../src/world.ts';

let browser: Browser;
let demo: Demo;
before(async () => {
  browser = await launch();
  demo = await startPromptDemo();
});
after(async () => {
  await browser.close();
  await demo.close();
});

const MINUTES = 60_000;

/** Date alone: whoever's clock is wrong has right seconds. */
const setWrongBy = (ms: number): string => `{
  const Right = Date;
  globalThis.Date = class extends Right {
    constructor(...given) { given.length ? super(...given) : super(Right.now() + ${ms}); }
    static now() { return Right.now() + ${ms}; }
  };
}`;

for (const [name, wrongBy] of [
  ['ten minutes slow', -10 * MINUTES],
  ['ten minutes fast', 10 * MINUTES],
] as const) {
  test(`a browser whose clock is ${name} from the start shows a code for its time and logs in`, async (t) => {
    const before = (page: { addInitScript(script: string): Promise<unknown> }) =>
      page.addInitScript(setWrongBy(wrongBy));
    const world = await visit(browser, demo, { before });
    t.after(() => world.close());
    const text = await codeOnScreen(world);
    const off = Date.now() - (await world.page.evaluate(() => Date.now()));
    assert.ok(Math.abs(off + wrongBy) < MINUTES, 'the clock is as wrong as it should be');
    const shown = await world.page.locator('[part="countdown"]').innerText();
    assert.match(shown, /^New code in 1:(3\d|40)$/, '100 s, less what has gone by');
    await demo.sandbox.sandbox.phone.scan(text, 'bob');
    await onlySuccess(world);
  });

  test(`a clock set to be ${name} while a code is shown changes neither the code nor its time`, async (t) => {
    const world = await visit(browser, demo);
    t.after(() => world.close());
    const text = await codeOnScreen(world);
    const countdown = world.page.locator('[part="countdown"]');
    const before = await countdown.innerText();
    const looked = world.page.waitForRequest((request) => /\/attempts\/[\w-]{22}$/.test(request.url()));
    await world.page.evaluate(setWrongBy(wrongBy));
    await looked; // it may have been asleep
    assert.equal(await codeOnScreen(world), text);
    const seconds = (time: string) => Number(/(\d):(\d\d)$/.exec(time)![1]) * 60 + Number(time.slice(-2));
    const gone = seconds(before) - seconds(await countdown.innerText());
    assert.ok(gone >= 0 && gone < 30, `${gone} s`);
    await demo.sandbox.sandbox.phone.scan(text, 'bob');
    await onlySuccess(world);
  });
}
