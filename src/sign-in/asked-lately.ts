// How often each person has asked for access in the last hour, and for what: a few times, and once for each refusal. In memory;
// a restart forgets it, and a person may ask anew; so they may at another gateway, and whoever reads what is asked for sees it twice.

import { forgetOldest } from '../core/forget-oldest.ts';

const windowMilliseconds = 3_600_000;
export const mostAnHour = 10;
/** People remembered. */
const mostPeople = 10_000;

export class AskedLately {
  readonly #people = new Map<string, { readonly request: string; readonly at: number }[]>();

  /** `yes` counts it; `already` where it was asked for, `too-often` where the hour is used up. */
  take(person: string, request: string, now: number): 'yes' | 'already' | 'too-often' {
    const since = now - windowMilliseconds;
    const lately = (this.#people.get(person) ?? []).filter(({ at }) => at > since);
    if (lately.some((one) => one.request === request)) return 'already';
    if (lately.length >= mostAnHour) return 'too-often';
    // Put in anew, so that whoever asked longest ago goes first.
    this.#people.delete(person);
    this.#people.set(person, [...lately, { request, at: now }]);
    forgetOldest(this.#people, mostPeople);
    return 'yes';
  }

  /** Takes one back that could not be recorded. */
  giveBack(person: string, request: string): void {
    const lately = this.#people.get(person) ?? [];
    this.#people.set(
      person,
      lately.filter((one) => one.request !== request),
    );
  }
}
