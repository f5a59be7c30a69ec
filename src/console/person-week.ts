// One person's last week, counted by the thread of the search index: when, from where, whose charts, what they took away, and
// what the detectors said.

import { textsOf } from '../core/patients/show-patients.ts';
import { tokensIn } from '../core/patients/shown-tokens.ts';
import type { PatientNames, ShownPatient } from '../patient-ports.ts';
import type { Clock } from '../ports.ts';
import type { ReportRecords, TallyKey, TallyRow } from '../report-ports.ts';
import type { FoundRequest } from '../search-ports.ts';

export interface PersonWeekNeeds {
  readonly clock: Pick<Clock, 'now'>;
  readonly records: Pick<ReportRecords, 'search' | 'tally'>;
  readonly patients: PatientNames;
}

export interface PersonWeek {
  readonly since: number;
  readonly until: number;
  /** By quarters of an hour. */
  readonly quarters: readonly TallyRow[];
  readonly addresses: readonly TallyRow[];
  readonly patients: readonly TallyRow[];
  readonly downloads: readonly TallyRow[];
  readonly alerts: readonly FoundRequest[];
  readonly known: ReadonlyMap<string, ShownPatient>;
}

export const weekMilliseconds = 7 * 86_400_000;
const shownAlerts = 20;
const shownPatients = 50;

export async function personWeek({ clock, records, patients }: PersonWeekNeeds, person: string): Promise<PersonWeek> {
  const until = clock.now();
  const since = until - weekMilliseconds;
  const asked = { person, since, ended: true } as const;
  const tally = async (more: object, by: readonly TallyKey[]): Promise<readonly TallyRow[]> =>
    (await records.tally({ ...asked, ...more }, by)).rows;
  const [quarters, addresses, charts, downloads, alerts] = await Promise.all([
    tally({ event: 'outcome' }, ['quarter']),
    tally({ event: 'outcome' }, ['device', 'address']),
    tally({ named: true, event: 'outcome' }, ['patient']),
    tally({ download: true }, ['decision', 'reason']),
    records.search({ person, since, event: 'alert' }, shownAlerts),
  ]);
  const opened = charts.slice(0, shownPatients);
  const tokens = [...opened.map(({ keys: [patient] }) => String(patient)), ...tokensIn(textsOf(alerts.requests))];
  const known = tokens.length === 0 ? new Map<string, ShownPatient>() : await patients.show([...new Set(tokens)]);
  return { since, until, quarters, addresses, patients: opened, downloads, alerts: alerts.requests, known };
}
