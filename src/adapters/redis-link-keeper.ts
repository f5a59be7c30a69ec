// Keeps one link to the stream: what is in doubt is left, and the next one is opened soon, wherever the stream stands then.

import type { RedisSettings } from '../core/store/store-settings.ts';
import type { OperationsLog } from '../ports.ts';
import { explainRedis } from './redis-refused.ts';
import { StreamLink } from './redis-stream-link.ts';
import type { Fields } from './redis-stream-link.ts';

/** The last one again and again. */
const reopenMilliseconds = [50, 100, 200, 400];

interface Told {
  /** A link has begun at the end of the stream. */
  readonly begun: (link: StreamLink) => void;
  readonly lost: () => void;
}

export class RedisLinkKeeper {
  readonly #settings: RedisSettings;
  readonly #first: Fields;
  readonly #log: OperationsLog;
  readonly #told: Told;
  #reopening: NodeJS.Timeout | undefined;
  #failures = 0;
  #closed = false;
  link: StreamLink | null = null;
  /** Why there is none, or why there was none and the next one has not carried anything yet; null where all is well. */
  trouble: string | null = null;
  /** Links after the first one. */
  reconnects = 0;

  /** `first`: what is written to find out where the stream ends. */
  constructor(settings: RedisSettings, first: Fields, log: OperationsLog, told: Told) {
    this.#settings = settings;
    this.#first = first;
    this.#log = log;
    this.#told = told;
  }

  /** Rejects, in words that name the fix, where Redis cannot be used. */
  async open(): Promise<void> {
    try {
      this.#begin(await this.#openLink());
    } catch (cause) {
      throw explainRedis(cause, this.#settings);
    }
  }

  lose(link: StreamLink, cause: unknown): void {
    if (link !== this.link) return;
    link.close();
    this.link = null;
    this.#note(cause);
    this.#told.lost();
    this.#reopen();
  }

  /** The link carries what it should. One that only opens, again and again, would be opened without a pause, and said to be well. */
  proved(): void {
    this.#failures = 0;
    if (this.trouble === null) return;
    this.trouble = null;
    this.#log.info({}, 'Gateways tell each other what changed again');
  }

  /** The last link, which is the caller's to close. */
  close(): StreamLink | null {
    const { link } = this;
    this.#closed = true;
    clearTimeout(this.#reopening);
    this.link = null;
    return link;
  }

  async #openLink(): Promise<StreamLink> {
    return StreamLink.open(this.#settings, `${this.#settings.prefix}{changes}`, this.#first);
  }

  #begin(link: StreamLink): void {
    if (this.#closed) return link.close();
    this.link = link;
    this.#told.begun(link);
  }

  #note(cause: unknown): void {
    const trouble = explainRedis(cause, this.#settings).message;
    if (trouble !== this.trouble) this.#log.warn({ error: trouble }, 'What gateways tell each other is interrupted');
    this.trouble = trouble;
  }

  #reopen(): void {
    const wait = reopenMilliseconds[Math.min(this.#failures, reopenMilliseconds.length - 1)];
    this.#failures += 1;
    this.#reopening = setTimeout(() => {
      this.#openLink().then(
        (link) => {
          this.reconnects += 1;
          return this.#begin(link);
        },
        (cause: unknown) => {
          if (this.#closed) return;
          this.#note(cause);
          this.#reopen();
        },
      );
    }, wait);
  }
}
