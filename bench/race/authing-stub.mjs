// The three answers of Authing's that the peer's widget lives on, as its source reads them.

/** The smallest PNG there is: what the code shows is not the point here. */
const PICTURE =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

const KINDS = { gene: 'create', check: 'look', userinfo: 'claim' };

/** The call's kind by ours, so that a fault meets the same call of both. */
export const kindOf = (url) => KINDS[/\/qrcode\/(\w+)/.exec(url)?.[1]] ?? 'other';

export class AuthingStub {
  /** 0 not scanned, 1 scanned, 2 authorized. */
  status = 0;
  #codes = 0;

  answer(kind) {
    return { code: 200, message: 'ok', data: this.#data(kind) };
  }

  #data(kind) {
    if (kind === 'create') return { random: `r${++this.#codes}`, url: PICTURE };
    if (kind === 'look') {
      const { status } = this;
      return { status, userInfo: { nickname: 'Li Lei', photo: '' }, ...(status === 2 && { ticket: 't1' }) };
    }
    // A ticket that is used again gets the same answer: the kindest reading of what its documents leave open.
    if (kind === 'claim') return { id: 'u1', nickname: 'Li Lei', token: 'secret-it' };
    throw new Error(`a call that the widget was not known to make: ${kind}`);
  }
}
