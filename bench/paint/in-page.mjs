/** Runs inside the page, before its own scripts: puts `measure` there. Serialized, so it may use nothing from outside itself. */
export function installMeasure() {
  /** After the frame that the next changes are in: the message is handled when its style, layout and paint are done. */
  const painted = () =>
    new Promise((resolve) => {
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.addEventListener('message', () => resolve(performance.now()));
        port1.start();
        port2.postMessage(null);
      });
    });

  /** The entry is queued when the answer is complete; it may be a moment late. */
  const requestEntry = async () => {
    for (let tries = 0; tries < 100; tries++) {
      const entry = performance.getEntriesByType('resource').find(({ name }) => name.endsWith('/attempts'));
      if (entry) return entry;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    throw new Error('no resource timing of POST /attempts');
  };

  const code = (element) => element.shadowRoot?.querySelector('svg[part~="code"]');
  const hasCode = (element) =>
    new Promise((resolve) => {
      if (code(element)) return resolve();
      const observer = new MutationObserver(() => {
        if (!code(element)) return;
        observer.disconnect();
        resolve();
      });
      observer.observe(element.shadowRoot, { childList: true, subtree: true });
    });

  const WAYS = {
    async element(endpoint) {
      document.body.insertAdjacentHTML(
        'beforeend',
        `<wechat-follow-login endpoint="${endpoint}"></wechat-follow-login>`,
      );
      const element = document.body.lastElementChild;
      await hasCode(element);
      return element;
    },
    /** What anything costs that waits for one answer and then shows something. */
    async 'fetch, then a div'(endpoint) {
      const answer = await fetch(`${endpoint}/attempts`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ challenge: 'x'.repeat(43) }),
      });
      await answer.json();
      return WAYS.div();
    },
    div() {
      document.body.append(document.createElement('div'));
      return document.body.lastElementChild;
    },
  };

  /** ms from the insert to the frame in which it stands: how much of that is the network's, and where the rest goes. */
  globalThis.measure = async (way, endpoint) => {
    performance.clearResourceTimings();
    await new Promise((resolve) => requestIdleCallback(resolve, { timeout: 1000 }));
    // From anywhere within a frame, as people's clicks come.
    await new Promise((resolve) => setTimeout(resolve, 20 + Math.random() * 17));
    const start = performance.now();
    const shown = await WAYS[way](endpoint);
    const inserted = performance.now();
    const end = await painted();
    const asked = way === 'div' ? start : (await requestEntry()).startTime;
    const answered = way === 'div' ? start : (await requestEntry()).responseEnd;
    shown.remove();
    const network = answered - asked;
    return {
      network,
      beyond: end - start - network,
      before: asked - start,
      toDom: inserted - answered,
      toPaint: end - inserted,
    };
  };
}
