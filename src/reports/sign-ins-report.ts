// Failed and unusual sign-ins (45 CFR 164.308(a)(5)(ii)(C)): who or what tried, from where, with which factor, how often, and what
// was done about it.

import { failureEvents, isFailure, signInFailures } from '../core/report/sign-in-failures.ts';
import type { SignInFailures } from '../core/report/sign-in-failures.ts';
import type { ReportContent, Section } from '../core/report/report.ts';
import { unusualSignIns } from '../core/report/unusual-sign-ins.ts';
import type { ReportAsks, ReportSources } from '../report-ports.ts';
import type { FoundRequest } from '../search-ports.ts';
import { column } from './column.ts';
import { listedEvents } from './listed-events.ts';
import type { ReportKind } from './report-kind.ts';

export const signInsReport: ReportKind = {
  name: 'sign-ins',
  title: 'Failed and unusual sign-ins',
  says: 'tries that failed, lock-outs, what was done about them, and sign-ins that deserve a look',
  citations: ['45 CFR 164.308(a)(5)(ii)(C)', '45 CFR 164.312(d)'],
  wants: null,
  build,
};

const others = ['sign-in', 'unlocked', 'step-up', 'order', 'recovery-code-used', 'emergency-sign-in', 'kept-both', 'taken-over'];
/** Refusals that are about who is asking, and not about what. */
const wayIn = new Set(['machine-unknown', 'caller-ambiguous', 'machine-not-permitted', 'too-many-attempts', 'logout-token-refused']); // prettier-ignore

async function build({ period }: ReportAsks, sources: ReportSources): Promise<ReportContent> {
  const { clinic, setup } = sources;
  const { since, until } = period;
  const { requests, total } = await listedEvents(sources, { since, until }, [...Object.keys(failureEvents), ...others]);
  const failures = signInFailures(requests);
  const unusual = unusualSignIns(requests, { hours: clinic.hours, localTime: setup.localTime, zones: setup.zones, zonesOf: setup.zonesOf }); // prettier-ignore
  const tries = failures.reduce((all, { count }) => all + count, 0);
  const rows = failures.map((one) => ({ ...one, why: whyOf(one), zone: zoneOf(sources, one.address) }));
  return {
    about: [],
    figures: [
      { key: 'tries', title: 'Tries that failed', type: 'number', value: tries, note: null },
      { key: 'people', title: 'People concerned', type: 'number', value: peopleIn(requests), note: null },
      { key: 'lockOuts', title: 'Lock-outs', type: 'number', value: failures.filter((one) => one.lockOutMinutes !== null).length, note: null },
      { key: 'unusual', title: 'Unusual sign-ins', type: 'number', value: unusual.length, note: null },
    ], // prettier-ignore
    sections: [
      failureSection(rows, total === null ? null : rows.length),
      unusualSection(unusual.map((one) => ({ ...one, zone: zoneOf(sources, one.address) })), total === null ? null : unusual.length),
      await refusalSection(period, sources),
    ], // prettier-ignore
    limits: [
      'Zones and hours are those of the configuration when the report was made.',
      'A wrong password is seen by the sign-in service and not here; its own record tells of it.',
      'Where nobody is known yet, tries beyond the budget of an address are summed up without their reasons.',
      'What was done outside the gateway, such as a call, is not on record; an action here is an order about the person within a week.',
    ],
    blanks: [{ title: 'Looked at, and what was done', lines: 4 }],
  };
}

function peopleIn(requests: readonly FoundRequest[]): number {
  return new Set(requests.filter(isFailure).flatMap(({ person }) => person ?? [])).size;
}

function whyOf({ reason, detail }: SignInFailures): string {
  return [reason, detail].filter((text) => text !== null).join(': ');
}

/** Null where no zone is configured. */
function zoneOf({ setup }: ReportSources, address: string | null): string | null {
  if (address === null || setup.zones.length === 0) return null;
  return setup.zonesOf(address).join(', ') || 'none';
}

function failureSection(rows: Section['rows'], total: number | null): Section {
  return {
    key: 'failures',
    title: 'Tries that failed',
    notes: ['The same person, address, factor and reason within an hour of each other are one row.'],
    columns: [
      column('record', 'Record', 'record'),
      column('first', 'First', 'time'),
      column('last', 'Last', 'time'),
      column('person', 'Person', 'person'),
      column('address', 'Address', 'code'),
      column('zone', 'Zone'),
      column('what', 'Tried'),
      column('factor', 'Factor'),
      column('why', 'Reason'),
      column('count', 'Times', 'number'),
      column('lockOutMinutes', 'Locked out, minutes', 'number'),
      column('cameInAt', 'Came in within the hour', 'time'),
      column('action', 'Ordered about them'),
    ],
    rows,
    total,
  };
}

function unusualSection(rows: Section['rows'], total: number | null): Section {
  return {
    key: 'unusual',
    title: 'Unusual sign-ins',
    notes: ['They succeeded. Each may be as it should be.'],
    columns: [
      column('record', 'Record', 'record'),
      column('time', 'Time', 'time'),
      column('person', 'Person', 'person'),
      column('address', 'Address', 'code'),
      column('zone', 'Zone'),
      column('device', 'Device'),
      column('factor', 'Factor'),
      column('why', 'Why it is here'),
    ],
    rows,
    total,
  };
}

async function refusalSection({ since, until }: ReportAsks['period'], { records }: ReportSources): Promise<Section> {
  const refused = await records.tally({ since, until, event: 'refusal' }, ['reason', 'person', 'address']);
  const summed = await records.tally({ since, until, event: 'refusals-summed' }, ['detail', 'person', 'address']);
  const rows = [
    ...refused.rows.filter(({ keys: [reason] }) => wayIn.has(String(reason))),
    ...summed.rows,
  ].map(({ keys: [reason, person, address], count, since: from, until: to, first }) => ({ record: first, first: from, last: to, reason: reason ?? null, person: person ?? null, address: address ?? null, count })); // prettier-ignore
  return {
    key: 'refusals',
    title: 'Machines, and refusals that were summed up',
    notes: [],
    columns: [
      column('record', 'Record', 'record'),
      column('first', 'First', 'time'),
      column('last', 'Last', 'time'),
      column('person', 'Person or machine', 'person'),
      column('address', 'Address', 'code'),
      column('reason', 'Reason'),
      column('count', 'Records', 'number'),
    ],
    rows,
    total: refused.isCut || summed.isCut ? null : rows.length,
  };
}
