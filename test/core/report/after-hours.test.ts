// One time in which the clinic was closed: what each person did.

import { expect, test } from 'vitest';
import { afterHours } from '../../../src/core/report/after-hours.ts';
import type { CountedAccesses } from '../../../src/core/report/after-hours.ts';

const counted = (person: string | null, fields: Partial<CountedAccesses> = {}): CountedAccesses => ({
  person,
  event: 'outcome',
  decision: 'allowed',
  patient: null,
  count: 1,
  bytesOut: 100,
  since: 10,
  until: 20,
  first: 5,
  ...fields,
});

test('by person, those with most accesses first', () => {
  const rows = afterHours(
    [
      counted('nurse'),
      counted('doctor', { patient: '7', count: 3, since: 5 }),
      counted('doctor', { patient: '8', until: 30, first: 2 }),
      counted('doctor', { patient: '9', decision: 'refused', count: 2, event: 'refusal' }),
      counted('doctor', { event: 'attempt', patient: '8' }),
      counted('clerk', { first: 1 }),
    ],
    [
      counted('doctor', { bytesOut: 5000, count: 2 }),
      counted('doctor', { decision: 'refused' }),
      counted('nurse', { bytesOut: 1 }),
    ],
  );
  expect(rows).toEqual([
    { person: 'doctor', first: 5, last: 30, accesses: 5, patients: 2, refused: 2, downloads: 2, bytes: 5000, record: 2 },
    { person: 'clerk', first: 10, last: 20, accesses: 1, patients: 0, refused: 0, downloads: 0, bytes: 0, record: 1 },
    { person: 'nurse', first: 10, last: 20, accesses: 1, patients: 0, refused: 0, downloads: 1, bytes: 1, record: 5 },
  ]);
});

test('strangers, machines and what is no request are left out', () => {
  const records = [
    counted(null),
    counted('machine lab'),
    counted('nurse', { event: 'sign-in' }),
    counted('nurse', { event: null }),
  ];
  expect(afterHours(records, [])).toEqual([]);
});
