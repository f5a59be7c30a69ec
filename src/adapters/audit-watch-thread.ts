// The gateway's side of the detectors: starts their thread, puts what they find on record as `alert`, and says in words
// what is wrong with them. A finding whose alert cannot be written is found again at the next start.

import { auditEntry } from '../core/audit/entry.ts';
import type { Explanation } from '../core/relations/explanation.ts';
import { alertDetail, deedsOf } from '../core/respond/alert-note.ts';
import type { ResponseKind } from '../core/respond/response-kind.ts';
import type { DetectorName } from '../core/detect/detector.ts';
import type { DurableSettings } from '../core/store/store-settings.ts';
import type { AuditLog, Clock, OperationsLog } from '../ports.ts';
import type { AskedOpening, Explain } from '../relation-ports.ts';
import type { Leadership } from '../shared-ports.ts';
import type { AlertResponses } from './alert-responses.ts';
import type { Found, Unanswered, WatchingTask } from './audit-watching.ts';
import { ExplanationDesk } from './explanation-desk.ts';
import type { WatchAnswer } from './explanation-desk.ts';
import { KeptThread } from './kept-thread.ts';
import { workerBeside } from './worker-beside.ts';

export interface WatchThreadTask extends WatchingTask {
  /** Where the records of several gateways stand; absent: this one is alone, and reads its own log. */
  readonly shared?: DurableSettings;
}

/** What crosses to the thread: whether this gateway watches for all. */
export interface WatchTurn {
  readonly leads: boolean;
}

/** What crosses from the thread after each look. */
export interface WatchNews {
  readonly found: readonly Found[];
  /** Alerts on record that nothing followed yet, though something was to. */
  readonly unanswered: readonly Unanswered[];
  readonly behind: number;
  /** Why it cannot go on, in words. */
  readonly failure: string | null;
  /** Why schedule and roster cannot be read. */
  readonly relationsFailure: string | null;
}

export interface WatchThreadNeeds {
  readonly audit: AuditLog;
  readonly clock: Clock;
  readonly log: OperationsLog;
  /** The one that leads watches for all gateways, and puts on record what was found. */
  readonly leadership: Pick<Leadership, 'leads'>;
  /** What follows an alert of each detector, and who carries it out. */
  readonly responses: Readonly<Record<DetectorName, readonly ResponseKind[]>>;
  readonly responder: Pick<AlertResponses, 'respond' | 'notices'>;
  /** Told of each alert that is on record, for metrics. */
  readonly raised?: (detector: DetectorName, words: string) => void;
}

/** Records behind, from which on whoever reads alerts is told. */
const toldBehind = 20_000;

export class AuditWatchThread implements Explain {
  readonly #needs: WatchThreadNeeds;
  readonly #thread: KeptThread<WatchNews | WatchAnswer>;
  readonly #desk = new ExplanationDesk();
  #failure: string | null = null;
  #relationsFailure: string | null = null;
  behind = 0;
  /** Times that it looked, since the start. */
  looks = 0;

  constructor(task: WatchThreadTask, needs: WatchThreadNeeds) {
    this.#needs = needs;
    this.#thread = new KeptThread({
      url: workerBeside(import.meta.url, 'audit-watch-worker'),
      workerData: task,
      endMessage: 'end',
      onMessage: (message, worker) => {
        if ('number' in message) return this.#desk.answer(message);
        this.#hear(message);
        // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker thread has no origin
        if (task.shared !== undefined) worker.postMessage({ leads: needs.leadership.leads } satisfies WatchTurn);
      },
      onError: (failure) => this.#became(failure),
    });
  }

  /** What is not as it should be, as sentences without their full stop. */
  notices(): readonly string[] {
    const told = [...this.#needs.responder.notices()];
    if (this.#failure !== null) return [`The detectors cannot go on, so nobody is alerted: ${this.#failure}`, ...told];
    if (this.#relationsFailure !== null)
      told.push(`The imported schedule and roster cannot be read, so nothing new of them counts: ${this.#relationsFailure}`);
    if (this.behind > toldBehind) told.push(`The detectors are ${this.behind} records behind, so alerts come late`);
    return told;
  }

  async explain(openings: readonly AskedOpening[]): Promise<readonly (Explanation | null)[]> {
    const { worker } = this.#thread;
    if (worker === null) return openings.map(() => null);
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker thread has no origin
    return this.#desk.ask(openings, (question) => worker.postMessage(question));
  }

  async close(): Promise<void> {
    await this.#thread.close();
  }

  #hear({ found, unanswered, behind, failure, relationsFailure }: WatchNews): void {
    this.#relationsFailure = relationsFailure;
    this.#became(failure);
    this.behind = behind;
    this.looks += 1;
    // Whoever leads now finds it again.
    if (!this.#needs.leadership.leads) return;
    for (const { deeds, ...alert } of unanswered) void this.#needs.responder.respond(alert, deeds);
    for (const one of found)
      this.#alert(one).catch((cause: unknown) => this.#needs.log.error({ cause }, 'An alert could not be put on record'));
  }

  /** What follows waits until the alert would survive a power loss. */
  async #alert({ detector, person, patient, words, sequence: seenAt }: Found): Promise<void> {
    const { audit, clock, responses, responder, raised } = this.#needs;
    const subject = person === null ? null : { issuer: person.issuer, sub: person.sub, name: person.name };
    const deeds = deedsOf(responses[detector], person !== null);
    const time = clock.now();
    const detail = alertDetail(words, seenAt, deeds);
    const { sequence, durable } = await audit.append(auditEntry('alert', time, { subject, patient, reason: detector, detail }));
    await durable;
    raised?.(detector, words);
    if (person !== null) await responder.respond({ sequence, time, detector, person }, deeds);
  }

  /** Told once, not at every look. */
  #became(failure: string | null): void {
    const { log } = this.#needs;
    if (failure !== null && this.#failure === null) log.warn({ failure }, 'The detectors cannot go on');
    if (failure === null && this.#failure !== null) log.info({}, 'The detectors go on again');
    this.#failure = failure;
  }
}
