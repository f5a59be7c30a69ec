// Who is on record.

import { expect, test } from 'vitest';
import { peopleSeen } from '../../../src/core/report/people-seen.ts';

const counted = (person: string | null, roles: string | null, since: number, until: number) => ({
  person,
  roles,
  count: 1,
  since,
  until,
  last: until,
});

test('by name, with the roles of the last sign-in and what was done in the period', () => {
  const rows = peopleSeen({
    ever: [
      counted('nurse', 'nurse, records', 100, 150),
      counted('nurse', 'nurse', 50, 200),
      counted('nurse', 'student', 70, 80),
      counted('doctor', null, 120, 130),
      counted('clerk', 'billing', 10, 20),
      counted('aide', null, 5, 6),
      counted(null, null, 1, 300),
    ],
    signIns: new Map([['nurse', 2]]),
    accesses: new Map([['nurse', 9]]),
    left: new Map([['clerk', 90]]),
    since: 100,
  });
  const none = { signIns: 0, accesses: 0, left: null };
  expect(rows).toEqual([
    { ...none, person: 'aide', roles: null, firstSignIn: 5, lastSignIn: 6, isNew: false, record: 6 },
    { ...none, person: 'clerk', roles: 'billing', firstSignIn: 10, lastSignIn: 20, isNew: false, left: 90, record: 20 },
    { ...none, person: 'doctor', roles: null, firstSignIn: 120, lastSignIn: 130, isNew: true, record: 130 },
    {
      person: 'nurse',
      roles: 'nurse',
      firstSignIn: 50,
      lastSignIn: 200,
      signIns: 2,
      accesses: 9,
      isNew: false,
      left: null,
      record: 200,
    },
  ]);
});
