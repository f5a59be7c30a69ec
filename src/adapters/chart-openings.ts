// Which charts a person has open, as far as their requests tell: a chart counts as open until nothing was asked of it for
// a while. In memory and bounded; what is forgotten is at worst noted once more. Each gateway knows what came to it: a person whose
// requests go to two of them has an opening noted at both, and the numbers of charts stand in the order of each.

import { forgetOldest } from '../core/forget-oldest.ts';
import { patientOrder } from '../core/patients/order-note.ts';
import type { PatientOrder } from '../core/patients/order-note.ts';
import { personKey } from '../core/downloads/person-key.ts';
import type { Subject } from '../ports.ts';

/** A chart that nobody asked anything of for so long is closed, milliseconds. */
const quietMilliseconds = 15 * 60_000;
/** Charts of all people that are remembered. */
const mostCharts = 50_000;
/** Sessions whose last chart is remembered. */
const mostSessions = 10_000;

export class ChartOpenings {
  /** Person, application and patient → when something was last asked of it; the longest quiet first. */
  readonly #lastAsked = new Map<string, number>();

  /** Session and application → the patient whose chart was opened last. */
  readonly #last = new Map<string, string>();

  /** True for the first request of an opening. `now` is epoch milliseconds. */
  opens(subject: Pick<Subject, 'issuer' | 'sub'>, application: string, patient: string, now: number): boolean {
    const chart = `${personKey(subject)} ${application} ${patient}`;
    const before = this.#lastAsked.get(chart);
    this.#lastAsked.delete(chart);
    this.#lastAsked.set(chart, now);
    forgetOldest(this.#lastAsked, mostCharts);
    return before === undefined || now - before > quietMilliseconds;
  }

  /** How this chart's number lies to that of the one opened before in the session. Call it once for each opening. */
  order(session: string, application: string, patient: string): PatientOrder | null {
    const key = `${session} ${application}`;
    const before = this.#last.get(key);
    this.#last.delete(key);
    this.#last.set(key, patient);
    forgetOldest(this.#last, mostSessions);
    return before === undefined ? null : patientOrder(before, patient);
  }
}
