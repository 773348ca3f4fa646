import { expect, waitUntil } from '@open-wc/testing';
import { companion, reach, show } from './support/element-bench.ts';

const { now } = Date;
afterEach(() => (Date.now = now));

it('after the machine has slept it looks at once', async () => {
  const element = await show();
  await reach(element, 'ready');
  await waitUntil(() => companion.streams === 1);
  Date.now = () => now() + 600_000;
  await waitUntil(() => companion.count('look') === 1, 'a look', { timeout: 3000 });
  expect(element.state.name).to.equal('ready');
});

it('a wall clock that is wrong from the start disturbs nothing', async () => {
  Date.now = () => now() - 600_000;
  const element = await show();
  await reach(element, 'ready');
  companion.set('authorized');
  await reach(element, 'success');
  expect(companion.count('create')).to.equal(1);
});
