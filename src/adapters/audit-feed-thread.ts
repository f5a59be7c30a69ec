// The gateway's side of the feeds: starts their thread, hears how far each is, and says in words what is wrong. It never waits for
// it, except a moment at the end.

import type { Worker } from 'node:worker_threads';
import type { FeedSettings } from '../core/audit/feed/feed-settings.ts';
import type { ResolvePatients } from '../feed-ports.ts';
import type { Clock, OperationsLog } from '../ports.ts';
import { AuditDurableEnd } from './audit-durable-end.ts';
import type { FeedStatus } from './audit-feed.ts';
import { feedPlace } from './feed-place.ts';
import { notifyPlace } from './notify-place.ts';
import type { NotifyingTask } from './notify-feed.ts';
import { KeptThread } from './kept-thread.ts';
import { workerBeside } from './worker-beside.ts';

export interface FeedingTask {
  /** The log's directory first, then the fallback. */
  readonly directories: readonly string[];
  readonly feeds: readonly FeedSettings[];
  /** Who is told of alerts. */
  readonly notify?: NotifyingTask;
}

/** What the thread is given. */
export interface StartedTask extends FeedingTask {
  /** The last record that was on the disk then; null where that is not known. */
  readonly since: number | null;
}

/** The sentences in which it says what is wrong. */
export interface FeedWords {
  readonly all: string;
  readonly one: string;
  readonly again: string;
}

const recordWords: FeedWords = {
  all: 'The feeds of the access record have stopped',
  one: 'The access record does not reach its feed',
  again: 'The access record reaches all its feeds again',
};
export const alertWords: FeedWords = {
  all: 'Alerts are told to nobody outside the console',
  one: 'Alerts do not reach',
  again: 'Alerts reach everybody again who is told of them',
};

/** What the thread says after each look. */
export interface FeedReport {
  readonly feeds: readonly FeedStatus[];
}

/** And what it asks. */
export interface FeedQuestion {
  readonly ask: number;
  readonly tokens: readonly string[];
}

/** What it hears. `ids` is null where they cannot be read. */
export type FeedWord = 'end' | { readonly answer: number; readonly ids: ReadonlyMap<string, string> | null };

/** A receiver that is well has everything within seconds. */
const lateMilliseconds = 5 * 60_000;

interface FeedNeeds {
  readonly clock: Clock;
  readonly log: OperationsLog;
  readonly resolve: ResolvePatients;
}

export class AuditFeedThread {
  readonly #needs: FeedNeeds;
  readonly #words: FeedWords;
  readonly #thread: KeptThread<FeedReport | FeedQuestion> | null;
  #status: readonly FeedStatus[];
  #failure: string | null = null;
  #told: readonly string[] = [];

  constructor(task: FeedingTask, needs: FeedNeeds, words: FeedWords = recordWords) {
    this.#needs = needs;
    this.#words = words;
    const places = [...task.feeds.map(feedPlace), ...(task.notify?.receivers ?? []).map(notifyPlace)];
    this.#status = places.map(unheard);
    this.#thread = places.length === 0 ? null : this.#start({ ...task, since: lastRecord(task.directories) });
  }

  get status(): readonly FeedStatus[] {
    return this.#status;
  }

  /** Since the oldest record that is not told was written; 0 where all are. */
  lagSeconds({ oldestAt }: FeedStatus): number {
    return oldestAt === null ? 0 : Math.max(0, (this.#needs.clock.now() - oldestAt) / 1000);
  }

  /** What is not as it should be, as sentences without their full stop. Each begins with words that name its kind. */
  notices(): readonly string[] {
    const thread = this.#failure === null ? [] : [`${this.#words.all}: ${this.#failure}`];
    return [...thread, ...this.#status.flatMap((one) => feedNotices(one, this.#words, this.#needs.clock.now()))];
  }

  /** Tells the log what has newly gone wrong, or is right again; call it every few seconds. */
  look(): void {
    const notices = this.notices();
    for (const one of notices) if (!this.#told.includes(kindOf(one))) this.#needs.log.warn({}, one);
    const kinds = notices.map(kindOf);
    if (this.#told.length > 0 && kinds.length === 0) this.#needs.log.info({}, this.#words.again);
    this.#told = kinds;
  }

  async close(): Promise<void> {
    await this.#thread?.close();
  }

  #start(workerData: StartedTask): KeptThread<FeedReport | FeedQuestion> {
    return new KeptThread<FeedReport | FeedQuestion>({
      url: workerBeside(import.meta.url, 'audit-feed-worker'),
      workerData,
      endMessage: 'end',
      onMessage: (message, worker) => {
        if ('ask' in message) return void this.#answer(message, worker);
        this.#failure = null;
        this.#status = message.feeds;
        return undefined;
      },
      onError: (failure) => (this.#failure = failure),
    });
  }

  async #answer({ ask, tokens }: FeedQuestion, worker: Worker): Promise<void> {
    const ids = await this.#needs.resolve(tokens).catch(() => null);
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker thread has no origin
    worker.postMessage({ answer: ask, ids } satisfies FeedWord);
  }
}

function lastRecord(directories: readonly string[]): number | null {
  try {
    return new AuditDurableEnd(directories).look();
  } catch {
    // The thread looks again, and says what is wrong.
    return null;
  }
}

function feedNotices({ where, behind, oldestAt, failure, refused }: FeedStatus, { one }: FeedWords, now: number): string[] {
  const minutes = Math.floor((now - (oldestAt ?? now)) / 60_000);
  const late = behind === 0 ? '' : `; ${behind} records wait, the oldest for ${minutes} minutes`;
  const isLate = oldestAt !== null && now - oldestAt > lateMilliseconds;
  const notices: string[] = [];
  if (failure !== null) notices.push(`${one} "${where}": ${failure}${late}`);
  else if (isLate) notices.push(`${one} "${where}" in time: ${behind} records wait, the oldest for ${minutes} minutes`); // prettier-ignore
  if (refused > 0) notices.push(`The feed "${where}" refused records for good: ${refused} since the start, named in "feeds" beside the record`); // prettier-ignore
  return notices;
}

function unheard(where: string): FeedStatus {
  return { where, told: 0, behind: 0, oldestAt: null, failure: null, refused: 0 };
}

/** Up to the second colon where the first stands in an address. */
function kindOf(notice: string): string {
  return notice.split(/": |: /, 1)[0] ?? '';
}
