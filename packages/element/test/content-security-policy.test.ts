import { expect } from '@open-wc/testing';
import { NetworkCompanion } from './support/network-companion.ts';

const POLICY =
  "default-src 'none'; script-src 'self'; connect-src 'self'; require-trusted-types-for 'script'; trusted-types lit-html";

it('lives under a policy that allows nothing but its script and its companion', async () => {
  const companion = new NetworkCompanion(location);
  const reports: { name: string; violations: string[]; hasStyle: boolean; hasCode: boolean; isDefined: boolean }[] = [];
  const done = new Promise<void>((resolve) => {
    addEventListener('message', ({ data }) => {
      if (!data?.violations) return;
      reports.push(data);
      if (data.name === 'ready') void companion.set('authorized');
      if (data.name === 'success') resolve();
    });
  });
  const page = document.createElement('iframe');
  const script = new URL('support/strict-page.ts', import.meta.url);
  script.searchParams.set('endpoint', companion.endpoint);
  page.srcdoc = `<!doctype html><html lang="en"><head><meta http-equiv="Content-Security-Policy" content="${POLICY}">
    <title>strict</title></head><body><script type="module" src="${script.href}"></script></body></html>`;
  document.body.append(page);
  await done;
  page.remove();
  const ready = reports.find(({ name }) => name === 'ready');
  expect(ready).to.deep.equal({ name: 'ready', violations: [], hasStyle: true, hasCode: true, isDefined: true });
  expect(reports.at(-1)!.violations).to.deep.equal([]);
});

it('the policy of that page is in force', async () => {
  const page = document.createElement('iframe');
  page.srcdoc = `<!doctype html><html><head><meta http-equiv="Content-Security-Policy" content="${POLICY}"></head><body></body></html>`;
  document.body.append(page);
  await new Promise((resolve) => page.addEventListener('load', resolve));
  const inner = page.contentDocument!;
  inner.body.setAttribute('style', 'display: grid');
  expect(page.contentWindow!.getComputedStyle(inner.body).display).to.equal('block');
  if ('trustedTypes' in globalThis) expect(() => (inner.body.innerHTML = '<p>x</p>')).to.throw(/TrustedHTML/);
  page.remove();
});
