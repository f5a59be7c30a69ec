// Gathers one page of alerts and one of cases for a reviewer: neither with what is about themselves, and each with the way to the
// page behind it.

import type { Cases } from '../../case-ports.ts';
import type { Case, CasePerson } from '../../core/cases/case.ts';
import { concerns } from '../../core/cases/concerns.ts';
import { groupAlerts } from '../../core/cases/group-alerts.ts';
import type { AlertGroup } from '../../core/cases/group-alerts.ts';
import type { PatientNames, ShownPatient } from '../../patient-ports.ts';
import type { AlertsForm } from './alerts-query.ts';

export interface ListAlertsNeeds {
  readonly cases: Pick<Cases, 'alerts' | 'list' | 'ofAlert'>;
  readonly patients: Pick<PatientNames, 'show'>;
  readonly localDay: (time: number) => string;
}

export interface ListedAlerts {
  readonly groups: readonly AlertGroup[];
  /** The `before` of the alerts behind these; null where there are none. */
  readonly older: number | null;
  readonly cases: readonly Case[];
  /** The `behind` of the cases opened before these; null where there are none. */
  readonly olderCases: string | null;
  /** The newest open case of each person with an alert in none, by the person's key. */
  readonly addTo: ReadonlyMap<string, string>;
  readonly known: ReadonlyMap<string, ShownPatient>;
}

/** On one page. */
const mostAlerts = 200;
const mostCases = 50;
const dayMilliseconds = 86_400_000;

export async function listAlerts(
  needs: ListAlertsNeeds,
  form: AlertsForm,
  self: CasePerson | null,
  now: number,
): Promise<ListedAlerts> {
  const { cases, patients, localDay } = needs;
  const others = (one: Pick<Case, 'person' | 'alerts'>): boolean => self === null || !concerns(one, self);
  const found = await cases.alerts({ ...alertsAsked(form, now), most: mostAlerts });
  const alerts = found.alerts.filter(({ person }) => others({ person, alerts: [] }));
  const listed = await cases.list({ ...casesAsked(form), most: mostCases + 1 });
  const page = listed.slice(0, mostCases);
  const owners = new Map<number, string>();
  for (const { sequence } of alerts) {
    const of = await cases.ofAlert(sequence);
    if (of !== null) owners.set(sequence, of);
  }
  const shown = page.filter((one) => others(one));
  const groups = groupAlerts(alerts, owners, localDay);
  return {
    groups,
    older: found.next,
    cases: shown,
    // Taken of what was found and not of what is shown: what is kept back must not end the list.
    olderCases: listed.length > mostCases ? (page.at(-1)?.id ?? null) : null,
    addTo: await openCases(needs, groups),
    known: await patients.show([...new Set([...alerts, ...shown].flatMap(({ patient }) => patient ?? []))]),
  };
}

async function openCases({ cases }: ListAlertsNeeds, groups: readonly AlertGroup[]): Promise<ReadonlyMap<string, string>> {
  const open = new Map<string, string>();
  const people = new Set(groups.flatMap(({ of, person }) => (of === null && person !== null ? [person.key] : [])));
  for (const person of people) {
    const [newest] = await cases.list({ open: true, person, most: 1 });
    if (newest !== undefined) open.set(person, newest.id);
  }
  return open;
}

function alertsAsked({ person, detector, days, before }: AlertsForm, now: number) {
  return {
    since: now - days * dayMilliseconds,
    ...(person !== '' && { name: person }),
    ...(detector !== '' && { detector }),
    ...(before !== null && { before }),
  };
}

function casesAsked({ person, state, detector, behind }: AlertsForm) {
  return {
    ...(state !== 'all' && { open: state === 'open' }),
    ...(person !== '' && { name: person }),
    ...(detector !== '' && { detector }),
    ...(behind !== null && { behind }),
  };
}
