import type { Status } from '@wechat-follow-login/protocol';

interface Account {
  calls: { method: string; path: string; origin: string | null; authorization: string | null }[];
  streams: number;
}

/** The page's hand on a companion of network-companion.mjs. */
export class NetworkCompanion {
  readonly endpoint: string;
  readonly #place: string;

  /** Of this page alone: pages and browsers share the server. */
  constructor(from: { origin: string }) {
    this.#place = `/network-companion/${crypto.randomUUID()}`;
    this.endpoint = `${from.origin}${this.#place}/wechat-login`;
  }

  async set(status: Status): Promise<void> {
    await fetch(this.#place, { method: 'PUT', body: JSON.stringify({ status }) });
  }

  async tell(): Promise<Account> {
    const response = await fetch(this.#place, { cache: 'no-store' });
    return (await response.json()) as Account;
  }
}
