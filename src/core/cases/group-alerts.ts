// Alerts as a reviewer looks at them: one line a person, patient and day, with the case they are in. Those without one first.

import type { CaseAlert } from './case.ts';

export interface AlertGroup {
  /** `2026-11-30` at the clinic. */
  readonly day: string;
  readonly person: CaseAlert['person'];
  readonly patient: string | null;
  /** The newest first. */
  readonly alerts: readonly CaseAlert[];
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
  const all = [...groups.values()].flatMap(({ day, alerts: those }): AlertGroup[] =>
    those.slice(0, 1).map(({ person, patient, sequence }) => ({
      day,
      person,
      patient,
      alerts: those,
      of: cases.get(sequence) ?? null,
    })),
  );
  return [...all.filter(({ of }) => of === null), ...all.filter(({ of }) => of !== null)];
}
