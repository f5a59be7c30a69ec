// Budgets of audit records for refusals: per address where nobody has signed in, and per person. What goes over a budget
// is counted and written once a minute as one record per address or person, so that nobody can fill the disk, and nobody
// vanishes. Attempts never come here: each stands for itself.

import { auditEntry } from '../core/audit/entry.ts';
import type { AuditEntry } from '../core/audit/entry.ts';
import { personKey } from '../core/downloads/person-key.ts';
import { addressShare } from '../core/network/address-share.ts';
import type { AuditLog, Clock, Subject } from '../ports.ts';

const windowMilliseconds = 60_000;
/** Addresses or people counted apart in one minute; the others count together. */
const countedMost = 10_000;
/** All strangers together may have as many records in a minute as so many addresses. */
const strangersTogether = 20;
/** Addresses named in the sums of one minute, those with the most first; the others are summed in one. */
const namedAddresses = 100;
/** Sums that wait for a log that can be written; what comes on top during an outage is not kept. */
const dueMost = 1000;
const others = 'others';

export interface RefusalBudgets {
  /** Records a minute for one address (version 6: one /64) before anybody signed in. */
  readonly perAddress: number;
  /** Records a minute of one person's refusals. */
  readonly perPerson: number;
}

interface Count {
  written: number;
  over: number;
  readonly whose: Partial<AuditEntry>;
}

export class RefusalRecords {
  readonly #budgets: RefusalBudgets;
  readonly #audit: AuditLog;
  readonly #clock: Clock;
  readonly #timer: NodeJS.Timeout;
  #addresses = new Map<string, Count>();
  #people = new Map<string, Count>();
  #ofStrangers = 0;
  readonly #due: Partial<AuditEntry>[] = [];

  constructor(budgets: RefusalBudgets, audit: AuditLog, clock: Clock) {
    this.#budgets = budgets;
    this.#audit = audit;
    this.#clock = clock;
    this.#timer = setInterval(() => void this.flush().catch(() => undefined), windowMilliseconds);
    this.#timer.unref();
  }

  /** True while this address, and strangers as a whole, may still have a record of their own in this minute. */
  mayRecordAnonymous(address: string): boolean {
    const { perAddress } = this.#budgets;
    const share = addressShare(address);
    const count = countOf(this.#addresses, share, (key) => ({ address: key }));
    const may = take(count, this.#ofStrangers < perAddress * strangersTogether ? perAddress : 0);
    if (may) this.#ofStrangers += 1;
    return may;
  }

  /** True while this person's refusals may still have a record each in this minute. */
  mayRecordRefusal(subject: Subject): boolean {
    const count = countOf(this.#people, personKey(subject), (key) => (key === others ? {} : { subject }));
    return take(count, this.#budgets.perPerson);
  }

  /** Starts the next minute and writes the sums of this one. What cannot be written stays, and is written with the next. */
  async flush(): Promise<void> {
    this.#due.push(...this.#sums().slice(0, Math.max(0, dueMost - this.#due.length)));
    this.#addresses = new Map();
    this.#people = new Map();
    this.#ofStrangers = 0;
    for (let sum = this.#due.shift(); sum !== undefined; sum = this.#due.shift()) {
      try {
        await this.#audit.append(auditEntry('refusals-summed', this.#clock.now(), { ...sum, decision: 'refused' }));
      } catch (cause) {
        this.#due.unshift(sum);
        throw cause;
      }
    }
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #sums(): Partial<AuditEntry>[] {
    const addresses = over(this.#addresses);
    const rest = addresses.slice(namedAddresses);
    const ofRest = rest.reduce((all, one) => all + one.over, 0);
    return [
      ...over(this.#people).map((count) => sumOf(count, 'of this person')),
      ...addresses.slice(0, namedAddresses).map((count) => sumOf(count, 'from this address')),
      ...(rest.length === 0 ? [] : [sumOf({ over: ofRest, whose: { address: others } }, `from ${rest.length} other addresses`)]),
    ];
  }
}

function sumOf({ over: count, whose }: Pick<Count, 'over' | 'whose'>, words: string): Partial<AuditEntry> {
  return { ...whose, detail: `${count} further refused requests ${words} in a minute` };
}

function countOf(counts: Map<string, Count>, wanted: string, whose: (key: string) => Partial<AuditEntry>): Count {
  const key = counts.size < countedMost || counts.has(wanted) ? wanted : others;
  const known = counts.get(key);
  if (known !== undefined) return known;
  const fresh: Count = { written: 0, over: 0, whose: whose(key) };
  counts.set(key, fresh);
  return fresh;
}

function take(count: Count, most: number): boolean {
  const may = count.written < most;
  if (may) count.written += 1;
  else count.over += 1;
  return may;
}

/** What went over its budget, most first. */
function over(counts: ReadonlyMap<string, Count>): Count[] {
  return [...counts.values()].filter((count) => count.over > 0).sort((a, b) => b.over - a.over);
}
