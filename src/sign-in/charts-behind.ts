// The charts that a person opened in the time before an alert about several patients, out of the record: for themselves, who are
// asked about them.

import type { CaseAlert } from '../core/cases/case.ts';
import { chartsWindow } from '../core/cases/charts-window.ts';
import type { RecordSearch } from '../search-ports.ts';

export interface ChartsBehind {
  readonly since: number;
  /** Tokens, each once, in the order in which they were opened first. */
  readonly patients: readonly string[];
  /** More was opened than is looked through. */
  readonly isCut: boolean;
}

const mostLooked = 500;

/** Null where the alert is about no several charts, or the search does not answer: the question stands without them. */
export async function chartsBehind(
  { records }: { readonly records: Pick<RecordSearch, 'search'> },
  alert: CaseAlert,
): Promise<ChartsBehind | null> {
  const { person, time } = alert;
  const window = chartsWindow(alert);
  if (window === null || person === null) return null;
  const since = time - window;
  const subject = { issuer: person.issuer, sub: person.sub };
  const asked = { subject, event: 'chart-opened', since, until: time + 1 };
  const found = await records.search(asked, mostLooked).catch(() => null);
  if (found === null) return null;
  const patients = [...new Set(found.requests.toReversed().flatMap(({ patient }) => patient ?? []))];
  return { since, patients, isCut: found.next !== null };
}
