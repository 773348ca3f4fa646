import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { snippet, withSnippet } from './readme-snippet.mjs';

const README = `# Title

<!-- written by tools/readme-snippet.mjs -->

old

<!-- /written -->

The rest.
`;

test('the script tag names the version, and the digest that a browser compares', () => {
  const text = snippet('1.2.3', 'code');
  const digest = createHash('sha384').update('code').digest('base64');
  assert.match(text, /src="[^"]+\/wechat-follow-login@1\.2\.3\/dist\/wechat-follow-login\.min\.js"/);
  assert.ok(text.includes(`integrity="sha384-${digest}"`));
  assert.match(text, /crossorigin="anonymous"/); // without it a browser refuses a digest on another origin
});

test('only what stands between the marks is written', () => {
  const text = withSnippet(README, snippet('1.2.3', 'code'));
  assert.ok(text.startsWith('# Title\n') && text.endsWith('\nThe rest.\n'));
  assert.ok(!text.includes('old'));
});

test('a text that is right stays as it is, and another file makes it wrong', () => {
  const text = withSnippet(README, snippet('1.2.3', 'code'));
  assert.equal(withSnippet(text, snippet('1.2.3', 'code')), text);
  assert.notEqual(withSnippet(text, snippet('1.2.3', 'other code')), text);
  assert.notEqual(withSnippet(text, snippet('1.2.4', 'code')), text);
});

test('a text without its marks, or with two pairs of them, is refused', () => {
  assert.throws(() => withSnippet('# Title\n', snippet('1.2.3', 'code')), /once each/);
  assert.throws(() => withSnippet(README + README, snippet('1.2.3', 'code')), /once each/);
});
