import type { Article, ChatLine } from '../wechat/people.ts';
import { readChatText } from './chat-text.ts';
import type { ChatPart } from './chat-text.ts';
import type { Strings } from './strings.ts';

/** A tap on a link of the account's menu. */
export type OnTap = (text: string, menuId: string | null) => void;

function withClass<Name extends 'button' | 'span' | 'div' | 'p' | 'strong'>(
  name: Name,
  className: string,
  text: string,
): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name);
  element.className = className;
  element.textContent = text;
  return element;
}

function showPart(part: ChatPart, { inertLink }: Strings, onTap: OnTap): Node {
  switch (part.kind) {
    case 'text':
      return document.createTextNode(part.text);
    case 'link': {
      const link = withClass('span', 'inert', part.label);
      link.title = inertLink;
      return link;
    }
    case 'tap': {
      const button = withClass('button', 'tap', part.label);
      button.type = 'button';
      button.addEventListener('click', () => onTap(part.text, part.menuId));
      return button;
    }
  }
}

/** Its picture is not loaded: the phone talks to the sandbox only. */
function showArticle({ title, description }: Article): Node {
  const card = withClass('div', 'article', '');
  card.append(withClass('strong', '', title));
  if (description !== '') card.append(withClass('p', '', description));
  return card;
}

function contentOf(line: ChatLine, strings: Strings, onTap: OnTap): Node[] {
  if (line.articles) return line.articles.map(showArticle);
  // Whoever writes from this phone writes text; only the account's replies have links.
  if (line.from !== 'account') return [document.createTextNode(line.text)];
  if (line.text === '[image]') return [withClass('span', 'picture', strings.image)];
  return readChatText(line.text).map((part) => showPart(part, strings, onTap));
}

/** Adds what is new, so that a screen reader is not told the whole chat again; starts over when lines are gone. */
export function showChat(list: HTMLElement, chat: readonly ChatLine[], strings: Strings, onTap: OnTap): void {
  const greeting = strings.followed;
  const lines: ChatLine[] = [{ from: 'notice', text: greeting, at: 0 }, ...chat];
  if (list.childElementCount > lines.length || list.firstElementChild?.textContent !== greeting) list.replaceChildren();
  const added = lines.slice(list.childElementCount);
  for (const line of added) {
    const item = document.createElement('li');
    item.className = line.from;
    item.append(...contentOf(line, strings, onTap));
    list.append(item);
  }
  // Not scrollIntoView: it would scroll the page that frames the phone as well.
  const log = list.parentElement;
  if (log && added.length > 0) log.scrollTop = log.scrollHeight;
}
