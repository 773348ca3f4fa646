import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { createMemoryStore, type Store } from '../../src/index.ts';
import { MODE_2, withPushes } from '../clouds.ts';
import { FakeClock, settle } from '../fake-clock.ts';
import type { Browser } from '../harness.ts';
import { PushLine } from '../push-line.ts';
import { scanOf, sealed, textSaying } from '../pushes.ts';

const EVENTS = new URL(MODE_2.eventsUrl).pathname;

/** What can happen around one attempt, in any order, any of it again or at the same time. */
const DEEDS = [
  'bob scans',
  'bob says right',
  'bob says wrong',
  'bob says not me',
  'bob says hello',
  'bob scans anew',
  'xiaomei scans',
  'xiaomei says right',
  'xiaomei says not me',
  'the page cancels',
  'the page looks',
] as const;
type Deed =
  (typeof DEEDS)[number] | 'restart' | 'ten seconds pass' | 'the code runs out' | 'Authing breaks' | 'Authing mends';

/** One attempt, and everything that happened to it. */
class Story {
  readonly clock = new FakeClock();
  readonly #store = createMemoryStore(this.clock);
  /** Runs each verb of the store when it likes: that is where two deliveries can come in each other's way. */
  interleave: ((name: string, run: () => Promise<unknown>) => Promise<unknown>) | null = null;
  readonly world = withPushes({ confirm: 'number' }, {}, { clock: this.clock, store: this.#interleaved() });
  readonly line = new PushLine(this.world.harness);
  readonly replies: string[] = [];
  browser!: Browser;
  #pushes = new Map<Deed, { fields: Record<string, string>; openid: string }>();

  #interleaved(): Store {
    return new Proxy(this.#store, {
      get: (target, name: keyof Store) => {
        const verb = target[name] as (...args: unknown[]) => Promise<unknown>;
        const run = (...args: unknown[]): Promise<unknown> => verb.apply(target, args);
        return (...args: unknown[]) => (this.interleave ? this.interleave(name, () => run(...args)) : run(...args));
      },
    });
  }

  async begin(): Promise<this> {
    this.browser = await this.world.harness.begin();
    const right = this.browser.attempt.confirmNumber!;
    const wrong = right === '10' ? '11' : '10';
    const at = this.clock.now() / 1000;
    const scan = (more: number): Record<string, string> =>
      scanOf(this.world.tickets[0]!, { CreateTime: String(at + more) });
    const bob = this.world.sandbox.phone.view('bob').user.openid;
    const xiaomei = this.world.sandbox.phone.view('xiaomei').user.openid;
    // Each is one push, so that doing it again is WeChat delivering it again.
    this.#pushes = new Map(
      Object.entries({
        'bob scans': { fields: scan(0), openid: bob },
        'bob scans anew': { fields: scan(1), openid: bob },
        'xiaomei scans': { fields: scan(0), openid: xiaomei },
        'bob says right': { fields: textSaying(right), openid: bob },
        'bob says wrong': { fields: textSaying(wrong), openid: bob },
        'bob says not me': { fields: textSaying('不是我'), openid: bob },
        'bob says hello': { fields: textSaying('hello'), openid: bob },
        'xiaomei says right': { fields: textSaying(right), openid: xiaomei },
        'xiaomei says not me': { fields: textSaying('不是我'), openid: xiaomei },
      }) as Array<[Deed, { fields: Record<string, string>; openid: string }]>,
    );
    return this;
  }

  async does(deed: Deed): Promise<string | null> {
    const push = this.#pushes.get(deed);
    if (push) {
      const { query, body } = sealed(push.fields, { now: this.clock.now(), openid: push.openid });
      const said = this.line.said(await this.line.post(query, body), push.openid);
      if (said !== null) this.replies.push(said);
      return said;
    }
    switch (deed) {
      case 'the page cancels':
        await this.browser.cancel();
        break;
      case 'the page looks':
        await this.browser.snapshot();
        break;
      case 'restart':
        this.world.harness.restart();
        break;
      case 'ten seconds pass':
        await this.clock.advance(10_000);
        break;
      case 'the code runs out':
        await this.clock.advance(136_000);
        break;
      case 'Authing breaks':
        this.world.sandbox.faults.add({ path: EVENTS, fault: 'drop' });
        break;
      case 'Authing mends':
        this.world.sandbox.faults.clear();
    }
    return null;
  }

  /** Calls that reached Authing's events endpoint, broken connections included. */
  get forwards(): number {
    return this.world.sandbox.log.count(EVENTS);
  }
  get arrived(): number {
    return this.world.sandbox.log.calls.filter(({ path, status }) => path === EVENTS && status !== 'lost').length;
  }
}

