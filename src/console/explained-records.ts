// Which openings of charts among records are explained: by the number of their record, as the page shows them.

import type { Explanation } from '../core/relations/explanation.ts';
import { isPatientToken } from '../core/patients/patient-token.ts';
import type { Explain } from '../relation-ports.ts';
import type { FoundRequest } from '../search-ports.ts';

/** Empty where nothing was imported that could explain one. */
export async function explainedRecords(
  explain: Explain,
  requests: readonly FoundRequest[],
): Promise<ReadonlyMap<number, Explanation>> {
  const openings = requests.flatMap(({ event, sequence, time, person, subject, patient }) =>
    event === 'chart-opened' && person !== null && subject !== null && patient !== null && isPatientToken(patient)
      ? [{ sequence, opening: { time, patient, person: { ...subject, name: person } } }]
      : [],
  );
  const answers = await explain.explain(openings.map(({ opening }) => opening));
  return new Map(
    openings.flatMap(({ sequence }, at) => {
      const answer = answers[at] ?? null;
      return answer === null ? [] : [[sequence, answer] as const];
    }),
  );
}
