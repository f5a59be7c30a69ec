// Finds what a case is to be about: alerts, or the record that an item of a review is about. All of it on record, in no case yet,
// and of one person, who is that of the case.

import type { CaseRefused, CaseStore, CaseSubject } from '../case-ports.ts';
import { recordsInOrder } from '../core/audit/record-number.ts';
import { mostCaseAlerts } from '../core/cases/case.ts';
import type { Case, CaseAlert } from '../core/cases/case.ts';
import { personKey } from '../core/downloads/person-key.ts';
import type { FoundRequest, RecordSearch } from '../search-ports.ts';
import { caseAlert } from './case-alert.ts';

export interface FoundAlertsNeeds {
  readonly store: Pick<CaseStore, 'ofAlert'>;
  readonly search: Pick<RecordSearch, 'search'>;
}

/** `one` is the case that they are put to; null where they open one. */
export async function foundAlerts(
  { store, search }: FoundAlertsNeeds,
  about: CaseSubject,
  one: Case | null,
): Promise<{ readonly alerts: readonly CaseAlert[] } | { readonly refused: CaseRefused }> {
  const wanted = 'origin' in about ? [about.record] : [...new Set(about)];
  if (wanted.length === 0 || wanted.length > mostCaseAlerts - (one?.alerts.length ?? 0)) return { refused: 'no-alerts' };
  const alerts: CaseAlert[] = [];
  for (const sequence of wanted) {
    const found = await ('origin' in about ? recordAt(search, about) : alertAt(search, sequence));
    if (found === null) return { refused: 'no-alerts' };
    if ((await store.ofAlert(sequence)) !== null) return { refused: 'has-case' };
    alerts.push(found);
  }
  alerts.sort(recordsInOrder);
  const whose = one === null ? alerts[0]?.person : one.person;
  return alerts.every(({ person }) => person?.key === whose?.key) ? { alerts } : { refused: 'several-people' };
}

/** The alert of this record; null where the search does not have it, or not yet. */
export async function alertAt(search: Pick<RecordSearch, 'search'>, sequence: number): Promise<CaseAlert | null> {
  const { requests } = await search.search({ event: 'alert', record: sequence }, 1);
  return requests.flatMap((request) => caseAlert(request) ?? [])[0] ?? null;
}

/** An alert that stands in a review says what it says; of anything else the review says what it is. */
async function recordAt(
  search: Pick<RecordSearch, 'search'>,
  { record, words }: Extract<CaseSubject, { readonly record: number }>,
): Promise<CaseAlert | null> {
  const [found] = (await search.search({ record }, 1)).requests;
  return found === undefined ? null : (caseAlert(found) ?? noticedByNobody(found, words));
}

function noticedByNobody({ sequence, time, subject, person, patient }: FoundRequest, words: string): CaseAlert {
  const whose = subject === null ? null : { ...subject, name: person ?? subject.sub, key: personKey(subject) };
  return { sequence, time, detector: null, person: whose, patient, words };
}
