// The gateway's side of the search index: starts the thread, hands over what is asked, and says in words what is wrong. A
// search that is not answered in time fails by itself; no request to the EHR ever waits here.

import type { OperationsLog } from '../ports.ts';
import type { FirstAsked, ReportRecords, SampleSize, Tally, TallyKey, Watched } from '../report-ports.ts';
import type { FoundPage, FoundRequest, HourCount, RecordQuery, RecordSearch } from '../search-ports.ts';
import type { IndexingTask } from './audit-indexing.ts';
import type { SharedIndexingTask } from './audit-shared-indexing.ts';
import { KeptThread } from './kept-thread.ts';
import { workerBeside } from './worker-beside.ts';

export interface IndexThreadTask extends IndexingTask {
  /** The index that gateways share, which is asked then; null where this one is alone. */
  readonly shared: Omit<SharedIndexingTask, 'directories'> | null;
}

/** What crosses to the thread. */
export type IndexQuestion =
  | { readonly id: number; readonly ask: 'search'; readonly query: RecordQuery; readonly most: number }
  | { readonly id: number; readonly ask: 'hours'; readonly since: number; readonly until: number }
  | { readonly id: number; readonly ask: 'report'; readonly call: ReportCall }
  | { readonly ask: 'end' };

/** What a report asks, by the name of what answers it. */
export type ReportCall =
  | { readonly name: 'tally'; readonly query: RecordQuery; readonly by: readonly TallyKey[] }
  | { readonly name: 'watch'; readonly since: number; readonly until: number }
  | { readonly name: 'firsts'; readonly asked: readonly FirstAsked[] }
  | { readonly name: 'sample'; readonly query: RecordQuery; readonly sizes: readonly SampleSize[]; readonly seed: number };

/** And back. The first two, with the number 0, tell how far the index beside the log is after each look, and the shared one. */
export type IndexAnswer =
  | { readonly id: 0; readonly behind: number; readonly failure: string | null }
  | { readonly id: 0; readonly sharedBehind: number; readonly failure: string | null }
  | { readonly id: number; readonly page: FoundPage }
  | { readonly id: number; readonly hours: readonly HourCount[] }
  | { readonly id: number; readonly tally: Tally }
  | { readonly id: number; readonly watched: Watched }
  | { readonly id: number; readonly firsts: readonly (number | null)[] }
  | { readonly id: number; readonly sample: readonly FoundRequest[] }
  | { readonly id: number; readonly failed: string };

const mostWaiting = 32;
const answerMilliseconds = 10_000;
/** Counting a month of a large clinic; the thread itself gives up a little earlier, and says so. */
const reportMilliseconds = 35_000;
/** Records behind, from which on a person who searches is told. */
const toldBehind = 20_000;

interface Waiting {
  readonly resolve: (answer: IndexAnswer) => void;
  readonly reject: (cause: Error) => void;
}

export class AuditIndexThread implements RecordSearch, ReportRecords {
  readonly #log: OperationsLog;
  readonly #waiting = new Map<number, Waiting>();
  readonly #thread: KeptThread<IndexAnswer>;
  readonly #isShared: boolean;
  #next = 1;
  #failure: string | null = null;
  #sharedFailure: string | null = null;
  #besideBehind = 0;
  #sharedBehind = 0;

