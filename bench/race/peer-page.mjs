// Runs inside the page: authing-js-sdk's own widget over the bench's network, on the clock that ours runs on.
import { AuthenticationClient } from 'authing-js-sdk';
import { FakeClock, settle } from '../../packages/element/test/support/fake-clock.ts';
import { AuthingStub, kindOf } from './authing-stub.mjs';
import { broken, carry } from './network.mjs';

const sleepForReal = globalThis.setTimeout.bind(globalThis);
let clock = new FakeClock();

// The page's timers go by the clock of the run. An interval keeps its beat however long its callback takes, as a browser's does.
Object.assign(globalThis, {
  setTimeout: (run, ms = 0, ...args) => clock.setTimeout(() => run(...args), ms),
  clearTimeout: (handle) => clock.clearTimeout(handle),
  setInterval(run, ms) {
    const mine = clock;
    const interval = {};
    const beat = () => {
      interval.handle = mine.setTimeout(beat, ms);
      run();
    };
    interval.handle = mine.setTimeout(beat, ms);
    return interval;
  },
  clearInterval: (interval) => interval && clock.clearTimeout(interval.handle),
});
addEventListener('unhandledrejection', (event) => event.preventDefault()); // told to nobody, so not an error that anybody sees

globalThis.runPeer = async ({ latency, at, fault, scanAfter, followAfter, watchFor, keepsTicket }) => {
  clock = new FakeClock();
  document.getElementById('qr').replaceChildren();
  const stub = new AuthingStub();
  const calls = [];
  const client = new AuthenticationClient({ appId: 'a', appHost: 'https://authing.example' });
  // Axios's own seam for the way to the server: everything of the package runs, from its parsing to its interval.
  client.httpClient.axios.defaults.adapter = async (config) => {
    const kind = kindOf(config.url);
    const call = { kind, nth: calls.filter((one) => one.kind === kind).length + 1, bytes: 0, frames: 0 };
    calls.push(call);
    const how = at?.kind === kind && at.nth === call.nth ? fault : undefined;
    const timeOut = new AbortController();
    const timer = clock.setTimeout(
      () => timeOut.abort(new Error(`timeout of ${config.timeout}ms exceeded`)),
      config.timeout,
    );
    const way = { clock, latency, fault: how, signal: timeOut.signal };
    const data = await carry(way, async () => JSON.stringify(stub.answer(kind)));
    clock.clearTimeout(timer);
    call.bytes = data.length;
    // XMLHttpRequest hands out no part of a body: broken off anywhere, the call has failed.
    if (how?.cut !== undefined) throw broken();
    return { data, status: 200, statusText: 'OK', headers: {}, config, request: {} };
  };

  const successes = [];
  const told = { shown: 0, errors: 0 };
  const { promise: loaded, resolve: settled } = Promise.withResolvers();
  const note = (what) => () => {
    told[what]++;
    settled();
  };
  void client.wechatmpqrcode.startScanning('qr', {
    autoExchangeUserInfo: !keepsTicket,
    onCodeShow: note('shown'),
    onCodeLoadFailed: note('errors'),
    onSuccess: () => successes.push(clock.now()),
    onError: note('errors'),
  });
  const answered = () => told.errors > 0 || calls[0]?.bytes > 0;
  for (let waited = 0; !answered() && waited < watchFor; waited += 100) await clock.advance(100);
  // The picture of the code is decoded in the browser's own time; the clock stands still meanwhile.
  await Promise.race([loaded, new Promise((give) => sleepForReal(give, 5000))]);
  await settle();
  if (!told.shown) return { successes: 0, errors: told.errors, ms: NaN, calls }; // what it shows now waits for a click, and nobody clicks
  await clock.advance(scanAfter);
  const scannedAt = clock.now();
  stub.status = 1;
  await clock.advance(followAfter);
  stub.status = 2;
  await clock.advance(watchFor);
  return { successes: successes.length, errors: told.errors, ms: successes[0] - scannedAt, calls };
};
