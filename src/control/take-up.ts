// Takes up what a review brought up: opens a case about its record, or puts it to the open case of its person. Whatever holds for
// cases holds here, for the desk of cases does it; asked twice about one record, it tells the same case.

import type { Cases, CaseRefused, ReviewFinding } from '../case-ports.ts';
import { mostCaseAlerts, mostSteps } from '../core/cases/case.ts';
import type { Case, CasePerson } from '../core/cases/case.ts';
import { personKey } from '../core/downloads/person-key.ts';
import type { Reviewer } from '../recertification-ports.ts';

export type TakeUpNeeds = Pick<Cases, 'open' | 'addAlerts' | 'ofAlert' | 'list'>;

export interface FoundInReview extends ReviewFinding {
  readonly person: Pick<CasePerson, 'issuer' | 'sub'> | null;
  readonly patient: string | null;
}

const mostOpen = 50;

/** The case it is in now. Everything is on record before it counts, refusals too. */
export async function takeUp(
  cases: TakeUpNeeds,
  by: Reviewer,
  found: FoundInReview,
): Promise<{ readonly of: string } | { readonly refused: CaseRefused }> {
  const own = await cases.ofAlert(found.record);
  if (own !== null) return { of: own };
  const open = await openOf(cases, found);
  if (open !== null) {
    const refused = await cases.addAlerts(by, open.id, found);
    return refused === null ? { of: open.id } : { refused };
  }
  const opened = await cases.open(by, found);
  return 'refused' in opened ? opened : { of: opened.opened };
}

/** With room in it; one about the same patient goes before the others. */
async function openOf(cases: TakeUpNeeds, { person, patient }: FoundInReview): Promise<Case | null> {
  if (person === null) return null;
  const all = await cases.list({ open: true, person: personKey(person), most: mostOpen });
  const open = all.filter(({ alerts, steps }) => alerts.length < mostCaseAlerts && steps.length < mostSteps);
  return open.find((one) => one.patient === patient) ?? open[0] ?? null;
}
