import type { Call, Reply } from '../http.ts';
import type { Context } from './context.ts';
import { attemptOf } from './token.ts';

/** `DELETE /attempts/{id}` */
export async function cancel(call: Call, id: string, context: Context): Promise<Reply> {
  await context.login.cancel(attemptOf(call, id, context));
  return { status: 204, headers: {}, body: null };
}
