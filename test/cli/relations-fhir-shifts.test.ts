// What FHIR R4 says of when somebody works, and until when: periods and weeks of roles, schedules and their slots.

import { describe, expect, test } from 'vitest';
import { clinicTime } from '../../src/adapters/clinic-time.ts';
import { fhirTime } from '../../src/cli/relations/fhir/fhir-time.ts';
import { readFhir } from '../../src/cli/relations/fhir/read-fhir.ts';
import { contentOf } from '../../src/cli/relations/relation-content.ts';
import { Findings } from '../../src/config/mistake.ts';
import type { StaffMember } from '../../src/core/relations/relation-rows.ts';

interface Told {
  readonly rows: readonly StaffMember[];
  readonly aside: readonly string[];
}

function read(...resources: readonly object[]): Told {
  const content = contentOf([Buffer.from(resources.map((one) => `${JSON.stringify(one)}\n`).join(''))]);
  if (content.form !== 'fhir') throw new Error(`The file was taken for ${content.form}`);
  const findings = new Findings();
  const given = { kind: 'staff', file: 'f', findings, fhir: { patient: [], login: null }, today: '2026-11-30' } as const;
  const localOf = fhirTime(clinicTime('America/New_York'));
  const { rows, leftAside } = readFhir({ ...given, localOf, tokenOf: (id) => id, hide: (_, text) => text }, content.entries);
  return { rows: rows as readonly StaffMember[], aside: leftAside.map((one) => one.replace('1 left aside: ', '')) };
}

const nora = {
  resourceType: 'Practitioner',
  id: 'n',
  name: [{ family: 'Ruiz', given: ['Nora'] }],
  telecom: [{ system: 'email', value: 'nora@clinic.example' }],
};
const gone = { ...nora, active: false };
const role = { resourceType: 'PractitionerRole', id: 'r', practitioner: { reference: 'Practitioner/n' } };
const until = (end: string, more: object = {}) => ({ ...role, period: { end }, ...more });
const changed = (lastUpdated: string) => ({ meta: { lastUpdated } });

describe('the last day of employment', () => {
  test.each<[string, readonly object[], (string | null)[]]>([
    ['is the end of the only role', [nora, until('2026-11-30')], ['2026-11-30']],
    ['is on the clinic’s clock', [nora, until('2026-12-01T02:00:00Z')], ['2026-11-30']],
    ['is that of the last role to end', [nora, until('2026-11-30'), until('2027-01-31')], ['2027-01-31']],
    ['is not known while a role has none', [nora, until('2026-11-30'), role], [null]],
    ['is not known without roles', [nora], [null]],
    [
      'is at most the day on which the role was changed to be over',
      [nora, { ...role, active: false, ...changed('2026-10-02T12:00:00Z') }],
      ['2026-10-02'],
    ],
    ['is not known of a role that is over, and says nothing else', [nora, { ...role, active: false }], [null]],
    ['is at most the day on which whoever left was changed', [{ ...gone, ...changed('2026-10-03') }], ['2026-10-03']],
    ['is the end of their role', [{ ...gone, ...changed('2026-10-03') }, until('2026-09-30')], ['2026-09-30']],
  ])('%s', (_what, resources, days) => {
    expect([...new Set(read(...resources).rows.map(({ endDay }) => endDay))]).toEqual(days);
  });

  test('leaves nothing of whoever left by which patients are compared, and no department', () => {
    const location = [{ display: 'Ward 3' }];
    const { rows } = read({ ...gone, ...changed('2026-10-03') }, { ...role, location });
    const none = { role: null, patient: null, department: null, shift: null, noticeDay: null };
    const traits = { email: null, phone: null, address: null, nameAndBirth: null, surname: null };
    expect(rows).toEqual([{ login: 'nora', name: 'Nora Ruiz', endDay: '2026-10-03', ...none, ...traits }]);
    const left = read(nora, { ...role, location, active: false });
    expect([left.rows.map(({ department }) => department), left.aside]).toEqual([
      [null],
      ['the role is not active (first: line 2)'],
    ]);
  });

  test('that cannot be read is told', () => {
    expect(read(nora, until('soon')).aside).toEqual(['the end of the period of the role cannot be read (first: line 2)']);
    expect(read(nora, gone).aside).toEqual([
      'it is not active, and neither meta.lastUpdated nor the period of a role says since when (first: line 2)',
    ]);
  });
});

/** Of that week alone. */
const shiftsOf = ({ rows }: Told): string[] =>
  rows.flatMap(({ shift, department }) => (shift === null ? [] : [`${shift.from} ${shift.to} ${department ?? '-'}`]));

