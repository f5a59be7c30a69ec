// A download as a row of a report, and what each person took.

import { expect, test } from 'vitest';
import { downloadsOfPeople, downloadTold } from '../../../src/core/report/downloads-told.ts';
import { told } from '../../support/told.ts';

const sent = {
  decision: 'allowed',
  download: 'disposition',
  bytesOut: 5000,
  status: 200,
  target: '/export?pid=7',
  method: 'POST',
};
const row = (fields: object = {}) => downloadTold(told('outcome', 7, 'nurse', { ...sent, ...fields }));

test.each([
  [
    'one that was sent',
    {},
    { came: 'sent', stopped: null, bytes: 5000, known: 'by its file name', what: 'POST /export?pid=7', slowed: false },
  ],
  ['one that was slowed', { pace: 'slowed' }, { came: 'sent', slowed: true, told: 'sent, slowed' }],
  ['one without a status', { status: null }, { came: 'sent' }],
  ['one that was cut', { reason: 'budget-cut' }, { came: 'cut', stopped: 'after 5000 bytes' }],
  [
    'one that was cut before anything came',
    { reason: 'budget-cut', bytesOut: null },
    { came: 'cut', stopped: 'after 0 bytes', bytes: null },
  ],
  ['one that its person left', { reason: 'client-abort' }, { came: 'not finished', stopped: 'after 5000 bytes' }],
  ['one that failed at the EHR', { status: 500 }, { came: 'not finished' }],
  [
    'one that was refused on its headers',
    { decision: 'refused', reason: 'export-not-permitted' },
    { came: 'refused', bytes: 0, stopped: 'before the first byte of the reply' },
  ],
  [
    'one that the EHR was never asked for',
    { decision: 'refused', download: 'turned-away' },
    { came: 'refused', stopped: 'before the EHR was asked' },
  ],
  ['one that passed because rules are only observed', { decision: 'observed' }, { came: 'sent' }],
  ['one of a kind that a later version writes', { download: 'by-telepathy' }, { known: 'by-telepathy' }],
  ['one of no kind and no target', { download: null, target: null }, { known: null, what: null }],
  ['one that ended on a record of its own', { sequence: 4, outcome: 5 }, { record: 5 }],
  ['a refusal, which is one record', { sequence: 4, decision: 'refused' }, { record: 4 }],
  ['one without a method', { method: null }, { what: 'GET /export?pid=7' }],
])('%s', (_case, fields, expected) => {
  expect(row(fields)).toMatchObject(expected);
});

test('by person, most bytes first', () => {
  const of = (person: string, fields: object = {}) => downloadTold(told('outcome', 7, person, { ...sent, ...fields }));
  const rows = downloadsOfPeople([
    of('nurse', { patient: '7' }),
    of('nurse', { patient: '7', pace: 'slowed' }),
    of('nurse', { patient: null, reason: 'budget-cut', bytesOut: 10 }),
    of('doctor', { patient: '8', bytesOut: 900_000 }),
    of('clerk', { decision: 'refused', patient: '9' }),
    of('desk', { patient: '9', bytesOut: null }),
  ]);
  expect(rows).toEqual([
    { person: 'doctor', sent: 1, bytes: 900_000, patients: 1, unnamed: 0, slowed: 0, stopped: 0 },
    { person: 'nurse', sent: 2, bytes: 10_010, patients: 1, unnamed: 1, slowed: 1, stopped: 1 },
    { person: 'desk', sent: 1, bytes: 0, patients: 1, unnamed: 0, slowed: 0, stopped: 0 },
    { person: 'clerk', sent: 0, bytes: 0, patients: 0, unnamed: 0, slowed: 0, stopped: 1 },
  ]);
});

test('nothing is nothing', () => {
  expect(downloadsOfPeople([])).toEqual([]);
});
