import { expect, waitUntil } from '@open-wc/testing';
import { companion, decode, part, pictureOf, reach, show } from './support/element-bench.ts';

async function enlarged() {
  const element = await show();
  await reach(element, 'ready');
  const button = part(element, 'enlarge')!;
  button.focus();
  button.click();
  const dialog = part(element, 'dialog') as HTMLDialogElement;
  expect(dialog.open).to.equal(true);
  return { element, button, dialog };
}

it('the code can be shown large, is read by a decoder, and the dialog is accessible', async () => {
  const { element, dialog } = await enlarged();
  const large = dialog.querySelector('svg')!;
  const small = part(element, 'code')!;
  expect(large.getBoundingClientRect().width).to.be.greaterThan(small.getBoundingClientRect().width);
  expect(await decode(pictureOf(large))).to.equal((companion.qr as { text: string }).text);
  await expect(element).to.be.accessible();
});

it('closed, it gives the focus back', async () => {
  const { element, button, dialog } = await enlarged();
  dialog.querySelector('button')!.click();
  expect(dialog.open).to.equal(false);
  expect(element.shadowRoot!.activeElement).to.equal(button);
});

it('a code that is replaced meanwhile is shown large as well', async () => {
  const { element, dialog } = await enlarged();
  companion.qr = { text: 'http://weixin.qq.com/q/02AnotherOneThatIsNew' };
  element.refresh();
  await waitUntil(() => companion.count('create') === 2);
  await reach(element, 'ready');
  const again = part(element, 'dialog') as HTMLDialogElement;
  expect(await decode(pictureOf((again ?? dialog).querySelector('svg')!))).to.equal(
    (companion.qr as { text: string }).text,
  );
});

it('a scan ends it, and the focus is kept in the card', async () => {
  const { element } = await enlarged();
  companion.set('scanned');
  await reach(element, 'scanned');
  expect(part(element, 'dialog')).to.equal(null);
  expect(element.shadowRoot!.activeElement).to.equal(part(element, 'card'));
});

it('moved or put back while it is large, it is small again and can be enlarged again', async () => {
  const { element, button, dialog } = await enlarged();
  const parent = element.parentElement!;
  element.remove();
  parent.append(element);
  expect(dialog.open).to.equal(false);
  button.click();
  expect(dialog.matches(':modal')).to.equal(true);
});
