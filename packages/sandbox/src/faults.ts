import type { SandboxClock } from './clock.ts';
import { wait } from './clock.ts';
import { lostConnection, text } from './http.ts';

export const FAULT_KINDS = [
  'drop',
  'delay',
  'html',
  'error',
  'lose-answer',
  'http-500',
  'http-429',
  'hang',
  'errcode',
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

export interface Fault {
  /** Whole path, e.g. `/api/v3/get-qrcode-status`. */
  path: string;
  fault: FaultKind;
  /** How long `delay` waits before the request is processed, milliseconds. Default 1000. */
  ms?: number;
  /** How many requests it meets. Default: all, until it is cleared. */
  times?: number;
  /** WeChat's error code for `errcode`, on `/cgi-bin/…`. Default -1. */
  errcode?: number;
}

/** The answers that differ between the clouds. */
export interface FaultAnswers {
  error(status: 200 | 500): Response;
  tooMany(): Response;
  errcode(code: number): Response;
}

export interface Faults {
  add(fault: Fault): void;
  clear(): void;
  all(): readonly Fault[];
  /** Runs `process` unless a fault is set for the path; throws a TypeError for a broken connection. */
  run(request: Request, path: string, process: () => Promise<Response>): Promise<Response>;
}

/** Throws a TypeError that names every mistake. */
export function parseFault(input: Record<string, unknown>): Fault {
  const mistakes: string[] = [];
  const { path, fault, ms, times, errcode } = input;
  if (typeof path !== 'string' || !path.startsWith('/'))
    mistakes.push('"path" must be a path such as "/api/v3/gene-qrcode"');
  if (!FAULT_KINDS.includes(fault as FaultKind)) mistakes.push(`"fault" must be one of ${FAULT_KINDS.join(', ')}`);
  if (ms !== undefined && !(typeof ms === 'number' && ms >= 0)) mistakes.push('"ms" must be a number of milliseconds');
  if (times !== undefined && !(Number.isInteger(times) && Number(times) > 0))
    mistakes.push('"times" must be a positive integer');
  if (errcode !== undefined && !Number.isInteger(errcode)) mistakes.push('"errcode" must be an integer');
  if (mistakes.length > 0) throw new TypeError(mistakes.join('; '));
  return input as unknown as Fault;
}

const HTML =
  '<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n';
export const badGateway = (): Response => text(HTML, 502, 'text/html');

export function createFaults(clock: SandboxClock, answers: FaultAnswers, closed: Promise<void>): Faults {
  let faults: Fault[] = [];
  const take = (path: string): Fault | undefined => {
    const fault = faults.find((candidate) => candidate.path === path);
    if (fault?.times !== undefined && --fault.times === 0) faults = faults.filter((other) => other !== fault);
    return fault;
  };
  const hang = (request: Request): Promise<never> =>
    new Promise((_, reject) => {
      request.signal.addEventListener('abort', () => reject(lostConnection()), { once: true });
      void closed.then(() => reject(lostConnection()));
    });

  return {
    add: (fault) => faults.push({ ...parseFault({ ...fault }) }),
    clear: () => {
      faults = [];
    },
    all: () => faults,
    run: async (request, path, process) => {
      const fault = take(path);
      switch (fault?.fault) {
        case undefined:
          return process();
        case 'delay':
          await wait(clock, fault.ms ?? 1000);
          return process();
        case 'drop':
          throw lostConnection();
        case 'hang':
          return hang(request);
        case 'lose-answer':
          await process();
          throw lostConnection();
        case 'html':
          return badGateway();
        case 'error':
          return answers.error(200);
        case 'http-500':
          return answers.error(500);
        case 'http-429':
          return answers.tooMany();
        case 'errcode':
          return answers.errcode(fault.errcode ?? -1);
      }
    },
  };
}
