// Alerts as a reviewer looks at them: one line a person, patient and day, with the case they are in. Those without one
// first, and of each day the most telling first.

import { howTelling, tellingOf } from '../detect/how-telling.ts';
import type { Telling } from '../detect/how-telling.ts';
import type { CaseAlert } from './case.ts';

export interface AlertGroup {
  /** `2026-11-30` at the clinic. */
  readonly day: string;
  readonly person: CaseAlert['person'];
  readonly patient: string | null;
  /** The newest first. */
  readonly alerts: readonly CaseAlert[];
  readonly telling: Telling;
  /** Null where one of them is in no case yet. */
  readonly of: string | null;
}

/** `alerts` come newest first. */
export function groupAlerts(
  alerts: readonly CaseAlert[],
  cases: ReadonlyMap<number, string>,
  localDay: (time: number) => string,
): readonly AlertGroup[] {
  const groups = new Map<string, { readonly day: string; readonly alerts: CaseAlert[] }>();
  for (const alert of alerts) {
    const day = localDay(alert.time);
    const of = cases.get(alert.sequence) ?? '';
    const key = JSON.stringify([day, alert.person?.key ?? null, alert.patient, of]);
    const group = groups.get(key) ?? { day, alerts: [] };
    group.alerts.push(alert);
    groups.set(key, group);
  }
  const all = [...groups.values()].flatMap(({ day, alerts: those }) =>
    those.slice(0, 1).map(({ person, patient, sequence }) => {
      const score = howTelling(those);
      const group = { day, person, patient, alerts: those, telling: tellingOf(score), of: cases.get(sequence) ?? null };
      return { score, group };
    }),
  );
  const sorted = all.toSorted((a, b) => b.group.day.localeCompare(a.group.day) || b.score - a.score).map(({ group }) => group);
  return [...sorted.filter(({ of }) => of === null), ...sorted.filter(({ of }) => of !== null)];
}
