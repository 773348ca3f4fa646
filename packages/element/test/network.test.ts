import { expect, fixture, html, oneEvent, waitUntil } from '@open-wc/testing';
import type { WechatFollowLogin } from '../src/define.ts';
import '../src/define.ts';
import { NetworkCompanion } from './support/network-companion.ts';

/** The server of this page by its other name. */
const ELSEWHERE = { origin: `http://127.0.0.1:${location.port}` };

async function ready(companion: NetworkCompanion): Promise<WechatFollowLogin> {
  const element = await fixture<WechatFollowLogin>(
    html`<wechat-follow-login endpoint=${companion.endpoint} lang="en"></wechat-follow-login>`,
  );
  await waitUntil(() => element.state.name === 'ready');
  await waitUntil(async () => (await companion.tell()).streams === 1);
  return element;
}

it('each snapshot arrives when it is sent, over a connection that stays open', async () => {
  const companion = new NetworkCompanion(location);
  const element = await ready(companion);
  // The connection has nothing more to say until the page has shown this: who waits for its end, waits for ever.
  await companion.set('scanned');
  await waitUntil(() => element.state.name === 'scanned');
  const success = oneEvent(element, 'login-success');
  await companion.set('authorized');
  expect((await success).detail.user.name).to.equal('Li Lei');
});

it('a companion of another origin is asked as CORS allows it, and the token travels in its header', async () => {
  const companion = new NetworkCompanion(ELSEWHERE);
  const element = await ready(companion);
  await companion.set('authorized');
  await waitUntil(() => element.state.name === 'success');
  const { calls } = await companion.tell();
  const asked = calls.filter(({ method }) => method !== 'OPTIONS');
  expect(asked.map(({ method, path }) => `${method} ${path}`)).to.deep.equal([
    'POST /attempts',
    'GET /attempts/a1/events',
    'POST /attempts/a1/claim',
  ]);
  expect(calls.map(({ origin }) => origin)).to.deep.equal(calls.map(() => location.origin));
  expect(asked.map(({ authorization }) => authorization)).to.deep.equal([null, 'Bearer w1', 'Bearer w1']);
  expect(calls[0]!.method).to.equal('OPTIONS');
});

it('an element that leaves the page hangs up', async () => {
  const companion = new NetworkCompanion(location);
  const element = await ready(companion);
  element.remove();
  await waitUntil(async () => (await companion.tell()).streams === 0);
});