  constructor(task: IndexThreadTask, log: OperationsLog) {
    this.#log = log;
    this.#isShared = task.shared !== null;
    this.#thread = new KeptThread({
      url: workerBeside(import.meta.url, 'audit-index-worker'),
      workerData: task,
      endMessage: { ask: 'end' } satisfies IndexQuestion,
      onMessage: (answer) => this.#hear(answer),
      onError: (failure) => this.#became(failure),
      onExit: () => {
        for (const { reject } of this.#waiting.values()) reject(new Error('The search index has stopped'));
      },
    });
  }

  /** Records of this gateway that a search does not find yet. */
  get behind(): number {
    return this.#isShared ? this.#sharedBehind : this.#besideBehind;
  }

  /** What is not as it should be, as sentences without their full stop. */
  notices(): readonly string[] {
    if (this.#sharedFailure !== null)
      return [
        `The index that the gateways share cannot be brought on by this one, so searches fail or miss ${this.behind} records of it: ${this.#sharedFailure}`,
      ];
    if (this.#failure !== null)
      return [`The search index over the access record cannot go on, so searches miss what is new: ${this.#failure}`];
    if (this.behind <= toldBehind) return [];
    return [`The search index is being made: ${this.behind} records are not in it yet, the newest among them`];
  }

  async search(query: RecordQuery, most: number): Promise<FoundPage> {
    const answer = await this.#ask((id) => ({ id, ask: 'search', query, most }));
    if ('page' in answer) return answer.page;
    throw unanswered(answer);
  }

  async hours(since: number, until: number): Promise<readonly HourCount[]> {
    const answer = await this.#ask((id) => ({ id, ask: 'hours', since, until }));
    if ('hours' in answer) return answer.hours;
    throw unanswered(answer);
  }

  async tally(query: RecordQuery, by: readonly TallyKey[]): Promise<Tally> {
    const answer = await this.#report({ name: 'tally', query, by });
    if ('tally' in answer) return answer.tally;
    throw unanswered(answer);
  }

  async watch(since: number, until: number): Promise<Watched> {
    const answer = await this.#report({ name: 'watch', since, until });
    if ('watched' in answer) return answer.watched;
    throw unanswered(answer);
  }

  async firsts(asked: readonly FirstAsked[]): Promise<readonly (number | null)[]> {
    const answer = await this.#report({ name: 'firsts', asked });
    if ('firsts' in answer) return answer.firsts;
    throw unanswered(answer);
  }

  async sample(query: RecordQuery, sizes: readonly SampleSize[], seed: number): Promise<readonly FoundRequest[]> {
    const answer = await this.#report({ name: 'sample', query, sizes, seed });
    if ('sample' in answer) return answer.sample;
    throw unanswered(answer);
  }

  async close(): Promise<void> {
    await this.#thread.close();
  }

  #report(call: ReportCall): Promise<IndexAnswer> {
    return this.#ask((id) => ({ id, ask: 'report', call }), reportMilliseconds);
  }

  async #ask(question: (id: number) => IndexQuestion, milliseconds = answerMilliseconds): Promise<IndexAnswer> {
    const { worker } = this.#thread;
    if (worker === null) throw new Error(`The search index is not there: ${this.#failure ?? 'it is being opened'}`);
    if (this.#waiting.size >= mostWaiting) throw new Error(`${mostWaiting} searches are waiting already`);
    const id = this.#next;
    this.#next += 1;
    let timer: NodeJS.Timeout | undefined;
    try {
      return await new Promise((resolve, reject) => {
        this.#waiting.set(id, { resolve, reject });
        timer = setTimeout(() => reject(new Error('The search took too long; ask for less at once')), milliseconds);
        // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker thread has no origin
        worker.postMessage(question(id));
      });
    } finally {
      clearTimeout(timer);
      this.#waiting.delete(id);
    }
  }

  #hear(answer: IndexAnswer): void {
    if ('behind' in answer) {
      this.#became(answer.failure);
      this.#besideBehind = answer.behind;
    } else if ('sharedBehind' in answer) {
      this.#sharedBecame(answer.failure);
      this.#sharedBehind = answer.sharedBehind;
    } else this.#waiting.get(answer.id)?.resolve(answer);
  }

  #sharedBecame(failure: string | null): void {
    if (failure !== null && this.#sharedFailure === null) this.#log.warn({ failure }, 'The shared index cannot be brought on');
    if (failure === null && this.#sharedFailure !== null) this.#log.info({}, 'The shared index is brought on again');
    this.#sharedFailure = failure;
  }

  /** Told once, not at every look. */
  #became(failure: string | null): void {
    if (failure !== null && this.#failure === null) this.#log.warn({ failure }, 'The search index cannot go on');
    if (failure === null && this.#failure !== null) this.#log.info({}, 'The search index goes on again');
    this.#failure = failure;
  }
}

function unanswered(answer: IndexAnswer): Error {
  return new Error(
    `The access record cannot be searched: ${'failed' in answer ? answer.failed : 'the answer is of another kind'}`,
  );
}
