// One feed of the access record: follows the log from where its receiver has come to, tells it what its order makes of each
// record, once and in order, and moves the cursor when the receiver has taken it. What is not taken waits in the log. No request
// knows of it.

import type { FeedOrder, FeedReceiver, Telling } from '../feed-ports.ts';
import { originOf } from './audit-checkpoint.ts';
import { AuditDurableEnd } from './audit-durable-end.ts';
import { causeInWords } from './audit-refused.ts';
import { beginFeed } from './feed-begin.ts';
import type { FeedBegin, FeedStart } from './feed-begin.ts';
import type { FeedCursor, FeedPlace } from './feed-cursor.ts';
import { ReceiverBusy } from './feed-wait.ts';

/** How far a feed is. */
export interface FeedStatus {
  readonly where: string;
  /** The last record told, and how many there are behind it. */
  readonly told: number;
  readonly behind: number;
  /** When the oldest of them was written, epoch milliseconds; null: there is none, or it is not known yet. */
  readonly oldestAt: number | null;
  readonly failure: string | null;
  /** Messages the receiver will never take, in this run. */
  readonly refused: number;
}

export interface FeedTask<Message> {
  readonly where: string;
  /** The log's directory first, then the fallback. */
  readonly directories: readonly string[];
  readonly begin: FeedBegin;
  /** The last record when the gateway began, for those that begin now; null where it is not known. */
  readonly since?: number | null;
  readonly receiver: FeedReceiver<Message>;
  readonly cursor: FeedCursor;
  /** Made anew wherever reading begins; records up to `already` were told before. */
  readonly order: (already: number) => FeedOrder<Message>;
}

interface Reading<Message> {
  readonly follower: FeedStart['follower'];
  readonly order: FeedOrder<Message>;
}

/** Records read ahead of what is taken: of a log that says little, most tell nothing. */
const mostAhead = 2000;
const firstWaitMilliseconds = 1000;
const longestWaitMilliseconds = 60_000;
const longestAskedMilliseconds = 600_000;

export class AuditFeed<Message> {
  readonly #task: FeedTask<Message>;
  readonly #end: AuditDurableEnd;
  #place: Reading<Message> | null = null;
  /** What the cursor says. */
  #at: FeedPlace = { sequence: 0, hash: '', from: 1, taken: 0 };
  /** Read from the log and not yet taken. */
  #waiting: Telling<Message>[] = [];
  #failure: string | null = null;
  #wait = 0;
  /** The trouble there is now came from the receiver and not from the log. */
  #isReceivers = false;

  constructor(task: FeedTask<Message>) {
    this.#task = task;
    this.#end = new AuditDurableEnd(task.directories);
  }

  get status(): FeedStatus {
    const { where, receiver } = this.#task;
    const behind = Math.max(0, this.#end.last - this.#at.sequence);
    const oldest = Date.parse(this.#waiting[0]?.time ?? '');
    const oldestAt = behind === 0 || Number.isNaN(oldest) ? null : oldest;
    return { where, told: this.#at.sequence, behind, oldestAt, failure: this.#failure, refused: receiver.refused };
  }

  /** How long to wait after trouble; 0 where there is none. */
  get waitMilliseconds(): number {
    return this.#wait;
  }

  /** Brings the receiver up to what is durable now. `goesOn` is asked between two deliveries. Never rejects. */
  async look(goesOn: () => boolean = () => true): Promise<void> {
    try {
      await this.#catchUp(goesOn);
      this.#failure = null;
      this.#wait = 0;
    } catch (cause) {
      this.#failure = causeInWords(cause);
      // What is wrong with the log is looked at anew from the cursor on; what the receiver did not take is still here.
      if (!this.#isReceivers) this.#forget();
      this.#isReceivers = false;
      const asked = cause instanceof ReceiverBusy ? Math.min(cause.waitMilliseconds, longestAskedMilliseconds) : 0;
      const doubled = Math.min(Math.max(firstWaitMilliseconds, this.#wait * 2), longestWaitMilliseconds);
      this.#wait = Math.max(asked, doubled);
    }
  }

  async close(): Promise<void> {
    await this.#task.receiver.close();
    this.#task.cursor.close();
  }

  async #catchUp(goesOn: () => boolean): Promise<void> {
    const { cursor } = this.#task;
    // A head that is just being written says nothing.
    if (this.#end.look() === null) return;
    const place = (this.#place ??= await this.#begin());
    await this.#deliver(goesOn);
    await this.#readOn(place, goesOn);
    await this.#deliver(goesOn);
    cursor.sync();
  }

  async #begin(): Promise<Reading<Message>> {
    const { directories, cursor, begin, since, order } = this.#task;
    const { follower, place } = await beginFeed({ directories, durable: this.#end.last }, cursor, begin, since);
    this.#at = place;
    return { follower, order: order(place.sequence) };
  }

  async #readOn({ follower, order }: Reading<Message>, goesOn: () => boolean): Promise<void> {
    const { receiver } = this.#task;
    let messages = 0;
    for await (const { record } of follower.read(this.#end.last)) {
      const told = order.take(record, originOf(this.#end.publicKey));
      if (told === null) continue;
      this.#waiting.push(told);
      messages += told.messages.length;
      if (messages < receiver.most && this.#waiting.length < mostAhead) continue;
      await this.#deliver(goesOn);
      messages = 0;
      if (!goesOn()) return;
    }
  }

  /** All that waits, as much at once as the receiver takes. */
  async #deliver(goesOn: () => boolean): Promise<void> {
    while (this.#waiting.length > 0 && goesOn()) await this.#deliverSome();
  }

  async #deliverSome(): Promise<void> {
    const { receiver, cursor } = this.#task;
    const { most } = receiver;
    const whole: Telling<Message>[] = [];
    const messages: Message[] = [];
    for (const told of this.#waiting) {
      const own = told.messages.slice(whole.length === 0 ? this.#at.taken : 0);
      // What is told in parts stands first, because the cursor counts the parts of the next record alone.
      if (whole.length > 0 && messages.length + own.length > most) break;
      messages.push(...own);
      whole.push(told);
      if (messages.length >= most) break;
    }
    const last = whole.at(-1);
    if (last === undefined) return;
    const isPart = messages.length > most;
    await this.#take(isPart ? messages.slice(0, most) : messages);
    if (isPart) this.#at = { ...this.#at, taken: this.#at.taken + most };
    else this.#at = { sequence: last.sequence, hash: last.hash, from: last.from, taken: 0 };
    cursor.write(this.#at);
    if (!isPart) this.#waiting.splice(0, whole.length);
  }

  async #take(messages: readonly Message[]): Promise<void> {
    const { receiver } = this.#task;
    if (messages.length === 0) return;
    this.#isReceivers = true;
    await receiver.take(messages);
    this.#isReceivers = false;
  }

  #forget(): void {
    this.#place = null;
    this.#waiting = [];
  }
}