describe('shifts', () => {
  const week = (...availableTime: readonly object[]) => ({ ...role, availableTime });

  test.each<[string, object, readonly string[]]>([
    [
      'by day',
      { daysOfWeek: ['mon'], availableStartTime: '08:00:00', availableEndTime: '16:30:00' },
      ['2026-11-30T08:00 2026-11-30T16:30 -'],
    ],
    [
      'by night',
      { daysOfWeek: ['tue'], availableStartTime: '22:00:00', availableEndTime: '06:00:00' },
      ['2026-12-01T22:00 2026-12-02T06:00 -'],
    ],
    ['all day', { daysOfWeek: ['wed'], allDay: true }, ['2026-12-02T00:00 2026-12-03T00:00 -']],
  ])('of a week, %s, are those from five weeks back to eight ahead', (_what, time, expected) => {
    const all = shiftsOf(read(nora, week(time)));
    expect(all.filter((one) => one >= '2026-11-30' && one < '2026-12-07')).toEqual(expected);
    expect([all.length, (all[0] ?? '') >= '2026-10-26', (all.at(-1) ?? '') < '2027-01-26']).toEqual([
      14 - Number(!expected[0]?.startsWith('2026-11-30')),
      true,
      true,
    ]);
  });

  test('of a week end with the role, leave out the days of absence, and are told where they cannot be read', () => {
    const mondays = { daysOfWeek: ['mon'], allDay: true };
    const away = {
      ...week(mondays),
      notAvailable: [{ description: 'Holidays', during: { start: '2026-11-30', end: '2026-12-31' } }, {}],
    };
    expect(shiftsOf(read(nora, away)).filter((one) => one >= '2026-11-23' && one < '2027-01-11')).toEqual([
      '2026-11-23T00:00 2026-11-24T00:00 -',
      '2027-01-04T00:00 2027-01-05T00:00 -',
    ]);
    expect(shiftsOf(read(nora, { ...week(mondays), active: false }))).toEqual([]);
    const broken = week({ daysOfWeek: ['someday'], allDay: true }, { daysOfWeek: ['mon'], availableStartTime: '08:00:00' });
    expect(read(nora, broken).aside).toEqual([
      'an availableTime of the role has no days and times of a week, or is one too many (first: line 2)',
    ]);
    expect(read(nora, week(...Array.from({ length: 22 }, () => mondays))).aside).toHaveLength(1);
  });

  const schedule = {
    resourceType: 'Schedule',
    id: 's',
    actor: [{ reference: 'Practitioner/n' }, { reference: 'Location/l', display: 'Room 4' }],
  };
  const slot = (start: string, end: string, more: object = {}) => {
    const [from, to] = [start, end].map((time) => (time.length < 6 ? `2026-12-01T${time}:00-05:00` : time));
    return { resourceType: 'Slot', status: 'free', schedule: { reference: 'Schedule/s' }, start: from, end: to, ...more };
  };

  test('of slots are one where only a pause lies between, in the place of the schedule', () => {
    const late = slot('2026-12-02T02:00:00Z', '2026-12-02T06:00:00Z');
    const slots = [slot('13:00', '14:00'), slot('09:00', '09:30', { status: 'busy' }), slot('09:30', '12:00'), late];
    expect(shiftsOf(read(...slots, schedule, nora))).toEqual([
      '2026-12-01T09:00 2026-12-01T14:00 Room 4',
      '2026-12-01T21:00 2026-12-02T01:00 Room 4',
    ]);
  });

  test('of slots are a role’s as well, under the service of the schedule', () => {
    const actor = [{ reference: 'PractitionerRole/r' }];
    const of = { ...schedule, actor, serviceType: [{ text: 'Eyes' }] };
    expect(shiftsOf(read(of, slot('09:00', '10:00'), nora, role))).toEqual(['2026-12-01T09:00 2026-12-01T10:00 Eyes']);
    expect(shiftsOf(read({ ...schedule, actor }, slot('09:00', '10:00'), nora, role))).toEqual([
      '2026-12-01T09:00 2026-12-01T10:00 -',
    ]);
  });

  test.each<[string, object, string]>([
    ['blocked', slot('09:00', '10:00', { status: 'busy-unavailable' }), 'the Slot is blocked'],
    ['entered in error', slot('09:00', '10:00', { status: 'entered-in-error' }), 'the Slot is not in use'],
    ['of no schedule', slot('09:00', '10:00', { schedule: {} }), 'the Slot names no Schedule by reference'],
    [
      'of a schedule that is not there',
      slot('09:00', '10:00', { schedule: { reference: 'Schedule/other' } }),
      'the Schedule of the Slot is not in the file, or of no use',
    ],
    ['of days alone', slot('2026-12-01', '2026-12-02'), 'start and end of the Slot cannot be read, or it ends before it begins'],
    ['backwards', slot('10:00', '09:00'), 'start and end of the Slot cannot be read, or it ends before it begins'],
    ['longer than a day', slot('2026-12-01T00:00', '2026-12-02T00:01'), 'the Slot is longer than a day'],
    ['of nobody', { ...schedule, actor: [] }, 'the Schedule names no Practitioner or PractitionerRole by reference'],
    ['over', { ...schedule, active: false }, 'the Schedule is not active'],
  ])('that are %s are none', (_what, resource, why) => {
    const told = read(nora, { ...schedule, actor: [{ reference: 'Practitioner/x' }] }, resource);
    expect([shiftsOf(told), told.aside]).toEqual([[], [`${why} (first: line 3)`]]);
  });
});
