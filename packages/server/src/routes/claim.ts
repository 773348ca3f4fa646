import { json, type Call, type Reply } from '../http.ts';
import { jsonBody } from './body.ts';
import type { Context } from './context.ts';
import { attemptOf } from './token.ts';

/** `POST /attempts/{id}/claim` */
export async function claim(call: Call, id: string, context: Context): Promise<Reply> {
  const attempt = attemptOf(call, id, context);
  const { verifier } = await jsonBody(call);
  return json(200, await context.login.claim(attempt, verifier));
}
