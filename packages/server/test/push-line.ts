import type { Harness } from './harness.ts';
import { sealed, type SealOptions } from './pushes.ts';
import { SANDBOX_DEFAULTS } from '../../sandbox/src/index.ts';
import { readReply } from '../../sandbox/src/wechat/reply.ts';
import { OPENID } from './pushes.ts';

/** What came back, or that the connection was closed without a word. */
export type Answered = { status: number; body: string; headers: Headers } | 'closed';

/** A line from WeChat to a companion, to send on it what the sandbox's phone would not. */
export class PushLine {
  readonly harness: Harness;
  constructor(harness: Harness) {
    this.harness = harness;
  }

  /** Sends bytes as they are. */
  async post(query: URLSearchParams | string, body: BodyInit, headers: Record<string, string> = {}): Promise<Answered> {
    const request = new Request(`https://login.example/wechat-login/wechat/push?${query.toString()}`, {
      method: 'POST',
      headers: { 'content-type': 'text/xml', ...headers },
      body,
    });
    try {
      const response = await this.harness.companion.fetch(request);
      return { status: response.status, body: await response.text(), headers: response.headers };
    } catch {
      return 'closed';
    }
  }

  /** Signs and encrypts, sends, and waits until it is answered. `advance` lets so many milliseconds pass meanwhile. */
  async push(
    fields: Record<string, string>,
    more: Partial<SealOptions> & { advance?: number } = {},
  ): Promise<Answered> {
    const { query, body } = sealed(fields, { now: this.harness.clock.now(), ...more });
    const answer = this.post(query, body);
    if (more.advance !== undefined) await this.harness.clock.advance(more.advance);
    return answer;
  }

  /** What the chat shows of an answer: its text, `null` for nothing, or why WeChat would show its failure notice. */
  said(answer: Answered, openid: string = OPENID): string | null {
    if (answer === 'closed') return 'no answer';
    const context = {
      account: SANDBOX_DEFAULTS,
      originalId: SANDBOX_DEFAULTS.originalId,
      openid,
      mode: 'secure' as const,
    };
    const reply = readReply(answer.body, context);
    if (reply.kind === 'nothing') return null;
    return reply.kind === 'line' ? reply.text : `unusable: ${reply.why}`;
  }
}
