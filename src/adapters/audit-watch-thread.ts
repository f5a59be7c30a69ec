// The gateway's side of the detectors: starts their thread, puts what they find on record as `alert`, and says in words
// what is wrong with them. A finding whose alert cannot be written is found again at the next start.

import { auditEntry } from '../core/audit/entry.ts';
import type { Explanation } from '../core/relations/explanation.ts';
import type { AuditLog, Clock, OperationsLog } from '../ports.ts';
import type { AskedOpening, Explain } from '../relation-ports.ts';
import type { Found, WatchingTask } from './audit-watching.ts';
import { KeptThread } from './kept-thread.ts';
import { workerBeside } from './worker-beside.ts';

/** What crosses from the thread after each look. */
export interface WatchNews {
  readonly found: readonly Found[];
  readonly behind: number;
  /** Why it cannot go on, in words. */
  readonly failure: string | null;
  /** Why schedule and roster cannot be read. */
  readonly relationsFailure: string | null;
}

/** What is asked of the thread, and what comes back under the same number. */
export interface WatchQuestion {
  readonly number: number;
  readonly openings: readonly AskedOpening[];
}

export interface WatchAnswer {
  readonly number: number;
  readonly explanations: readonly (Explanation | null)[];
}

export interface WatchThreadNeeds {
  readonly audit: AuditLog;
  readonly clock: Clock;
  readonly log: OperationsLog;
}

/** Records behind, from which on whoever reads alerts is told. */
const toldBehind = 20_000;

/** A page shows openings without their explanation rather than late. */
const answerMilliseconds = 2000;
/** Pages that wait for an answer at once; a question more is not asked. */
const mostWaiting = 50;

export class AuditWatchThread implements Explain {
  readonly #needs: WatchThreadNeeds;
  readonly #thread: KeptThread<WatchNews | WatchAnswer>;
  readonly #waiting = new Map<number, (answer: WatchAnswer['explanations']) => void>();
  #asked = 0;
  #failure: string | null = null;
  #relationsFailure: string | null = null;
  behind = 0;
  /** Times that it looked, since the start. */
  looks = 0;

  constructor(task: WatchingTask, needs: WatchThreadNeeds) {
    this.#needs = needs;
    this.#thread = new KeptThread({
      url: workerBeside(import.meta.url, 'audit-watch-worker'),
      workerData: task,
      endMessage: 'end',
      onMessage: (message) => ('number' in message ? this.#answered(message) : this.#hear(message)),
      onError: (failure) => this.#became(failure),
    });
  }

  /** What is not as it should be, as sentences without their full stop. */
  notices(): readonly string[] {
    if (this.#failure !== null) return [`The detectors cannot go on, so nobody is alerted: ${this.#failure}`];
    const relations =
      this.#relationsFailure === null
        ? []
        : [`The imported schedule and roster cannot be read, so nothing new of them counts: ${this.#relationsFailure}`];
    if (this.behind <= toldBehind) return relations;
    return [...relations, `The detectors are ${this.behind} records behind, so alerts come late`];
  }

  async explain(openings: readonly AskedOpening[]): Promise<readonly (Explanation | null)[]> {
    const nothing = openings.map(() => null);
    const { worker } = this.#thread;
    if (worker === null || openings.length === 0 || this.#waiting.size >= mostWaiting) return nothing;
    const number = (this.#asked += 1);
    return new Promise((resolve) => {
      const done = (answer: WatchAnswer['explanations']): void => {
        clearTimeout(timer);
        this.#waiting.delete(number);
        resolve(answer);
      };
      const timer = setTimeout(() => done(nothing), answerMilliseconds).unref();
      this.#waiting.set(number, done);
      const question: WatchQuestion = { number, openings };
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker thread has no origin
      worker.postMessage(question);
    });
  }

  #answered({ number, explanations }: WatchAnswer): void {
    this.#waiting.get(number)?.(explanations);
  }

  async close(): Promise<void> {
    await this.#thread.close();
  }

  #hear({ found, behind, failure, relationsFailure }: WatchNews): void {
    this.#relationsFailure = relationsFailure;
    this.#became(failure);
    this.behind = behind;
    this.looks += 1;
    for (const one of found) this.#alert(one);
  }

  #alert({ detector, person, patient, words, sequence }: Found): void {
    const { audit, clock, log } = this.#needs;
    const subject = person === null ? null : { issuer: person.issuer, sub: person.sub, name: person.name };
    const fields = { subject, patient, reason: detector, detail: `${words}; seen at record ${sequence}` };
    audit
      .append(auditEntry('alert', clock.now(), fields))
      .catch((cause: unknown) => log.error({ cause }, 'An alert could not be put on record'));
  }

  /** Told once, not at every look. */
  #became(failure: string | null): void {
    const { log } = this.#needs;
    if (failure !== null && this.#failure === null) log.warn({ failure }, 'The detectors cannot go on');
    if (failure === null && this.#failure !== null) log.info({}, 'The detectors go on again');
    this.#failure = failure;
  }
}
