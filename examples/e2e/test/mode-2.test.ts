import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, FrameLocator } from 'playwright';
import { codeOnScreen, launch, openDemo, scanByHand, stateIs, statusPolls, type World } from '../src/world.ts';

let browser: Browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

async function withWorld(
  options: { confirm?: boolean; lang?: string },
  run: (world: World, text: string) => Promise<void>,
): Promise<void> {
  const world = await openDemo(browser, { mode: 2, ...options });
  try {
    await run(world, await codeOnScreen(world));
    assert.deepEqual(world.complaints, []);
  } finally {
    await world.close();
  }
}

const heard = async (world: World, type: string) => (await world.events()).filter((event) => event.type === type);

/** How many pushes the companion has forwarded to Authing. */
const forwards = ({ demo }: World): number => demo.sandbox.sandbox.log.count(demo.sandbox.sandbox.eventsPath);

async function signedInOnce(world: World): Promise<void> {
  await stateIs(world.page, 'success');
  await world.page.waitForTimeout(300);
  assert.equal((await heard(world, 'login-success')).length, 1);
  assert.equal(forwards(world), 1);
}

const phoneOf = ({ page }: World): FrameLocator => page.frameLocator('#phone');

for (const [user, newFollower] of [
  ['alice', true],
  ['bob', false],
] as const) {
  test(`the page knows of ${newFollower ? 'a follow' : 'a follower’s scan'} by the push alone, and then signs in`, async () => {
    await withWorld({}, async (world, text) => {
      const { sandbox } = world.demo.sandbox;
      // While Authing is slow to take the push nothing but the push can have told the page.
      sandbox.faults.add({ path: sandbox.eventsPath, fault: 'delay', ms: 1500, times: 1 });
      const pushedAt = Date.now();
      await sandbox.phone.scan(text, user);
      await sandbox.phone.follow(user);
      await stateIs(world.page, 'scanned');
      const [scan] = await heard(world, 'login-scan');
      assert.deepEqual(scan?.detail, { newFollower });
      assert.equal(statusPolls(world, pushedAt, scan.at), 0);
      await signedInOnce(world);
      assert.equal((await heard(world, 'login-scan')).length, 1);
      await sandbox.phone.settled();
      const replies = sandbox.phone.view(user).chat.map(({ from }) => from);
      assert.deepEqual(replies, ['account'], 'a friendly word, once');
    });
  });
}

test('three tries of a push that WeChat thinks unanswered are one login', async () => {
  await withWorld({}, async (world, text) => {
    const { sandbox } = world.demo.sandbox;
    sandbox.tamper.add({ tamper: 'lost-answer' });
    await sandbox.phone.scan(text, 'bob');
    await signedInOnce(world);
    await sandbox.phone.settled();
    assert.equal(sandbox.log.pushes.length, 3);
    await signedInOnce(world);
  });
});

test('a companion killed with -9 before the push comes back and signs the same page in, with one scan', async () => {
  await withWorld({}, async (world, text) => {
    const { sandbox } = world.demo.sandbox;
    const restarting = world.demo.restartCompanion('SIGKILL');
    await sandbox.phone.scan(text, 'bob');
    await restarting;
    await stateIs(world.page, 'success');
    await sandbox.phone.settled();
    assert.equal((await heard(world, 'login-success')).length, 1);
    assert.equal(sandbox.log.pushes[0]?.outcome, 'unreachable', 'it came while nobody was there');
    // Of its own calls to a companion that is down the browser complains by itself.
    world.complaints.length = 0;
  });
});

test('pushes doubled, replayed and signed anew are one login; forged ones are none', async () => {
  await withWorld({}, async (world, text) => {
    const { sandbox } = world.demo.sandbox;
    const forgeries = ['bad-signature', 'downgrade', 'other-app-id', 'bad-padding', 'stale-timestamp'] as const;
    for (const tamper of forgeries) {
      sandbox.tamper.add({ tamper });
      await sandbox.phone.scan(text, 'bob');
      await sandbox.phone.settled();
      assert.equal(sandbox.log.pushes.at(-1)?.outcome, 403, tamper);
    }
    assert.equal(forwards(world), 0);
    assert.equal((await heard(world, 'login-scan')).length, 0);
    for (const tamper of ['duplicate', 'replay', 're-sign'] as const) {
      sandbox.tamper.add({ tamper });
      await sandbox.phone.scan(text, 'bob');
      await sandbox.phone.settled();
      assert.equal(sandbox.log.pushes.at(-1)?.outcome, 200, tamper);
    }
    await stateIs(world.page, 'success');
    assert.equal((await heard(world, 'login-success')).length, 1);
  });
});

