// Which openings of charts, among records or behind alerts, are explained: by the number of the record that the page shows.

import type { Explanation } from '../core/relations/explanation.ts';
import { isPatientToken } from '../core/patients/patient-token.ts';
import type { CaseAlert } from '../core/cases/case.ts';
import type { ReviewItem } from '../core/review/review.ts';
import type { AskedOpening, Explain } from '../relation-ports.ts';
import type { FoundRequest } from '../search-ports.ts';

/** Kinds of items that are about a chart. */
const explainable: readonly string[] = ['emergency', 'after-hours', 'chart'];

/** Empty where nothing was imported that could explain one. */
export function explainedRecords(explain: Explain, requests: readonly FoundRequest[]): Promise<ReadonlyMap<number, Explanation>> {
  const openings = requests.flatMap(({ event, sequence, time, person, subject, patient }) =>
    event === 'chart-opened' && person !== null && subject !== null && patient !== null && isPatientToken(patient)
      ? [{ sequence, opening: { time, patient, person: { ...subject, name: person } } }]
      : [],
  );
  return answered(explain, openings);
}

/** Of alerts about one person and one patient; the others are about no single opening. */
export function explainedAlerts(explain: Explain, alerts: readonly CaseAlert[]): Promise<ReadonlyMap<number, Explanation>> {
  const openings = alerts.flatMap(({ sequence, time, person, patient }) =>
    person === null || patient === null ? [] : [{ sequence, opening: { time, person, patient } }],
  );
  return answered(explain, openings);
}

/** Of what a review shows: openings of charts, and emergency accesses to one patient. */
export function explainedItems(explain: Explain, items: readonly ReviewItem[]): Promise<ReadonlyMap<number, Explanation>> {
  const openings = items.flatMap(({ record, time, kind, person, patient }) =>
    person !== null && patient !== null && explainable.includes(kind) && isPatientToken(patient)
      ? [{ sequence: record, opening: { time, patient, person } }]
      : [],
  );
  return answered(explain, openings);
}

async function answered(
  explain: Explain,
  openings: readonly { readonly sequence: number; readonly opening: AskedOpening }[],
): Promise<ReadonlyMap<number, Explanation>> {
  const answers = await explain.explain(openings.map(({ opening }) => opening));
  return new Map(
    openings.flatMap(({ sequence }, at) => {
      const answer = answers[at] ?? null;
      return answer === null ? [] : [[sequence, answer] as const];
    }),
  );
}
