import type { Account, ClaimResult } from '@wechat-follow-login/protocol';
import type { OpenCount, RateLimit } from '../limits.ts';
import type { Login } from '../login/login.ts';
import type { Progress } from '../login/progress.ts';
import type { TicketIndex } from '../login/ticket-index.ts';
import type { Watch } from '../login/watch.ts';
import type { Metrics } from '../metrics.ts';
import type { Clock, Log, Random, Store } from '../ports.ts';
import type { KeyRing } from '../seal.ts';
import type { PushDesk } from '../push-desk.ts';
import type { Streams } from '../streams.ts';

/** What the routes work with. */
export interface Context {
  login: Login;
  progress: Progress;
  watch: Watch;
  streams: Streams;
  /** Both null without Mode 2. */
  tickets: TicketIndex | null;
  desk: PushDesk | null;
  store: Store;
  keys: KeyRing;
  clock: Clock;
  random: Random;
  log: Log;
  account: Account | null;
  createLimits: { perPeer: RateLimit; all: RateLimit };
  metrics: Metrics;
  metricsToken: string | null;
  delivery: ClaimResult['delivery'];
  /** The host's back end redeems codes with it; null with another delivery than `code`. */
  redeemKey: string | null;
  /** How often what anybody can bring about is logged as a warning, each kind for itself. */
  warnings: RateLimit;
  /** Long polls held open, per peer and (under the key '') in all. */
  waiting: OpenCount;
}
