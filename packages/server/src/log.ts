import type { Log, LogFields } from './ports.ts';

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];
export type LogFormat = 'json' | 'text';

/** Enough of an id to find its lines, too little to use it. */
export function shortId(id: string): string {
  return id.slice(0, 6);
}

/** One line an event. JSON escapes control characters by itself; the text form is JSON behind the event's name. */
export function createLog(
  level: LogLevel,
  format: LogFormat,
  write: (line: string) => void,
  now: () => number = () => Date.now(),
): Log {
  const from = LOG_LEVELS.indexOf(level);
  const at =
    (name: LogLevel) =>
    (event: string, fields: LogFields = {}): void => {
      if (LOG_LEVELS.indexOf(name) < from) return;
      const time = new Date(now()).toISOString();
      write(
        format === 'json'
          ? `${JSON.stringify({ time, level: name, event, ...fields })}\n`
          : `${time} ${name.padEnd(5)} ${event} ${JSON.stringify(fields)}\n`,
      );
    };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

/** The host's log, made safe to call anywhere: one that throws must not end a stream, or the process. */
export function guardLog(log: Log): Log {
  const guard =
    (level: keyof Log) =>
    (event: string, fields?: LogFields): void => {
      try {
        log[level](event, fields);
      } catch {
        // nowhere left to say so
      }
    };
  return { debug: guard('debug'), info: guard('info'), warn: guard('warn'), error: guard('error') };
}

export const SILENT: Log = { debug() {}, info() {}, warn() {}, error() {} };

/** An address carries its query, and a push's query its sender. */
const ADDRESS = /\b[a-z][a-z0-9+.-]*:\/\/\S+/gi;
const SECRET_LIKE = /[\w\-+/=.%~]{20,}/g;
// eslint-disable-next-line no-control-regex -- control characters are what is to be removed
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/**
 * Text of somebody else's (Authing's message, an error's), fit for the log: no control characters, at most 200
 * characters, and whatever is long enough to be an id, a ticket or a token blotted out.
 */
export function foreignText(text: unknown): string {
  return String(text).replace(CONTROL, ' ').replace(ADDRESS, '…').replace(SECRET_LIKE, '…').slice(0, 200);
}