test('one after the other: forwarded exactly when the person who scanned first named the number in time', async () => {
  const any = fc.constantFrom<Deed>(
    ...DEEDS,
    'bob scans',
    'bob says right',
    'restart',
    'ten seconds pass',
    'the code runs out',
    'Authing breaks',
    'Authing mends',
  );
  const seen = { forwarded: 0, not: 0 };
  await fc.assert(
    fc.asyncProperty(fc.boolean(), fc.array(any, { maxLength: 12 }), async (isScanned, more) => {
      // Half of the stories begin where it gets interesting.
      const deeds: Deed[] = isScanned ? ['bob scans', ...more] : more;
      const story = await new Story().begin();
      const model = { first: '', asked: false, over: false, released: false, answered: new Set<Deed>(), at: 0 };
      for (const deed of deeds) {
        const before = story.forwards;
        await story.does(deed);
        await settle();
        advanceModel(model, deed);
        if (!model.released) assert.equal(story.forwards, before, `${deed} in ${deeds.join(', ')}`);
      }
      await story.does('Authing mends');
      await story.clock.advance(10_000);
      if (!model.released) assert.equal(story.forwards, 0, deeds.join(', '));
      if (model.released && !deeds.includes('Authing breaks') && !deeds.includes('the page cancels')) {
        assert.equal(story.arrived, 1, deeds.join(', '));
      }
      assert.ok(story.arrived <= 1);
      seen[model.released ? 'forwarded' : 'not']++;
    }),
    { numRuns: 300 },
  );
  assert.ok(seen.forwarded > 5 && seen.not > 5, JSON.stringify(seen));
});

/** The rule itself, told as simply as it goes. */
function advanceModel(
  model: { first: string; asked: boolean; over: boolean; released: boolean; answered: Set<Deed>; at: number },
  deed: Deed,
): void {
  if (deed === 'ten seconds pass') model.at += 10;
  if (deed === 'the code runs out') model.at += 136;
  // What was refused as too old, or answered before, is nothing new.
  if (model.at >= 135) model.over = true;
  const [who] = deed.split(' ');
  if (/scans/.test(deed) && !model.over && !model.released) {
    if (model.first === '') model.first = who!;
    if (model.first === who) model.asked = true;
  }
  // A push that meant nothing when it first came means nothing when it comes again.
  if (/says/.test(deed) && model.answered.has(deed)) return;
  model.answered.add(deed);
  if (model.over || model.released || !model.asked || who !== model.first) {
    if (deed === 'the page cancels') model.over = true;
    return;
  }
  if (/says right/.test(deed)) model.released = true;
  if (/says (wrong|not me)/.test(deed)) model.over = true;
}

test('all at once, in every order of every step inside: no forward without the right number, and never after a no', async () => {
  const seen = { forwarded: 0, cancelled: 0 };
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.array(fc.constantFrom<Deed>(...DEEDS, 'bob scans', 'bob says right', 'bob says not me'), {
        minLength: 1,
        maxLength: 5,
      }),
      fc.boolean(),
      async (scheduler, deeds, scannedBefore) => {
        const story = await new Story().begin();
        if (scannedBefore) await story.does('bob scans');
        story.interleave = (name, run) => scheduler.schedule(Promise.resolve(), name).then(run);
        const all = Promise.all(deeds.map((deed) => story.does(deed)));
        await scheduler.waitFor(all);
        story.interleave = null;
        await scheduler.waitAll();
        await settle();
        const said = await all;
        const before = story.forwards;
        await story.clock.advance(10_000);
        const isNamed = deeds.some((deed) => /says right/.test(deed));
        const label = deeds.join(', ');
        if (!isNamed) assert.equal(story.forwards, 0, label);
        if (said.some((text) => text?.includes('已取消'))) {
          // What was on its way when the no came cannot be called back, but it logs nobody in.
          seen.cancelled++;
          assert.equal(story.forwards, before, label);
          assert.equal((await story.browser.snapshot()).status, 'cancelled', label);
          assert.equal(await story.browser.claimed(), '410 attempt_cancelled', label);
        }
        assert.ok(story.forwards <= 1, label);
        if (scannedBefore && !deeds.includes('bob says right')) assert.equal(story.forwards, 0, label);
        if (story.forwards === 1) seen.forwarded++;
      },
    ),
    { numRuns: 400 },
  );
  assert.ok(seen.forwarded > 5 && seen.cancelled > 5, JSON.stringify(seen));
});
