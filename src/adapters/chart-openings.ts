// Which charts a person has open, as far as their requests tell: a chart counts as open until nothing was asked of it for
// a while. In memory and bounded; what is forgotten is at worst noted once more.

import { forgetOldest } from '../core/forget-oldest.ts';
import { personKey } from '../core/downloads/person-key.ts';
import type { Subject } from '../ports.ts';

/** A chart that nobody asked anything of for so long is closed, milliseconds. */
const quietMilliseconds = 15 * 60_000;
/** Charts of all people that are remembered. */
const mostCharts = 50_000;

export class ChartOpenings {
  /** Person, application and patient → when something was last asked of it; the longest quiet first. */
  readonly #lastAsked = new Map<string, number>();

  /** True for the first request of an opening. `now` is epoch milliseconds. */
  opens(subject: Pick<Subject, 'issuer' | 'sub'>, application: string, patient: string, now: number): boolean {
    const chart = `${personKey(subject)} ${application} ${patient}`;
    const before = this.#lastAsked.get(chart);
    this.#lastAsked.delete(chart);
    this.#lastAsked.set(chart, now);
    forgetOldest(this.#lastAsked, mostCharts);
    return before === undefined || now - before > quietMilliseconds;
  }
}
