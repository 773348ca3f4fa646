import { createHash } from 'node:crypto';
import type { XmlElement } from './xml.ts';

interface Common {
  /** Who: the id of one person towards this account. Personal data. */
  openid: string;
  /** The account's original id, `gh_…`. */
  account: string;
  /** Unix seconds. */
  createdAt: number;
  /** Every top-level field by WeChat's own name; 64-bit ids stay text. A block's fields are in `blocks`. */
  fields: ReadonlyMap<string, string>;
  /** Fields that hold elements: `ScanCodeInfo`, `SendPicsInfo`, `SendLocationInfo`. */
  blocks: ReadonlyMap<string, XmlElement>;
}

interface Message extends Common {
  /** 64 bits, as text. */
  messageId: string;
}

/** What WeChat tells of: an event, or a message that somebody wrote. */
export type Push =
  | (Common & { type: 'subscribe'; scene: string | null; ticket: string | null })
  | (Common & { type: 'scan'; scene: string; ticket: string | null })
  | (Common & { type: 'unsubscribe' })
  | (Common & { type: 'click'; key: string })
  | (Common & { type: 'view'; url: string; menuId: string | null })
  | (Common & { type: 'location-report'; latitude: string; longitude: string; precision: string })
  | (Common & { type: 'template-sent'; messageId: string; status: string })
  /** Any other event, by WeChat's name in lower case: `scancode_push`, `pic_weixin`, `debug_demo`, … */
  | (Common & { type: 'event'; event: string; key: string })
  | (Message & { type: 'text'; content: string; menuId: string | null })
  | (Message & { type: 'image'; pictureUrl: string; mediaId: string })
  | (Message & { type: 'voice'; mediaId: string; format: string; recognition: string | null })
  | (Message & { type: 'video' | 'shortvideo'; mediaId: string; thumbMediaId: string })
  | (Message & { type: 'location'; latitude: string; longitude: string; scale: string; label: string })
  | (Message & { type: 'link'; title: string; description: string; url: string })
  /** Any other message, by WeChat's MsgType. */
  | (Message & { type: 'message'; messageType: string });

export type ScanPush = Extract<Push, { type: 'scan' | 'subscribe' }>;

const OPENID = /^[\w@.-]{1,128}$/;
const SECONDS = /^\d{10}$/;
const SCENE_PREFIX = 'qrscene_';

/** Null for a document that is no push. */
export function readPush(document: XmlElement): Push | null {
  if (document.name !== 'xml') return null;
  const fields = new Map<string, string>();
  const blocks = new Map<string, XmlElement>();
  for (const child of document.children) {
    if (child.children.length > 0) blocks.set(child.name, child);
    else fields.set(child.name, child.text);
  }
  const field = (name: string): string => fields.get(name) ?? '';
  const [openid, account, createTime, messageType] = [
    field('FromUserName'),
    field('ToUserName'),
    field('CreateTime'),
    field('MsgType').toLowerCase(),
  ];
  if (!OPENID.test(openid) || !OPENID.test(account) || !SECONDS.test(createTime) || messageType === '') return null;
  const common: Common = { openid, account, createdAt: Number(createTime), fields, blocks };
  return messageType === 'event'
    ? readEvent(common, field)
    : readMessage({ ...common, messageId: field('MsgId') }, messageType, field);
}

function readEvent(common: Common, field: (name: string) => string): Push {
  const key = field('EventKey');
  const ticket = field('Ticket') || null;
  // Official documents have written both `scan` and `SCAN`.
  const event = field('Event').toLowerCase();
  switch (event) {
    case 'subscribe':
      return { ...common, type: 'subscribe', scene: sceneOfFollow(key), ticket };
    case 'scan':
      return { ...common, type: 'scan', scene: key, ticket };
    case 'unsubscribe':
      return { ...common, type: 'unsubscribe' };
    case 'click':
      return { ...common, type: 'click', key };
    case 'view':
      return { ...common, type: 'view', url: key, menuId: field('MenuId') || null };
    case 'location': {
      const [latitude, longitude, precision] = [field('Latitude'), field('Longitude'), field('Precision')];
      return { ...common, type: 'location-report', latitude, longitude, precision };
    }
    case 'templatesendjobfinish':
      return { ...common, type: 'template-sent', messageId: field('MsgID'), status: field('Status') };
    default:
      return { ...common, type: 'event', event, key };
  }
}

/** WeChat puts one prefix in front on a follow, and only there: a scene may itself begin with `qrscene_`. */
function sceneOfFollow(key: string): string | null {
  return key.startsWith(SCENE_PREFIX) ? key.slice(SCENE_PREFIX.length) : null;
}

function readMessage(common: Message, messageType: string, field: (name: string) => string): Push {
  const mediaId = field('MediaId');
  switch (messageType) {
    case 'text':
      return { ...common, type: 'text', content: field('Content'), menuId: field('bizmsgmenuid') || null };
    case 'image':
      return { ...common, type: 'image', pictureUrl: field('PicUrl'), mediaId };
    case 'voice':
      return { ...common, type: 'voice', mediaId, format: field('Format'), recognition: field('Recognition') || null };
    case 'video':
    case 'shortvideo':
      return { ...common, type: messageType, mediaId, thumbMediaId: field('ThumbMediaId') };
    case 'location': {
      const [latitude, longitude] = [field('Location_X'), field('Location_Y')];
      return { ...common, type: 'location', latitude, longitude, scale: field('Scale'), label: field('Label') };
    }
    case 'link':
      return {
        ...common,
        type: 'link',
        title: field('Title'),
        description: field('Description'),
        url: field('Url'),
      };
    default:
      return { ...common, type: 'message', messageType };
  }
}

/**
 * What makes two deliveries the same push, as a digest: a message's MsgId; for what has none (events, above all) every field
 * there is. WeChat's own advice, openid and second, confuses a menu link with a location report, and any choice of fields
 * confuses the events that differ in another one.
 */
export function identityOf(push: Push): string {
  const isMessage = 'messageId' in push && push.type !== 'template-sent' && push.messageId !== '';
  const parts = isMessage
    ? ['message', push.messageId]
    : ['event', [...push.fields].sort(byName), [...push.blocks].sort(byName)];
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url');
}

const byName = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number => (a < b ? -1 : 1);
