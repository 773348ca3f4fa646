import type { PushField, PushHead } from './push.ts';

/**
 * Anything an account can be sent, as in the tables of WeChat's documentation: `{"MsgType":"event","Event":"CLICK",
 * "EventKey":"menu-1"}`. Names and order are the caller's; nested fields are objects (`ScanCodeInfo`). ToUserName,
 * FromUserName and CreateTime come from the sandbox.
 */
export interface AnyMessage {
  MsgType: string;
  [field: string]: FieldValue;
}
type FieldValue = string | { [field: string]: FieldValue };

/** What WeChat writes without CDATA, on the top level and inside another field. */
const BARE = new Set(
  'MsgId MsgID MenuId bizmsgmenuid Latitude Longitude Precision Location_X Location_Y Scale'.split(' '),
);
const BARE_INSIDE = new Set(['Count']);

const FIELD_NAME = /^[A-Za-z_]\w*$/;
const GIVEN = ['ToUserName', 'FromUserName', 'CreateTime'];

const isFields = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const toFields = (values: Record<string, FieldValue>, bare: ReadonlySet<string>): PushField[] =>
  Object.entries(values).map(([name, value]) => {
    if (typeof value !== 'string') return [name, { inside: toFields(value, BARE_INSIDE) }];
    return [name, bare.has(name) ? { bare: value } : value];
  });

function mistakesIn(values: Record<string, unknown>): string[] {
  return Object.entries(values).flatMap(([name, value]) => {
    if (!FIELD_NAME.test(name)) return [`${JSON.stringify(name)} is no field name`];
    if (isFields(value)) return mistakesIn(value);
    return typeof value === 'string' ? [] : [`"${name}" must be a string (ids have 64 bits) or hold fields`];
  });
}

/** Throws a TypeError that names every mistake. */
export function parseMessage(input: unknown): AnyMessage {
  if (!isFields(input)) throw new TypeError('"message" must hold fields such as {"MsgType":"event","Event":"CLICK"}');
  const mistakes = mistakesIn(input);
  if (typeof input['MsgType'] !== 'string') mistakes.push('"MsgType" is missing: "event", "text", "image" …');
  for (const name of GIVEN) if (name in input) mistakes.push(`"${name}" comes from the sandbox`);
  if (mistakes.length > 0) throw new TypeError(mistakes.join('; '));
  return input as AnyMessage;
}

/** A message that is no event gets an id when it has none. */
export function messageFields(
  { originalId, openid, createTime }: PushHead,
  message: AnyMessage,
  nextId: () => string,
): PushField[] {
  const fields = toFields(message, BARE);
  const needsId = message.MsgType !== 'event' && !('MsgId' in message);
  return [
    ['ToUserName', originalId],
    ['FromUserName', openid],
    ['CreateTime', { bare: String(createTime) }],
    ...fields,
    ...(needsId ? [['MsgId', { bare: nextId() }] as const] : []),
  ];
}
