import assert from 'node:assert/strict';
import test from 'node:test';
import { createSandbox, type SwitchName, type SwitchValues } from '../../../sandbox/src/index.ts';
import type { ClientAuth } from '../../src/index.ts';
import { withClouds } from '../clouds.ts';
import { readQr } from '../read-qr.ts';
import type { Browser } from '../harness.ts';

/*
 * Authing's contract leaves 36 points open. A login must work under every value of every one of them, or end in the one
 * way that is named here with its reason.
 */
const LOGIN = '200';
const ENDS_OTHERWISE: Record<string, string> = {
  'O10=error': '502 login_failed',
  'O10=status-null': '410 attempt_expired', // Authing says no more than that the code is gone
  'O10=envelope-1635': '409 step_required',
  'O10=envelope-1636': '409 step_required',
  'O10=envelope-1640': '409 step_required',
  'O10=envelope-1641': '409 step_required',
  'O10=envelope-1642': '409 step_required',
  'O10=envelope-1666': '409 step_required',
  'O10=stays-pending': '410 attempt_expired', // indistinguishable from nobody scanning
  'O12=first-answer-lost': '410 exchange_lost', // spent, and nobody has the tokens: a fresh code is the only way
  'O14-id-token=absent': '502 exchange_failed', // without an id_token nothing says who signed in
  'O15=basic': '502 exchange_failed', // the companion is set to post; the fitting method is tested below
  'O15=none': '502 exchange_failed',
};
const REFUSED_AT_ONCE: Record<string, string> = {
  // The companion is a server and sends no Origin: Authing's 安全域 must not be switched on for it.
  'O31=refused': '502 upstream_rejected',
  'O33-cause=no-connection': '502 upstream_rejected',
  'O33-cause=connection-disabled': '502 upstream_rejected',
  'O33-cause=wechat-secret': '502 upstream_rejected',
  'O33-cause=ip-not-listed': '502 upstream_rejected',
  'O33-cause=quota-45009': '502 upstream_rejected',
};

/** Creates, scans and follows, watches for as long as the attempt lives, claims. */
async function outcome(
  switches: Partial<SwitchValues>,
  clientAuth: ClientAuth = 'post',
  seed = 'newcomer',
): Promise<{ end: string; log: string[] }> {
  const authing = {
    clientAuth,
    ...(clientAuth === 'none' ? { allowPublicClient: 'whoever-sees-the-code-may-log-in' as const } : {}),
  };
  const { harness, sandbox } = withClouds({ switches }, { authing });
  let browser: Browser;
  try {
    browser = await harness.begin();
  } catch (error) {
    const status = /HTTP (\d+)/.exec(String(error))?.[1];
    return { end: `${status} ${status === '502' ? 'upstream_rejected' : 'upstream_unavailable'}`, log: harness.log };
  }
  const stream = await browser.stream();
  await harness.clock.advance(4_000);
  const text = await readQr(browser.attempt.qr);
  await sandbox.phone.scan(text, seed);
  await sandbox.phone.follow(seed);
  // Watched as a page would: until it is authorized or over.
  for (let second = 0; second < 140 && (stream.snapshots.at(-1)?.seq ?? 0) < 3; second++)
    await harness.clock.advance(1_000);
  const end = await browser.claimed();
  if (end === LOGIN) assert.equal(await browser.claimed(), LOGIN);
  return { end, log: harness.log };
}

for (const { name, meaning, values } of createSandbox().switches.all()) {
  for (const value of values) {
    const key = `${name}=${value}`;
    test(`${key} (${meaning})`, async () => {
      const { end } = await outcome({ [name as SwitchName]: value });
      assert.equal(end, REFUSED_AT_ONCE[key] ?? ENDS_OTHERWISE[key] ?? LOGIN);
    });
  }
}

test('each client authentication works when both sides are set to it', async () => {
  assert.equal((await outcome({ O15: 'basic' }, 'basic')).end, LOGIN);
  assert.equal((await outcome({ O15: 'none' }, 'none')).end, LOGIN);
  for (const mismatch of ['http-401', 'http-400', 'http-200'] as const) {
    const { end, log } = await outcome({ O15: 'basic', 'O15-mismatch': mismatch }, 'post');
    assert.equal(end, '502 exchange_failed');
    assert.ok(log.some((line) => line.includes('authing.exchange_refused')));
  }
});

test('older deployments: without the current status endpoint, in both forms of the older one', async () => {
  for (const O3 of ['http-404', 'status-code-404'] as const) {
    for (const O4 of ['bare', 'enveloped'] as const) {
      for (const O5 of ['ticket-null', 'absent', 'extra'] as const) {
        assert.equal((await outcome({ O3, O4, O5 })).end, LOGIN, `${O3} ${O4} ${O5}`);
      }
    }
  }
});

test('a code that expires at Authing ends, however Authing says so', async () => {
  for (const O6 of ['expired', 'status-null', 'error'] as const) {
    for (const O3 of ['present', 'http-404'] as const) {
      const { harness } = withClouds({ switches: { O6, O3, O19: '30s' } });
      const browser = await harness.begin();
      const stream = await browser.stream();
      await harness.clock.advance(29_000);
      assert.deepEqual(stream.statuses, ['pending']);
      await harness.clock.advance(110_000);
      assert.equal(stream.statuses.at(-1), 'expired', `${O6} ${O3}`);
      assert.ok(stream.ended);
    }
  }
});

test('keys: HS256 with the app secret, RS256 with the published ones, and no other way round', async () => {
  for (const value of ['hs256', 'rs256'] as const) assert.equal((await outcome({ 'O14-id-token': value })).end, LOGIN);
  assert.equal((await outcome({ O15: 'none', 'O14-id-token': 'rs256' }, 'none')).end, LOGIN);
});
