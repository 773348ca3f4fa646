import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose';
import type { Browser } from 'playwright';
import { codeOnScreen, launch, openDemo, scanByHand, stateIs, type World } from '../src/world.ts';

let browser: Browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

interface Success {
  delivery: string;
  user: { sub: string };
  tokens: { access_token: string; id_token: string };
}

async function successes(world: World): Promise<Success[]> {
  return (await world.events()).filter(({ type }) => type === 'login-success').map(({ detail }) => detail as Success);
}

/** Waits for the login and looks long enough to see a second one. */
async function exactlyOneSuccess(world: World): Promise<Success> {
  await stateIs(world.page, 'success');
  await world.page.waitForTimeout(300);
  const all = await successes(world);
  assert.equal(all.length, 1);
  return all[0]!;
}

test('a code read off a screenshot, scanned and followed on the phone, signs the page in with a token that verifies', async () => {
  const world = await openDemo(browser);
  try {
    const text = await codeOnScreen(world);
    assert.match(text, /^http:\/\/weixin\.qq\.com\/q\/02[\w-]{20}$/);
    await scanByHand(world, text);
    const { tokens, user } = await exactlyOneSuccess(world);
    const { url, sandbox } = world.demo.sandbox;
    const jwks = createRemoteJWKSet(new URL(`${url}/oidc/.well-known/jwks.json`));
    const { payload } = await jwtVerify(tokens.access_token, jwks, {
      issuer: `${url}/oidc`,
      audience: sandbox.account.appId,
    });
    assert.equal(payload.sub, user.sub);
    const secret = new TextEncoder().encode(sandbox.account.appSecret);
    assert.equal((await jwtVerify(tokens.id_token, secret, { issuer: `${url}/oidc` })).payload.sub, user.sub);
    assert.deepEqual(world.complaints, []);
    assert.ok(await world.page.locator('#account').isVisible());
  } finally {
    await world.close();
  }
});

test('the phone beside the page scans it with its own camera, in Chinese', async () => {
  const world = await openDemo(browser, { lang: 'zh-CN' });
  try {
    await stateIs(world.page, 'ready');
    const phone = world.page.frameLocator('#phone');
    await phone.locator('[data-testid="scan"]').click();
    await phone.locator('#follow').click();
    await exactlyOneSuccess(world);
    assert.deepEqual(world.complaints, []);
  } finally {
    await world.close();
  }
});

test('a companion killed with -9 while a code is shown comes back, and the same page logs in with the same code', async () => {
  const world = await openDemo(browser);
  try {
    const text = await codeOnScreen(world);
    await world.demo.restartCompanion('SIGKILL');
    await scanByHand(world, text);
    await exactlyOneSuccess(world);
    const created = world.answers.filter(
      (answer) => answer.request().method() === 'POST' && answer.url().endsWith('/attempts'),
    );
    assert.equal(created.length, 1);
  } finally {
    await world.close();
  }
});

test('a companion killed with -9 after the follow and before it has seen it logs in too', async () => {
  const world = await openDemo(browser);
  try {
    const text = await codeOnScreen(world);
    const { phone } = world.demo.sandbox.sandbox;
    const restarting = world.demo.restartCompanion('SIGKILL');
    await phone.scan(text, 'alice');
    await phone.follow('alice');
    await restarting;
    await exactlyOneSuccess(world);
  } finally {
    await world.close();
  }
});

test('one lost answer between page and companion, whichever it is, leaves exactly one success', async () => {
  for (const lost of [/\/attempts$/, /\/events$/, /\/claim$/]) {
    let times = 1;
    const world = await openDemo(browser, {
      before: (page) =>
        page.route(lost, async (route) => {
          if (route.request().method() === 'OPTIONS' || times-- <= 0) return route.continue();
          // For a claim: the companion has answered, the page has not heard it.
          if (lost.source.includes('claim')) await route.fetch();
          await route.abort('connectionreset');
        }),
    });
    try {
      await scanByHand(world, await codeOnScreen(world));
      await exactlyOneSuccess(world);
    } finally {
      await world.close();
    }
  }
});

test('when an exchange answer is lost a fresh code appears by itself, and that one logs in', async () => {
  const world = await openDemo(browser);
  try {
    const first = await codeOnScreen(world);
    const { sandbox } = world.demo.sandbox;
    sandbox.faults.add({ path: '/api/v3/exchange-tokenset-with-qrcode-ticket', fault: 'lose-answer', times: 1 });
    await sandbox.phone.scan(first, 'bob');
    let second = first;
    for (let tries = 0; second === first && tries < 50; tries++) {
      await world.page.waitForTimeout(200);
      second = await codeOnScreen(world);
    }
    assert.notEqual(second, first);
    assert.equal((await successes(world)).length, 0);
    await sandbox.phone.scan(second, 'bob');
    await exactlyOneSuccess(world);
  } finally {
    await world.close();
  }
});

test('Authing in trouble shows a clear state with a retry, and the retry works', async () => {
  for (const fault of ['error', 'html', 'drop', 'hang'] as const) {
    const world = await openDemo(browser);
    try {
      await stateIs(world.page, 'ready');
      world.demo.sandbox.sandbox.faults.add({ path: '/api/v3/gene-qrcode', fault });
      await world.page.evaluate(() =>
        (document.querySelector('wechat-follow-login') as unknown as { refresh(): void }).refresh(),
      );
      await stateIs(world.page, 'error');
      world.demo.sandbox.sandbox.faults.clear();
      const retry = world.page.locator('wechat-follow-login').getByRole('button').first();
      await retry.focus();
      await world.page.keyboard.press('Enter');
      await stateIs(world.page, 'ready');
      await codeOnScreen(world);
    } finally {
      await world.close();
    }
  }
});

test('nothing that the page receives, and no address it calls, holds a token, the claim aside', async () => {
  const world = await openDemo(browser);
  try {
    const text = await codeOnScreen(world);
    await scanByHand(world, text);
    const { tokens } = await exactlyOneSuccess(world);
    const secrets = [tokens.id_token, tokens.access_token, decodeJwt(tokens.access_token).jti].filter(
      (value) => typeof value === 'string',
    );
    assert.ok(secrets.length >= 2);
    let looked = 0;
    for (const answer of world.answers) {
      const { companion } = { companion: world.demo.companion().url };
      for (const secret of secrets) assert.ok(!answer.url().includes(secret));
      if (!answer.url().startsWith(companion) || answer.url().endsWith('/claim')) continue;
      const body = await answer.text().catch(() => '');
      looked++;
      for (const secret of secrets) assert.ok(!body.includes(secret), answer.url());
      assert.ok(!/ticket|qrcodeId/i.test(body), answer.url());
    }
    assert.ok(looked >= 2);
    const kept = await world.page.evaluate(() =>
      JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie, document.documentElement.outerHTML]),
    );
    for (const secret of secrets) assert.ok(!kept.includes(secret));
  } finally {
    await world.close();
  }
});