/** What the page shows to be found again in the chat. */
async function numberOnPage({ page }: World): Promise<string> {
  await stateIs(page, 'confirming');
  const element = page.locator('wechat-follow-login');
  const shown = (await element.locator('[part="stage"]').innerText()).trim();
  assert.match(shown, /^\d\d$/, 'large, and alone');
  assert.ok((await element.locator('[part="status"]').innerText()).includes(shown), 'said as well');
  return shown;
}

/** The numbers that the chat offers, as buttons. */
async function offered(world: World): Promise<string[]> {
  const buttons = phoneOf(world).locator('.lines .tap');
  await buttons.first().waitFor();
  const labels = await buttons.allTextContents();
  return labels.filter((label) => /^\d\d$/.test(label));
}

/** The page is told, Authing is not. */
async function nobodySignedIn(world: World): Promise<void> {
  await stateIs(world.page, 'cancelled');
  assert.equal(forwards(world), 0);
  assert.equal((await heard(world, 'login-success')).length, 0);
  const errors = await heard(world, 'login-error');
  assert.deepEqual(
    errors.map(({ detail }) => (detail as { code: string }).code),
    ['cancelled'],
  );
}

for (const [lang, notMe] of [
  ['en', 'Not me'],
  ['zh-CN', '不是我'],
] as const) {
  test(`with the question in the chat, a tap on the right number signs in (${lang})`, async () => {
    await withWorld({ confirm: true, lang }, async (world, text) => {
      await scanByHand(world, text);
      const number = await numberOnPage(world);
      const numbers = await offered(world);
      assert.equal(numbers.length, 3);
      assert.ok(numbers.includes(number));
      assert.equal(forwards(world), 0, 'held until the answer');
      await phoneOf(world).getByRole('button', { name: number, exact: true }).click();
      await signedInOnce(world);
    });
  });

  test(`"${notMe}" cancels, and the page says so`, async () => {
    await withWorld({ confirm: true, lang }, async (world, text) => {
      await scanByHand(world, text);
      await numberOnPage(world);
      await phoneOf(world).getByRole('button', { name: notMe, exact: true }).click();
      await nobodySignedIn(world);
    });
  });
}

test('the typed number is as good as the tapped one, whatever becomes of the id', async () => {
  await withWorld({ confirm: true }, async (world, text) => {
    world.demo.sandbox.sandbox.switches.set({ W3: 'absent' });
    await scanByHand(world, text);
    const number = await numberOnPage(world);
    await offered(world);
    await phoneOf(world).locator('#say-text').fill(number);
    await phoneOf(world).locator('#say').click();
    await signedInOnce(world);
  });
});

test('a wrong number cancels, and the right one afterwards changes nothing', async () => {
  await withWorld({ confirm: true }, async (world, text) => {
    await scanByHand(world, text);
    const number = await numberOnPage(world);
    const wrong = (await offered(world)).find((one) => one !== number);
    assert.ok(wrong);
    await phoneOf(world).getByRole('button', { name: wrong, exact: true }).click();
    await nobodySignedIn(world);
    await phoneOf(world).getByRole('button', { name: number, exact: true }).click();
    await world.demo.sandbox.sandbox.phone.settled();
    await nobodySignedIn(world);
  });
});

test('somebody else who names the right number signs nobody in', async () => {
  await withWorld({ confirm: true }, async (world, text) => {
    const { phone } = world.demo.sandbox.sandbox;
    await phone.scan(text, 'bob');
    const number = await numberOnPage(world);
    await phone.say(number, 'xiaomei');
    await phone.settled();
    assert.equal(forwards(world), 0);
    await phone.say(number, 'bob', number);
    await signedInOnce(world);
  });
});
