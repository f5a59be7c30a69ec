// What a person is shown of their budgets: the hour for files and patients, the day for bytes, a warning from 80 % on.

import { expect, test } from 'vitest';
import { emptyBudget, hourMilliseconds } from '../../../src/core/downloads/budget-state.ts';
import type { BudgetState } from '../../../src/core/downloads/budget-state.ts';
import { usedSoFar } from '../../../src/core/downloads/used-so-far.ts';
import type { Budget } from '../../../src/core/policy/policy.ts';
import { budgetOf } from '../../support/download-fakes.ts';

const now = 10 * hourMilliseconds;
const budget = budgetOf({ filesPerHour: 5, patientsPerHour: 10, bytesPerDay: 1000 });

const used = (state: Partial<BudgetState>, more: Partial<Budget> = {}) =>
  usedSoFar({ ...emptyBudget, ...state }, { ...budget, ...more }, now, 'today').map(
    (each) => `${each.measure} ${each.used}/${each.limit}${each.nearlyUsed ? '!' : ''}`,
  );

const files = (count: number, at = now) => Array.from({ length: count }, (_, index) => ({ target: String(index), at }));

test.each<readonly [what: string, state: Partial<BudgetState>, shown: readonly string[]]>([
  ['nothing', {}, ['files 0/5', 'patients 0/10', 'bytes 0/1000']],
  ['just under 80 %', { files: files(3), day: 'today', bytes: 799 }, ['files 3/5', 'patients 0/10', 'bytes 799/1000']],
  ['80 %', { files: files(4), day: 'today', bytes: 800 }, ['files 4/5!', 'patients 0/10', 'bytes 800/1000!']],
  [
    'what is older than its hour or its day is over',
    { files: files(4, now - hourMilliseconds), patients: new Map([['a', now - hourMilliseconds]]), day: 'yesterday', bytes: 900 },
    ['files 0/5', 'patients 0/10', 'bytes 0/1000'],
  ],
  [
    'what is still within its hour',
    { files: files(1, now - hourMilliseconds + 1), patients: new Map([['a', now - hourMilliseconds + 1]]) },
    ['files 1/5', 'patients 1/10', 'bytes 0/1000'],
  ],
  ['a day that was extended', { files: files(5), extendedOn: 'today' }, ['files 5/10', 'patients 0/20', 'bytes 0/2000']],
])('%s', (_what, state, shown) => {
  expect(used(state)).toEqual(shown);
});

test('what has no limit is not shown', () => {
  expect(used({}, { filesPerHour: null, bytesPerDay: null })).toEqual(['patients 0/10']);
  expect(used({}, { filesPerHour: null, patientsPerHour: null, bytesPerDay: null })).toEqual([]);
});
