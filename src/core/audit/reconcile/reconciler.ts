// Matches the requests of an EHR's own log with our records, both as streams that are nearly in the order of time, in bounded
// memory. Whoever feeds it asks `wantsRecords` before each request, so that the records are always ahead.

import { ClockDifferences } from './clock-difference.ts';
import type { ClockDifference } from './clock-difference.ts';
import type { EhrRequest } from './ehr-request.ts';
import type { Asked, OurEvent } from './our-event.ts';
import { RecordWindow } from './record-window.ts';
import { Span } from './span.ts';
import type { Period } from './span.ts';

/** `where` names file and line. */
export type LoggedRequest = EhrRequest & { readonly where: string };

export interface ReconcileOptions {
  readonly toleranceMilliseconds: number;
  /** Addresses from which the gateway speaks to the EHR; empty where nobody named them. */
  readonly gateways: ReadonlySet<string>;
  /** Rows of each list that are kept; what is beyond is only counted. */
  readonly mostListed: number;
  readonly mostWaiting: number;
}

export interface Listed<T> {
  readonly count: number;
  readonly rows: readonly T[];
}

export interface Reconciled {
  readonly matched: number;
  /** Not explained, and from another address than the gateway's, or from one that is not known. */
  readonly roundUs: Listed<LoggedRequest>;
  /** Not explained, from the gateway's address. */
  readonly fromGateway: Listed<LoggedRequest>;
  /** From the gateway's address, within the tolerance of a sign-on or an end of a session of ours. */
  readonly besideOwnWork: Listed<LoggedRequest>;
  readonly notInLog: Listed<Asked>;
  readonly difference: ClockDifference | null;
  readonly log: Period | null;
  readonly record: Period | null;
  /** Records that were given up because too many waited. */
  readonly pushedOut: number;
}

/** How long behind its arrival a request may come to stand in the record. */
const disorderMilliseconds = 60_000;

class List<T> {
  readonly rows: T[] = [];
  readonly #most: number;
  count = 0;
  constructor(most: number) {
    this.#most = most;
  }
  add(row: T): void {
    this.count += 1;
    if (this.rows.length < this.#most) this.rows.push(row);
  }
}

export class Reconciler {
  readonly #options: ReconcileOptions;
  readonly #window: RecordWindow;
  readonly #differences = new ClockDifferences();
  readonly #log = new Span();
  readonly #record = new Span();
  readonly #lists;
  #pending: LoggedRequest[] = [];
  #ownWork: number[] = [];
  #settled = -Infinity;
  #matched = 0;
  #pushedOut = 0;

  constructor(options: ReconcileOptions) {
    this.#options = options;
    this.#window = new RecordWindow(options.toleranceMilliseconds, options.mostWaiting);
    const list = <T>(): List<T> => new List<T>(options.mostListed);
    this.#lists = {
      roundUs: list<LoggedRequest>(),
      fromGateway: list<LoggedRequest>(),
      besideOwnWork: list<LoggedRequest>(),
      notInLog: list<Asked>(),
    };
  }

  /** True while the records have not come far enough to judge a request of that time. */
  wantsRecords(time: number): boolean {
    return this.#record.until < time + 2 * this.#options.toleranceMilliseconds + disorderMilliseconds;
  }

  addRecord(event: OurEvent): void {
    this.#record.add(event.time);
    if (event.is === 'ended') this.#window.end(event.request, event.time);
    if (event.is === 'own-work') this.#ownWork.push(event.time);
    if (event.is !== 'asked') return;
    const pushed = this.#window.add(event);
    if (pushed === null) return;
    this.#pushedOut += 1;
    this.#giveUp([pushed]);
  }

  addRequest(request: LoggedRequest): void {
    const { toleranceMilliseconds, mostWaiting } = this.#options;
    this.#log.add(request.time);
    this.#pending.push(request);
    const due = this.#log.until - toleranceMilliseconds;
    if (this.#pending.length >= mostWaiting) this.#settle(this.#log.until);
    else if (due - this.#settled >= toleranceMilliseconds) this.#settle(due);
  }

  finish(): Reconciled {
    this.#settle(Infinity);
    this.#giveUp(this.#window.rest());
    return {
      ...this.#lists,
      matched: this.#matched,
      difference: this.#differences.middle(),
      log: this.#log.period(),
      record: this.#record.period(),
      pushedOut: this.#pushedOut,
    };
  }

  /** Judges what came before a time, the oldest first. */
  #settle(until: number): void {
    const due = this.#pending.filter(({ time }) => time <= until).sort((a, b) => a.time - b.time);
    this.#pending = this.#pending.filter(({ time }) => time > until);
    for (const request of due) this.#judge(request);
    this.#settled = until;
    const oldest = until - 2 * this.#options.toleranceMilliseconds;
    this.#ownWork = this.#ownWork.filter((time) => time >= oldest);
    this.#giveUp(this.#window.expire(Math.min(until, this.#log.until)));
  }

  #judge(request: LoggedRequest): void {
    const { gateways } = this.#options;
    const { address } = request;
    const known = gateways.size > 0 && address !== null;
    // What another address asked for is no record's, however alike.
    const asked = known && !gateways.has(address) ? null : this.#window.take(request);
    if (asked !== null) {
      this.#matched += 1;
      this.#differences.add(asked.time, asked.end, request.time);
    } else if (!known || !gateways.has(address)) this.#lists.roundUs.add(request);
    else if (this.#isBesideOwnWork(request.time)) this.#lists.besideOwnWork.add(request);
    else this.#lists.fromGateway.add(request);
  }

  #isBesideOwnWork(at: number): boolean {
    return this.#ownWork.some((time) => Math.abs(time - at) <= this.#options.toleranceMilliseconds);
  }

  /** A record from a time that the log does not cover says nothing. */
  #giveUp(records: readonly Asked[]): void {
    for (const asked of records) if (this.#log.covers(asked.time)) this.#lists.notInLog.add(asked);
  }
}
