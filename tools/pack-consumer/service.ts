// A server's code against the packed companion and sandbox. The line after a `wrong:` must be refused.
import { createCompanion } from '@wechat-follow-login/server';
import * as node from '@wechat-follow-login/server/node';
import { createSandbox } from '@wechat-follow-login/sandbox';
import { serveSandbox } from '@wechat-follow-login/sandbox/node';

type Companion = ReturnType<typeof createCompanion>;
declare const companion: Companion;
const answer: Promise<Response> | Response = companion.fetch(new Request('http://127.0.0.1/'), {
  address: '127.0.0.1',
});
// wrong: an answer is no number
const number: number = companion.fetch(new Request('http://127.0.0.1/'));
// wrong: nothing of the options is optional text
createCompanion('no options');

console.log(answer, number, node, createSandbox, serveSandbox);
