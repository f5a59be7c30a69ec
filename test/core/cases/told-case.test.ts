// A case as a command tells it: all of its steps, and no word that anybody wrote.

import { expect, test } from 'vitest';
import type { Case } from '../../../src/core/cases/case.ts';
import { toldCase } from '../../../src/core/cases/told-case.ts';

const rita = { issuer: 'https://op.example', sub: 'r', name: 'rita' };
const jane = { issuer: 'https://op.example', sub: 'j', name: 'jane', key: 'https://op.example j' };
const alert = { sequence: 7, time: 5000, detector: 'colleague', person: jane, patient: '~p', words: 'A colleague' } as const;
const one: Case = {
  id: 'c1',
  openedAt: 9000,
  person: jane,
  patient: '~p',
  alerts: [alert, { ...alert, sequence: 8, detector: null, words: 'chart: GET /chart' }],
  steps: [
    { id: 's1', at: 9000, by: 'gateway', kind: 'opened', alerts: [7], record: 20, commitment: null },
    {
      id: 's2',
      at: 9001,
      by: rita,
      kind: 'alert-added',
      alerts: [8],
      origin: { review: 'r', item: 2 },
      record: 21,
      commitment: null,
    },
    { id: 's3', at: 9002, by: rita, kind: 'finding', text: 'John Doe was seen', record: 22, commitment: 'ab' },
  ],
};

test('what the record has of it, in order', () => {
  const told = toldCase(one);
  expect(told).toMatchObject({ id: 'c1', opened: '1970-01-01T00:00:09.000Z', standing: 'open', person: 'jane', finding: true });
  expect(told.alerts.map(({ record, detector }) => [record, detector])).toEqual([[7, 'colleague'], [8, null]]); // prettier-ignore
  expect(told.steps.map(({ record, by, origin, commitment }) => [record, by, origin, commitment])).toEqual([
    [20, 'the gateway', null, null],
    [21, 'rita', 'r item 2', null],
    [22, 'rita', null, 'ab'],
  ]);
  expect(JSON.stringify(told)).not.toContain('John Doe');
});

test('a case about nobody in particular, closed', () => {
  const steps = [
    ...one.steps,
    { id: 's4', at: 9003, by: rita, kind: 'closed', text: 'Done', record: 23, commitment: 'cd' } as const,
  ];
  expect(toldCase({ ...one, person: null, steps })).toMatchObject({ person: null, standing: 'closed' });
});
