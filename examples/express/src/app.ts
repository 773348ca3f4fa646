import {
  createCompanion,
  type ChatReply,
  type Companion,
  type CompanionOptions,
  type Push,
} from '@wechat-follow-login/server';
import { toNodeHandler } from '@wechat-follow-login/server/node';
import express, { type Express } from 'express';

/** A shop that had its own server for the account's messages before there was a login. */
export interface Shop {
  app: Express;
  companion: Companion;
  /** Who has asked for what in the chat, the newest last. */
  questions: Array<{ openid: string; text: string }>;
}

export function createShop(options: CompanionOptions): Shop {
  const questions: Shop['questions'] = [];
  const { wechat } = options;
  const companion = createCompanion({
    ...options,
    ...(wechat && {
      wechat: {
        ...wechat,
        onPush: (push) => answer(push, questions),
        onUnfollow: ({ openid }) => forget(openid, questions),
      },
    }),
  });
  const app = express();
  // Before any body parser: pushes are read, and verified, byte by byte.
  app.use(companion.basePath, toNodeHandler(companion));
  app.use(express.json());
  app.post('/api/basket', (request, response) => {
    response.json({ items: [request.body?.item ?? null] });
  });
  return { app, companion, questions };
}

/** What the account answered already before. Logins are none of its business, though it hears of them too. */
function answer(push: Push, questions: Shop['questions']): ChatReply | undefined {
  switch (push.type) {
    case 'text':
      questions.push({ openid: push.openid, text: push.content });
      return { type: 'text', content: `We have your question: ${push.content}` };
    case 'click':
      return push.key === 'HOURS' ? { type: 'text', content: 'We are open from nine to five.' } : undefined;
    default:
      return undefined;
  }
}

/** WeChat demands that the data of somebody who unfollows is deleted. */
function forget(openid: string, questions: Shop['questions']): void {
  const kept = questions.filter((question) => question.openid !== openid);
  questions.splice(0, questions.length, ...kept);
}
