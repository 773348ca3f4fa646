import { expect, waitUntil } from '@open-wc/testing';
import { takeSeat } from '../src/seats.ts';
import { companion, reach, show } from './support/element-bench.ts';

async function takeAll(): Promise<AbortController[]> {
  const taken: AbortController[] = [];
  for (;;) {
    const one = new AbortController();
    if (!(await takeSeat(one.signal))) return taken;
    taken.push(one);
  }
}
const leave = (taken: AbortController[]) => taken.forEach((one) => one.abort());

it('four connections of a browser stay open, the fifth finds no seat, and one that is left is taken again', async () => {
  const taken = await takeAll();
  expect(taken.length).to.equal(4);
  taken.pop()!.abort();
  const again = new AbortController();
  await waitUntil(() => takeSeat(again.signal));
  expect(await takeSeat(new AbortController().signal)).to.equal(false);
  again.abort();
  leave(taken);
});

it('without a seat an element looks now and then, and logs in all the same', async () => {
  const taken = await takeAll();
  const element = await show();
  await reach(element, 'ready');
  await waitUntil(() => companion.count('look') > 0, 'a plain look', { timeout: 4000 });
  expect(companion.count('stream')).to.equal(0);
  companion.set('authorized');
  await waitUntil(() => element.state.name === 'success', 'success', { timeout: 5000 });
  leave(taken);
});

it('a stream gives its seat back when the element leaves', async () => {
  const element = await show();
  await reach(element, 'ready');
  await waitUntil(() => companion.streams === 1);
  const held = await takeAll();
  expect(held.length).to.equal(3);
  leave(held);
  element.remove();
  await waitUntil(async () => {
    const all = await takeAll();
    leave(all);
    return all.length === 4;
  });
});
