import assert from 'node:assert/strict';
import test from 'node:test';
import type { AttemptState, Store } from '../src/ports.ts';

const MINUTE = 60_000;
const state = (status: AttemptState['status'], more: Partial<AttemptState> = {}): AttemptState => ({
  status,
  newFollower: null,
  user: null,
  error: null,
  ...more,
});

/** What every store must do. `pass` moves that store's idea of time by so many milliseconds. */
export function testStore(
  name: string,
  make: () =>
    | Promise<{ store: Store; pass: (ms: number) => Promise<void> }>
    | { store: Store; pass: (ms: number) => Promise<void> },
): void {
  const it = (
    what: string,
    run: (made: { store: Store; pass: (ms: number) => Promise<void> }) => Promise<void>,
  ): void => {
    test(`${name}: ${what}`, async () => {
      const made = await make();
      try {
        await run(made);
      } finally {
        await made.store.close();
      }
    });
  };

  it('knows nothing of an attempt that nobody told it of', async ({ store }) => {
    assert.equal(await store.read('a'), null);
    assert.equal(await store.peek('a'), null);
  });

  it('keeps a first pending, which is how a later process sees that it is not the first', async ({ store }) => {
    assert.equal((await store.advance('a', state('pending'), MINUTE)).advanced, true);
    assert.equal((await store.read('a'))?.status, 'pending');
    assert.equal((await store.advance('a', state('pending'), MINUTE)).advanced, false);
    assert.equal(await store.read('b'), null);
  });

  it('moves only forwards, and answers what holds', async ({ store }) => {
    await store.advance('a', state('authorized'), MINUTE);
    const late = await store.advance('a', state('scanned'), MINUTE);
    assert.deepEqual([late.advanced, late.state.status], [false, 'authorized']);
    await store.advance('a', state('cancelled'), MINUTE);
    for (const status of ['claimed', 'expired', 'failed', 'authorized'] as const) {
      assert.equal((await store.advance('a', state(status), MINUTE)).advanced, false, status);
    }
    assert.equal((await store.read('a'))?.status, 'cancelled');
  });

  it('forgets no newFollower, and learns a late one', async ({ store }) => {
    await store.advance('a', state('scanned'), MINUTE);
    const late = await store.advance('a', state('scanned', { newFollower: true }), MINUTE);
    assert.deepEqual([late.advanced, late.state.newFollower], [false, true]);
    const { state: after } = await store.advance('a', state('authorized'), MINUTE);
    assert.deepEqual([after.status, after.newFollower], ['authorized', true]);
    await store.advance('a', state('authorized', { newFollower: false }), MINUTE);
    assert.equal((await store.read('a'))?.newFollower, true);
    await store.advance('b', state('expired'), MINUTE);
    await store.advance('b', state('scanned', { newFollower: true }), MINUTE);
    assert.equal((await store.read('b'))?.newFollower, null);
  });

  it('lets one of many that finish an attempt at once win', async ({ store }) => {
    const rivals = (['cancelled', 'expired', 'failed'] as const).map((status) =>
      store.advance('a', state(status), MINUTE),
    );
    const answers = await Promise.all(rivals);
    assert.equal(answers.filter(({ advanced }) => advanced).length, 1);
    assert.equal(new Set(answers.map(({ state: { status } }) => status)).size, 1);
  });

  it('tells subscribers of that attempt each change, and of no other', async ({ store, pass }) => {
    const heard: string[] = [];
    const other: string[] = [];
    const stop = await store.subscribe('a', ({ status }) => heard.push(status));
    await store.subscribe('aa', ({ status }) => other.push(status));
    await store.advance('a', state('scanned', { newFollower: true }), MINUTE);
    await store.advance('a', state('scanned'), MINUTE);
    await store.advance('a', state('authorized'), MINUTE);
    await pass(1);
    stop();
    await store.advance('a', state('claimed'), MINUTE);
    await pass(1);
    assert.deepEqual(heard, ['scanned', 'authorized']);
    assert.deepEqual(other, []);
  });

  it('says yes once per key and time to live, however many ask together', async ({ store, pass }) => {
    const answers = await Promise.all(Array.from({ length: 50 }, () => store.once('k', MINUTE)));
    assert.equal(answers.filter(Boolean).length, 1);
    assert.equal(await store.once('k2', MINUTE), true);
    await pass(MINUTE);
    assert.equal(await store.once('k', MINUTE), true);
  });

  it('counts every call, each key for itself, and from its first call on', async ({ store, pass }) => {
    const sums = await Promise.all(Array.from({ length: 5 }, () => store.count('k', MINUTE)));
    assert.deepEqual(sums.sort(), [1, 2, 3, 4, 5]);
    assert.equal(await store.count('other', MINUTE), 1);
    await pass(MINUTE);
    assert.equal(await store.count('k', MINUTE), 1);
  });

  it('holds a value until it is dropped or its time is over', async ({ store, pass }) => {
    await store.hold('k', 'v', MINUTE);
    await store.hold('k2', 'v2', MINUTE);
    assert.equal(await store.peek('k'), 'v');
    await store.drop('k');
    assert.deepEqual([await store.peek('k'), await store.peek('k2')], [null, 'v2']);
    await pass(MINUTE);
    assert.equal(await store.peek('k2'), null);
  });

  it('gives a held value to one of many that take it at once, and its neighbours stay', async ({ store, pass }) => {
    for (const key of ['k', 'k2', 'k3']) await store.hold(key, `${key}'s`, MINUTE);
    const taken = await Promise.all(Array.from({ length: 50 }, () => store.take('k')));
    assert.deepEqual(
      taken.filter((value) => value !== null),
      ["k's"],
    );
    assert.deepEqual([await store.peek('k'), await store.peek('k2')], [null, "k2's"]);
    assert.equal(await store.take('never held'), null);
    await store.hold('k', 'again', MINUTE);
    assert.equal(await store.take('k'), 'again');
    await pass(MINUTE);
    assert.equal(await store.take('k3'), null);
  });

  it('shortens a life and never lengthens it', async ({ store, pass }) => {
    await store.hold('k', 'v', 10_000);
    await store.shorten('k', MINUTE);
    await pass(9_000);
    assert.equal(await store.peek('k'), 'v');
    await store.shorten('k', 500);
    await pass(500);
    assert.equal(await store.peek('k'), null);
    await store.shorten('k', MINUTE);
    assert.equal(await store.peek('k'), null);
  });

  it('holds the first of many values, and tells everybody which it was', async ({ store, pass }) => {
    const held = await Promise.all(Array.from({ length: 20 }, (_, i) => store.holdFirst('k', String(i), MINUTE)));
    assert.equal(new Set(held).size, 1);
    assert.equal(await store.peek('k'), held[0]);
    await pass(MINUTE);
    assert.equal(await store.holdFirst('k', 'new', MINUTE), 'new');
  });

  const job = (id: string): { id: string; value: string } => ({ id, value: `value of ${id}` });

  it('takes a job in once per id, done or not, until its time is over', async ({ store, pass }) => {
    const added = await Promise.all(Array.from({ length: 20 }, () => store.enqueue('q', job('a'), MINUTE, 9)));
    assert.equal(added.filter((answer) => answer === 'added').length, 1);
    assert.equal(added.filter((answer) => answer === 'known').length, 19);
    const leased = await store.lease('q', 10, 1_000);
    assert.deepEqual(leased, [{ ...job('a'), tries: 1 }]);
    await store.finish('q', 'a');
    assert.equal(await store.enqueue('q', job('a'), MINUTE, 9), 'known');
    await pass(2_000);
    assert.deepEqual(await store.lease('q', 10, 1_000), []);
    await pass(MINUTE);
    assert.equal(await store.enqueue('q', job('a'), MINUTE, 9), 'added');
  });

  it('leases a job to one taker at a time, and again when that one is not heard of', async ({ store, pass }) => {
    for (const id of ['a', 'b', 'c']) await store.enqueue('q', job(id), MINUTE, 9);
    const takers = await Promise.all([
      store.lease('q', 2, 5_000),
      store.lease('q', 2, 5_000),
      store.lease('q', 2, 5_000),
    ]);
    assert.deepEqual(
      takers
        .flat()
        .map(({ id }) => id)
        .sort(),
      ['a', 'b', 'c'],
    );
    assert.ok(takers.every((jobs) => jobs.length <= 2));
    await store.finish('q', 'b');
    await pass(5_000);
    const again = await store.lease('q', 10, 5_000);
    assert.deepEqual(again.map(({ id, tries }) => [id, tries]).sort(), [
      ['a', 2],
      ['c', 2],
    ]);
  });

  it('takes in no more jobs than may be open, and a done one makes room', async ({ store }) => {
    const added = await Promise.all(['a', 'b', 'c', 'd'].map((id) => store.enqueue('q', job(id), MINUTE, 2)));
    assert.deepEqual(added.sort(), ['added', 'added', 'full', 'full']);
    const [first] = await store.lease('q', 1, 1_000);
    assert.equal(await store.enqueue('q', job('e'), MINUTE, 2), 'full');
    assert.equal(await store.enqueue('other', job('e'), MINUTE, 2), 'added');
    await store.finish('q', first!.id);
    assert.equal(await store.enqueue('q', job('e'), MINUTE, 2), 'added');
    assert.equal(await store.enqueue('q', job(first!.id), MINUTE, 9), 'known');
  });

  it('brings a postponed job when its time has come, and queues do not mix', async ({ store, pass }) => {
    await store.enqueue('q', job('a'), MINUTE, 9);
    await store.lease('q', 1, 30_000);
    await store.postpone('q', 'a', 2_000);
    assert.deepEqual(await store.lease('other', 1, 1_000), []);
    await pass(1_999);
    assert.deepEqual(await store.lease('q', 1, 1_000), []);
    await pass(1);
    assert.equal((await store.lease('q', 1, 1_000)).length, 1);
    await store.postpone('q', 'never there', 1);
    await store.finish('q', 'never there');
  });

  it('lists the newest entries, newest first, and no more than asked for', async ({ store, pass }) => {
    assert.deepEqual(await store.listed('l'), []);
    for (const value of ['a', 'b', 'c']) await store.append('l', value, 2, MINUTE);
    assert.deepEqual(await store.listed('l'), ['c', 'b']);
    await pass(MINUTE);
    assert.deepEqual(await store.listed('l'), []);
  });

  it('forgets the state of an attempt after its time', async ({ store, pass }) => {
    await store.advance('a', state('scanned'), MINUTE);
    await pass(MINUTE);
    assert.equal(await store.read('a'), null);
  });
}
