/** A piece of a text reply. */
export type ChatPart =
  | { kind: 'text'; text: string }
  /** A tap sends `text`, with the id beside it. */
  | { kind: 'tap'; label: string; text: string; menuId: string | null }
  /** A link that leads out of the chat: shown, and does nothing here. */
  | { kind: 'link'; label: string };

/** Only this spelling is a link; everything else is text, as it stands. */
const LINK = /<a\s+href=(?:"([^"<>]*)"|'([^'<>]*)')\s*>([^<]*)<\/a>/gi;

const MENU = /^weixin:\/\/bizmsgmenu\/?\?(.*)$/i;

function readLink(href: string, label: string): ChatPart {
  const query = MENU.exec(href.trim().replaceAll('&amp;', '&'))?.[1];
  if (query === undefined) return { kind: 'link', label };
  const fields = new URLSearchParams(query);
  const text = fields.get('msgmenucontent') ?? '';
  // Without a text there is nothing that a tap could send.
  return text === '' ? { kind: 'link', label } : { kind: 'tap', label, text, menuId: fields.get('msgmenuid') };
}

/** The little markup that WeChat's client reads in a text reply. */
export function readChatText(text: string): ChatPart[] {
  const parts: ChatPart[] = [];
  const addText = (piece: string) => {
    if (piece !== '') parts.push({ kind: 'text', text: piece });
  };
  let read = 0;
  for (const found of text.matchAll(LINK)) {
    addText(text.slice(read, found.index));
    parts.push(readLink(found[1] ?? found[2] ?? '', found[3] ?? ''));
    read = found.index + found[0].length;
  }
  addText(text.slice(read));
  return parts;
}
