import type { TamperKind } from './wechat/tamper.ts';

/** What the clouds received and sent. Paths only: a query or a body may hold secrets. */
export interface CallEntry {
  /** Milliseconds since 1970. */
  at: number;
  method: string;
  path: string;
  /** HTTP status, or `lost` when a fault broke the connection. */
  status: number | 'lost';
  /** `x-real-ip`, when the switch O32 has it recorded. */
  clientIp?: string;
}

export interface PushEntry {
  at: number;
  /** `SCAN`, `subscribe`, `CLICK` …, for a message its type: `text`, `image` … */
  event: string;
  /** 1, 2 or 3. */
  attempt: number;
  /** HTTP status, or why there was none. */
  outcome: number | 'timeout' | 'unreachable' | 'marked-as-failing';
  /** What was done to it on the way. */
  tamper?: TamperKind;
  /** Why WeChat cannot use the answer. */
  unusable?: string;
}

export interface PipelineEntry {
  at: number;
  userId: string;
  /** The pipeline's context, as the switch O29 shapes it. */
  context: unknown;
}

export interface SandboxLog {
  calls: CallEntry[];
  pushes: PushEntry[];
  pipeline: PipelineEntry[];
  /** How many calls a path has had so far. */
  count(path: string): number;
  clear(): void;
}

const LIMIT = 5000;

/** Appends and forgets the oldest: a demo may run for days. */
export function append<Entry>(entries: Entry[], entry: Entry): void {
  entries.push(entry);
  if (entries.length > LIMIT) entries.shift();
}

/** The file name of a QR picture is a ticket. */
export const withoutSecrets = (path: string): string => path.replace(/^(\/user-contentsqrcode\/[^/]+\/).*/, '$1…');

export function createLog(): SandboxLog {
  const log: SandboxLog = {
    calls: [],
    pushes: [],
    pipeline: [],
    count: (path) => log.calls.filter((call) => call.path === path).length,
    clear: () => {
      log.calls.length = 0;
      log.pushes.length = 0;
      log.pipeline.length = 0;
    },
  };
  return log;
}
