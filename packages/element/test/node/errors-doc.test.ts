import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { PROBLEMS, type ProblemCode } from '@wechat-follow-login/protocol';
import { type BrowserErrorCode, LoginError } from '../../src/errors.ts';
import { createLoginApi } from '../../src/login-api.ts';
import { LoginFlow } from '../../src/login-flow.ts';
import { createProof } from '../../src/pkce.ts';
import { stringsOf, textsOf } from '../../src/strings.ts';
import { FakeClock, settle } from '../support/fake-clock.ts';

// docs/errors.md and its translation against what the source says, and against what really happens.

const root = new URL('../../../../', import.meta.url);
const read = (file: string): string => readFileSync(new URL(file, root), 'utf8');

interface Row {
  code: string;
  http: string | null;
  retry: string;
  seen: string;
}

const DOCUMENTS = [
  { file: 'docs/errors.md', lang: 'en', yes: 'yes', no: 'no', quoted: /“([^”]+)”/ },
  { file: 'docs/errors.zh-CN.md', lang: 'zh-CN', yes: '是', no: '否', quoted: /“([^”]+)”/ },
].map((document) => ({ ...document, rows: rowsOf(read(document.file)) }));

/** Rows of the two tables: those whose first cell is a code alone. The browser's own codes have no column for HTTP. */
function rowsOf(text: string): Row[] {
  return text
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .filter(([, code]) => /^`\w+`$/.test(code ?? ''))
    .map((cells) => {
      const [, code, ...rest] = cells;
      const http = /^\d/.test(rest[0]!) ? rest.shift()! : null;
      return { code: code!.slice(1, -1), http, retry: rest[0]!, seen: rest[2]! };
    });
}

const problems = Object.keys(PROBLEMS) as ProblemCode[];
const ofBrowser = [
  .../BrowserErrorCode =([^;]+);/.exec(read('packages/element/src/errors.ts'))![1]!.matchAll(/'(\w+)'/g),
].map(([, code]) => code as BrowserErrorCode);

/** What the browser's own codes say of themselves, by making each happen. */
const HAPPENS: Record<BrowserErrorCode, () => Promise<boolean>> = {
  network: () => refusal('network', () => Promise.reject(new TypeError('Failed to fetch'))),
  timeout: () =>
    refusal(
      'timeout',
      (_url, init) => new Promise((_resolve, reject) => init!.signal!.addEventListener('abort', reject)),
    ),
  bad_response: () => refusal('bad_response', async () => new Response('<html>', { status: 200 })),
  async cancelled() {
    const flow = new LoginFlow({ endpoint: '/', clock: new FakeClock(), fetch: () => new Promise(() => {}) });
    const told = new Promise<boolean>((resolve) => flow.on('error', ({ retryable }) => resolve(retryable)));
    flow.start();
    flow.cancel();
    return told;
  },
  async insecure_context() {
    const { crypto } = globalThis;
    Object.defineProperty(globalThis, 'crypto', { value: {}, configurable: true });
    try {
      return await retryableOf(createProof(), 'insecure_context');
    } finally {
      Object.defineProperty(globalThis, 'crypto', { value: crypto, configurable: true });
    }
  },
  async invalid_configuration() {
    const said = /code: 'invalid_configuration', retryable: (\w+)/.exec(
      read('packages/element/src/login-controller.ts'),
    );
    return said![1] === 'true';
  },
};

/** Whether a call that meets such a network may be made again. */
async function refusal(code: BrowserErrorCode, fetch: typeof globalThis.fetch): Promise<boolean> {
  const clock = new FakeClock();
  const asked = createLoginApi('/', fetch, clock).create('x', undefined, new AbortController().signal);
  const told = retryableOf(asked, code);
  await settle();
  await clock.advance(60_000);
  return told;
}

async function retryableOf(failing: Promise<unknown>, code: string): Promise<boolean> {
  const error = await failing.then(
    () => assert.fail('expected a failure'),
    (cause: unknown) => cause,
  );
  assert.ok(error instanceof LoginError);
  assert.equal(error.code, code);
  return error.retryable;
}

for (const { file, lang, yes, no, quoted, rows } of DOCUMENTS) {
  test(`${file}: one row for each code that there is, and none for another`, () => {
    assert.deepEqual(rows.map(({ code }) => code).sort(), [...problems, ...ofBrowser].sort());
  });

  test(`${file}: HTTP status and retry of the companion's codes`, () => {
    for (const code of problems) {
      const { status, retryable } = PROBLEMS[code];
      const row = rows.find((one) => one.code === code)!;
      // streams.ts answers 503 where the limit is that of all.
      assert.equal(row.http, code === 'too_many_streams' ? `${status}, 503` : String(status), code);
      assert.equal(row.retry, retryable ? yes : no, code);
    }
  });

  test(`${file}: retry of the browser's own codes, as they happen`, async () => {
    for (const code of ofBrowser) {
      const row = rows.find((one) => one.code === code)!;
      assert.equal(row.http, null, code);
      assert.equal(row.retry, (await HAPPENS[code]()) ? yes : no, code);
    }
  });

  test(`${file}: the words that a person sees are the element's`, () => {
    const [, strings] = stringsOf(lang);
    const said = rows.filter(({ seen }) => seen.startsWith('“'));
    assert.ok(said.length > rows.length / 2);
    for (const { code, retry, seen } of said) {
      const [title] = textsOf({ name: 'error', account: null, code, retryable: retry === yes }, strings, '');
      assert.equal(quoted.exec(seen)![1], title, code);
    }
  });
}
