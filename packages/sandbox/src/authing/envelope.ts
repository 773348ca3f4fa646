import { json } from '../http.ts';
import { randomUuid } from '../random-text.ts';
import type { World } from '../world.ts';

/** Authing's V3 envelope (authing.md §1.3): a business failure is HTTP 200 too. */
export const ok = (world: World, data: unknown): Response =>
  json({ statusCode: 200, message: '操作成功', requestId: randomUuid(world.random), data });

export interface Failure {
  statusCode: number;
  message: string;
  /** Left out where no code is published. */
  apiCode?: number;
  data?: unknown;
  /** HTTP status, 200 unless said. */
  http?: number;
}

export function failureBody(world: World, { statusCode, message, apiCode, data }: Failure): Record<string, unknown> {
  const { switches, random } = world;
  const form = switches.get('O18');
  return {
    statusCode,
    message,
    requestId: randomUuid(random),
    ...(apiCode === undefined || form === 'absent' ? {} : { apiCode: form === 'string' ? String(apiCode) : apiCode }),
    ...(switches.get('O18-legacy') === 'added'
      ? { code: apiCode ?? statusCode, uniqueId: randomUuid(random), data: null }
      : {}),
    ...(data === undefined ? {} : { data }),
  };
}

export const failure = (world: World, input: Failure): Response => json(failureBody(world, input), input.http ?? 200);

/** What the framework says about a path it does not have. */
export const noSuchPath = (method: string, path: string): Response =>
  json({ statusCode: 404, message: `Cannot ${method} ${path}`, error: 'Not Found' }, 404);

export function tooMany(world: World): Response {
  const form = world.switches.get('O20');
  const body = { statusCode: 429, message: '您的请求已超过最大数量限制，请稍后重试' };
  return json(body, form === 'http-200' ? 200 : 429, form === 'http-429-retry-after' ? { 'retry-after': '1' } : {});
}

/** V2's own envelope. */
export const ok2 = (data: unknown, message = '操作成功'): Response => json({ code: 200, message, data });
export const failure2 = (code: number, message: string): Response => json({ code, message, data: null });
