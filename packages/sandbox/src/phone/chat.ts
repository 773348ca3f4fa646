import type { ChatLine } from '../wechat/people.ts';

/** The words of a line. Links inside an account's text (`weixin://bizmsgmenu`) will become tappable here. */
const contentOf = ({ text }: ChatLine): Node => document.createTextNode(text);

/** Adds what is new, so that a screen reader is not told the whole chat again; starts over when lines are gone. */
export function showChat(list: HTMLElement, chat: readonly ChatLine[], greeting: string): void {
  const lines: ChatLine[] = [{ from: 'notice', text: greeting, at: 0 }, ...chat];
  if (list.childElementCount > lines.length || list.firstElementChild?.textContent !== greeting) list.replaceChildren();
  const added = lines.slice(list.childElementCount);
  for (const line of added) {
    const item = document.createElement('li');
    item.className = line.from;
    item.append(contentOf(line));
    list.append(item);
  }
  // Not scrollIntoView: it would scroll the page that frames the phone as well.
  const log = list.parentElement;
  if (log && added.length > 0) log.scrollTop = log.scrollHeight;
}
