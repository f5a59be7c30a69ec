// Requests put together: into visits to a chart, into sessions of a person, into the numbers of a review.

import { describe, expect, test } from 'vitest';
import { chartVisits } from '../../../src/core/report/chart-visits.ts';
import type { VisitedRequest } from '../../../src/core/report/chart-visits.ts';
import { reviewCounts } from '../../../src/core/report/review-counts.ts';
import { isWrite, sessionSpans } from '../../../src/core/report/session-spans.ts';
import type { SessionRequest } from '../../../src/core/report/session-spans.ts';

const minute = 60_000;
type One = VisitedRequest & SessionRequest;

function asked(at: number, fields: Partial<One> = {}): One {
  return {
    sequence: at + 1,
    outcome: at + 2,
    time: at * minute,
    event: 'outcome',
    person: 'ada',
    roles: 'nurse',
    device: 'desk 1',
    address: '10.0.0.1',
    session: 's1',
    factor: 'totp',
    patient: '7',
    action: 'read',
    category: 'chart',
    decision: 'allowed',
    reason: null,
    detail: null,
    grant: null,
    ...fields,
  };
}

describe('visits to a chart', () => {
  test('are what one person did without a break of half an hour', () => {
    const visits = chartVisits([
      asked(0),
      asked(30, { action: 'update', address: '10.0.0.2', category: null }),
      asked(61),
      asked(62, { person: 'bob', grant: 'g1', device: null, address: null }),
      asked(63, { grant: 'g1' }),
    ]);
    expect(visits).toMatchObject([
      { record: 1, from: 0, until: 30 * minute, requests: 2, actions: ['read', 'update'], addresses: ['10.0.0.1', '10.0.0.2'] },
      { record: 62, requests: 2, grants: ['g1'], categories: ['chart'] },
      { record: 63, person: 'bob', requests: 1, grants: ['g1'], addresses: [] },
    ]);
  });

  test('that were refused stand apart, with the reason', () => {
    const visits = chartVisits([asked(0), asked(1, { decision: 'refused', reason: 'role-not-permitted' }), asked(2)]);
    expect(visits.map(({ isRefused, refusal, requests }) => [isRefused, refusal, requests])).toEqual([
      [false, null, 2],
      [true, 'role-not-permitted', 1],
    ]);
  });
});

describe('sessions of a person', () => {
  test('are named by their first record, in whatever order records of one moment come', () => {
    expect(sessionSpans([asked(1), asked(0), asked(2)])).toMatchObject([{ record: 1, requests: 3 }]);
  });

  test('have their beginning, their end, and what was done in them', () => {
    const spans = sessionSpans([
      asked(0, { event: 'sign-in', patient: null, action: null }),
      asked(1),
      asked(2, { action: 'create', patient: '8' }),
      asked(3, { decision: 'refused', event: 'refusal', patient: '9' }),
      asked(4, { event: 'sign-out', patient: null, address: null }),
      asked(5, { session: 's2', factor: null, device: null, event: 'session-ended', reason: 'expired' }),
      asked(6, { session: 's3', event: 'session-ended', reason: null }),
      asked(7, { session: 's4', patient: null }),
      asked(8, { session: null }),
    ]);
    expect(spans).toMatchObject([
      {
        session: 's1',
        record: 1,
        until: 4 * minute,
        end: 'signed out',
        requests: 3,
        refused: 1,
        writes: 1,
        patients: 2,
        factor: 'totp',
      },
      { session: 's2', end: 'expired', factor: null, device: null },
      { session: 's3', end: 'ended' },
      { session: 's4', end: null, addresses: ['10.0.0.1'] },
    ]);
  });

  test.each`
    event        | action      | decision     | written
    ${'outcome'} | ${'create'} | ${'allowed'} | ${true}
    ${'outcome'} | ${'delete'} | ${null}      | ${true}
    ${'outcome'} | ${'read'}   | ${'allowed'} | ${false}
    ${'outcome'} | ${null}     | ${'allowed'} | ${false}
    ${'outcome'} | ${'create'} | ${'refused'} | ${false}
    ${'refusal'} | ${'create'} | ${null}      | ${false}
  `(
    '$event $action $decision changes something: $written',
    ({ written, ...one }: { written: boolean } & Pick<One, 'event' | 'action' | 'decision'>) => {
      expect(isWrite(one)).toBe(written);
    },
  );
});

test('a review counts people, machines, accesses, refusals and failures', () => {
  const counts = reviewCounts([
    { person: 'bob', event: 'outcome', decision: 'allowed', count: 3 },
    { person: 'ada', event: 'outcome', decision: 'observed', count: 2 },
    { person: 'ada', event: 'outcome', decision: 'refused', count: 5 },
    { person: 'machine lab', event: 'outcome', decision: 'allowed', count: 7 },
    { person: null, event: 'outcome', decision: null, count: 1 },
    { person: 'eve', event: 'refusal', decision: 'refused', count: 4 },
    { person: 'eve', event: 'pin-failed', decision: null, count: 6 },
    { person: null, event: 'sign-in-failed', decision: null, count: 2 },
  ]);
  expect(counts).toMatchObject({ people: ['ada', 'bob'], machines: ['machine lab'], accesses: 13, refusals: 9, failures: 8 });
  expect(counts.of('pin-failed')).toBe(6);
});
