// The gateway's side of the detectors: starts their thread, puts what they find on record as `alert`, and says in words
// what is wrong with them. A finding whose alert cannot be written is found again at the next start.

import { auditEntry } from '../core/audit/entry.ts';
import type { AuditLog, Clock, OperationsLog } from '../ports.ts';
import type { Found, WatchingTask } from './audit-watching.ts';
import { KeptThread } from './kept-thread.ts';
import { workerBeside } from './worker-beside.ts';

/** What crosses from the thread after each look. */
export interface WatchNews {
  readonly found: readonly Found[];
  readonly behind: number;
  /** Why it cannot go on, in words. */
  readonly failure: string | null;
}

export interface WatchThreadNeeds {
  readonly audit: AuditLog;
  readonly clock: Clock;
  readonly log: OperationsLog;
}

/** Records behind, from which on whoever reads alerts is told. */
const toldBehind = 20_000;

export class AuditWatchThread {
  readonly #needs: WatchThreadNeeds;
  readonly #thread: KeptThread<WatchNews>;
  #failure: string | null = null;
  behind = 0;
  /** Times that it looked, since the start. */
  looks = 0;

  constructor(task: WatchingTask, needs: WatchThreadNeeds) {
    this.#needs = needs;
    this.#thread = new KeptThread({
      url: workerBeside(import.meta.url, 'audit-watch-worker'),
      workerData: task,
      endMessage: 'end',
      onMessage: (news) => this.#hear(news),
      onError: (failure) => this.#became(failure),
    });
  }

  /** What is not as it should be, as sentences without their full stop. */
  notices(): readonly string[] {
    if (this.#failure !== null) return [`The detectors cannot go on, so nobody is alerted: ${this.#failure}`];
    if (this.behind <= toldBehind) return [];
    return [`The detectors are ${this.behind} records behind, so alerts come late`];
  }

  async close(): Promise<void> {
    await this.#thread.close();
  }

  #hear({ found, behind, failure }: WatchNews): void {
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
