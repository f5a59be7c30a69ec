// One emergency access: what was done under it and around it.

import { expect, test } from 'vitest';
import { emergencyAccess } from '../../../src/core/report/emergency-accesses.ts';
import { told } from '../../support/told.ts';

const at = Date.parse('2026-10-05T22:00:00Z');
const opened = told('break-glass', at, 'desk', {
  grant: 'g-1',
  detail: 'Unconscious in the hall',
  durationMilliseconds: 3_600_000,
  address: '10.20.0.9',
});
const seen = (time: number, patient: string | null, fields: object = {}) =>
  told('outcome', time, 'desk', { decision: 'allowed', action: 'read', patient, ...fields });
const under = (patient: string | null, fields: object = {}) => seen(at + 1, patient, { grant: 'g-1', ...fields });

test('says who, why, how long and whose chart', () => {
  expect(emergencyAccess(opened, [under('7'), under('7', { download: 'disposition' }), under('8'), under(null)])).toEqual({
    time: at,
    person: 'desk',
    address: '10.20.0.9',
    because: 'Unconscious in the hall',
    minutes: 60,
    patient: '7',
    patients: 2,
    pages: 4,
    writes: 0,
    downloads: 1,
    before: 0,
    after: 0,
    evidence: 'no other access of this person to the patient',
    grant: 'g-1',
    record: opened.sequence,
  });
});

test.each<readonly [string, ReturnType<typeof told>[], object]>([
  ['nothing was opened', [], { pages: 0, patient: null, evidence: 'nothing was opened under it' }],
  ['something was written', [under('7', { action: 'update' })], { writes: 1, evidence: 'something was written for the patient' }],
  [
    'it was written up later',
    [under('7'), seen(at + 9, '7', { action: 'create' })],
    { writes: 0, after: 1, evidence: 'something was written for the patient' },
  ],
  [
    'the patient was theirs before',
    [under('7'), seen(at - 9, '7')],
    { before: 1, after: 0, evidence: 'the patient was seen by ordinary rules as well' },
  ],
  ['another patient was', [under('7'), seen(at - 9, '8'), seen(at + 9, null)], { before: 0, after: 0 }],
  ['another emergency is not this one', [under('7'), seen(at + 9, '7', { grant: 'g-2' })], { pages: 1, after: 0 }],
  ['what was refused was not seen', [under('7', { decision: 'refused' })], { pages: 0 }],
  [
    'records that are no accesses do not count',
    [told('chart-opened', at + 1, 'desk', { grant: 'g-1', patient: '7' })],
    { pages: 0 },
  ],
  [
    'somebody else is somebody else',
    [told('outcome', at + 1, 'nurse', { decision: 'allowed', grant: 'g-1', patient: '7' })],
    { pages: 0 },
  ],
  [
    'an attempt without an outcome was seen all the same',
    [told('attempt', at + 1, 'desk', { decision: 'allowed', grant: 'g-1', patient: '7' })],
    { pages: 1 },
  ],
  ['an access whose action nobody knows is no writing', [under('7', { action: null })], { writes: 0 }],
])('%s', (_case, records, expected) => {
  expect(emergencyAccess(opened, records)).toMatchObject(expected);
});

test('a record of before it said how long', () => {
  expect(emergencyAccess({ ...opened, durationMilliseconds: null, grant: null }, [under('7'), seen(at, '7')])).toMatchObject({
    minutes: null,
    pages: 0,
  });
});
