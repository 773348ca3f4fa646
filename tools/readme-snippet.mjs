// The READMEs' script tag: the version, and the digest of the very file that the build wrote, so that whoever copies the tag
// runs those bytes or nothing. The build writes it. With --check: whether what git would commit says the same; in a fresh
// clone that is what was committed, and a stale one fails there although the build has just put the files right.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './local.mjs';
import { read, report } from './sources.mjs';

export const READMES = ['README.md', 'README.zh-CN.md', 'packages/element/README.md'];
const ELEMENT = path.join(root, 'packages/element');
const DROP_IN = 'dist/wechat-follow-login.min.js';
const BEGIN = '<!-- written by tools/readme-snippet.mjs -->';
const END = '<!-- /written -->';

/** What stands between the two marks, as prettier would have it. */
export function snippet(version, code) {
  const digest = createHash('sha384').update(code).digest('base64');
  return `
\`\`\`html
<script
  type="module"
  src="https://cdn.example/wechat-follow-login@${version}/${DROP_IN}"
  integrity="sha384-${digest}"
  crossorigin="anonymous"
></script>
<wechat-follow-login endpoint="https://login.example.com/wechat-login"></wechat-follow-login>
\`\`\`

`;
}

/** The text with this snippet between its marks. Throws where they do not stand there once. */
export function withSnippet(text, wanted) {
  const [before, rest, ...more] = text.split(BEGIN);
  const [old, after, ...others] = (rest ?? '').split(END);
  if (rest === undefined || after === undefined || more.length + others.length > 0) {
    throw new Error(`expected ${BEGIN} and ${END}, once each and in this order`);
  }
  return old.trim() === wanted.trim() ? text : `${before}${BEGIN}\n${wanted}${END}${after}`;
}

function built() {
  const { version } = JSON.parse(readFileSync(path.join(ELEMENT, 'package.json'), 'utf8'));
  return snippet(version, readFileSync(path.join(ELEMENT, DROP_IN)));
}

export function writeSnippets() {
  const wanted = built();
  for (const file of READMES) {
    const text = read(file);
    const right = withSnippet(text, wanted);
    if (right === text) continue;
    writeFileSync(path.join(root, file), right);
    console.log(
      `${file}: the script tag was out of date, and is written anew; commit it with what changed the drop-in`,
    );
  }
}

/** As it would be committed: git's index, which in a fresh clone is the commit. Without git: the file. */
function committed(file) {
  const { status, stdout } = spawnSync('git', ['show', `:${file}`], { cwd: root, encoding: 'utf8' });
  return status === 0 ? stdout : read(file);
}

function check() {
  const wanted = built();
  const complaints = READMES.flatMap((file) => {
    try {
      const text = committed(file);
      return withSnippet(text, wanted) === text
        ? []
        : [`${file}: the script tag in git is not that of this build; build, then git add ${file}`];
    } catch (error) {
      return [`${file}: ${error.message}`];
    }
  });
  report('readme snippet', `${READMES.length} files`, complaints);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  if (process.argv.includes('--check')) check();
  else writeSnippets();
}
