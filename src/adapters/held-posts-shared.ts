// Held posts where several gateways have them in common: what one keeps is shown, sent and discarded at all. Lists are read from
// memory once what the others told has been read; what must happen once is decided by the statement that does it.

import { Fault } from '../core/faults.ts';
import type { HeldContent, HeldOwner, HeldPosts, HeldSummary, LateOwner } from '../held-ports.ts';
import type { OperationsLog } from '../ports.ts';
import type { SharedParts } from '../shared-ports.ts';
import type { SqliteHeldPosts } from './held-posts-sqlite.ts';
import { inTime } from './in-time.ts';

const sweepMilliseconds = 30_000;
/** Told where more than single posts have gone: everything is read anew. */
const everything = '*';

export class SharedHeldPosts implements HeldPosts {
  readonly #posts: SqliteHeldPosts;
  readonly #shared: SharedParts;
  readonly #log: OperationsLog;
  readonly #unread = new Set<string>();
  #reading: Promise<void> | null = null;
  readonly #timer: NodeJS.Timeout;

  /** `posts` must be opened as shared. */
  constructor(posts: SqliteHeldPosts, shared: SharedParts, log: OperationsLog) {
    this.#posts = posts;
    this.#shared = shared;
    this.#log = log;
    shared.changes.follow('held-posts', (entries) => {
      for (const entry of entries) this.#unread.add(entry);
      // At once, so that the limits are held by what is there. What fails is read by whoever asks next.
      void this.#readUnread().catch((cause: unknown) => log.warn({ cause }, 'What other gateways keep could not be read'));
    });
    shared.changes.onMissed(async () => {
      this.#unread.add(everything);
      await this.#readUnread();
    });
    this.#timer = setInterval(() => void this.sweep(), sweepMilliseconds).unref();
  }

  endedLately(key: string): LateOwner | null {
    return this.#posts.endedLately(key);
  }

  reserve(who: HeldOwner, bytes: number, draft?: 'draft'): (() => void) | null {
    return this.#posts.reserve(who, bytes, draft);
  }

  async hold(id: string, who: HeldOwner, application: string, content: HeldContent, draft?: 'draft'): Promise<void> {
    await this.#posts.hold(id, who, application, content, draft);
    await this.#tell(id);
  }

  async of(who: HeldOwner, application: string): Promise<readonly HeldSummary[]> {
    await this.#current();
    return this.#posts.of(who, application);
  }

  async open(who: HeldOwner, application: string, id: string): Promise<HeldContent | null> {
    await this.#current();
    return this.#posts.open(who, application, id);
  }

  async take(id: string): Promise<boolean> {
    await this.#current();
    const isTaken = await this.#posts.take(id);
    await this.#tell(id);
    return isTaken;
  }

  async answered(id: string, status: number): Promise<void> {
    await this.#posts.answered(id, status);
    await this.#tell(id);
  }

  async discard(who: HeldOwner, application: string, id: string): Promise<boolean> {
    await this.#current();
    const isGone = await this.#posts.discard(who, application, id);
    if (isGone) await this.#tell(id);
    return isGone;
  }

  async discardAll(who: HeldOwner): Promise<number> {
    const gone = await this.#posts.discardAll(who);
    // By whose session it was they are known at all gateways, and must be at none.
    await this.#tell(everything);
    return gone;
  }

  /** The one that leads takes the rows away, and records what nobody sent. */
  async sweep(): Promise<void> {
    if (this.#shared.leadership.leads) await this.#posts.removeExpired();
    else this.#posts.forgetExpired();
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#posts.close();
  }

  async #tell(entry: string): Promise<void> {
    // What is being read may be from before.
    if (this.#reading !== null) this.#unread.add(entry);
    const isKnown = await this.#shared.changes.tell('held-posts', [entry]);
    if (!isKnown) this.#log.warn({}, 'The other gateways may not know yet what became of a held post');
  }

  /** Rejects with Fault `session-store-unavailable`. */
  async #current(): Promise<void> {
    if (!(await this.#shared.changes.caughtUp()))
      throw new Fault('session-store-unavailable', { detail: 'What other gateways keep could not be heard' });
    if (this.#unread.size > 0 || this.#reading !== null) await inTime(this.#readUnread(), 'Held posts could not be read in time');
  }

  /** One reading at a time, until nothing is left to read. */
  async #readUnread(): Promise<void> {
    this.#reading ??= this.#readAll().finally(() => {
      this.#reading = null;
    });
    return this.#reading;
  }

  async #readAll(): Promise<void> {
    while (this.#unread.size > 0) {
      const marked = [...this.#unread];
      this.#unread.clear();
      try {
        await (marked.includes(everything) ? this.#posts.reload() : this.#posts.reread(marked));
      } catch (cause) {
        for (const entry of marked) this.#unread.add(entry);
        throw cause;
      }
    }
  }
}
