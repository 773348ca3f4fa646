import { expect } from '@open-wc/testing';
import { NetworkCompanion } from './support/network-companion.ts';

interface Report {
  name: string;
  violations: string[];
  hasStyle: boolean;
  hasCode: boolean;
  isDefined: boolean;
}

/** A file and no `srcdoc`: in one Firefox runs no module script under such a policy. */
function open(companion: NetworkCompanion, onReport: (report: Report) => void): HTMLIFrameElement {
  const page = document.createElement('iframe');
  page.src = new URL(
    `support/strict-page.html?endpoint=${encodeURIComponent(companion.endpoint)}`,
    import.meta.url,
  ).href;
  addEventListener('message', ({ data, source }) => {
    if (source === page.contentWindow && data?.violations) onReport(data as Report);
  });
  document.body.append(page);
  return page;
}

it('lives under a policy that allows nothing but its script and its companion', async () => {
  const companion = new NetworkCompanion(location);
  const reports: Report[] = [];
  let page!: HTMLIFrameElement;
  await new Promise<void>((resolve) => {
    page = open(companion, (report) => {
      reports.push(report);
      if (report.name === 'ready') void companion.set('authorized');
      if (report.name === 'success') resolve();
    });
  });
  page.remove();
  const ready = reports.find(({ name }) => name === 'ready');
  expect(ready).to.deep.equal({ name: 'ready', violations: [], hasStyle: true, hasCode: true, isDefined: true });
  expect(reports.at(-1)!.violations).to.deep.equal([]);
});

it('the policy of that page is in force', async () => {
  let page!: HTMLIFrameElement;
  // Not its `load` event: WebKit hangs when a frame is removed whose modules are still on their way.
  await new Promise((resolve) => (page = open(new NetworkCompanion(location), resolve)));
  const inner = page.contentDocument!;
  inner.body.setAttribute('style', 'display: grid');
  expect(page.contentWindow!.getComputedStyle(inner.body).display).to.equal('block');
  // Not every browser has Trusted Types; each that has them words the error its own way.
  if ('trustedTypes' in globalThis) {
    const before = inner.body.innerHTML;
    expect(() => (inner.body.innerHTML = '<p>x</p>')).to.throw();
    expect(inner.body.innerHTML).to.equal(before);
  }
  page.remove();
});
