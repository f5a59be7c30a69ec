// Which alerts of a day are told one by one; the order that asks has tables of its own.

import { expect, it } from 'vitest';
import { DayBudget } from '../../../src/core/notify/day-budget.ts';
import type { BudgetedAlert } from '../../../src/core/notify/day-budget.ts';

const alert = (person: string | null, fields: Partial<BudgetedAlert> = {}): BudgetedAlert => {
  return { person, patient: null, reason: 'colleague', apart: null, frequent: false, ...fields };
};

it.each<[string, readonly BudgetedAlert[], readonly boolean[]]>([
  [
    'one of a person and patient',
    [alert('a'), alert('a', { reason: 'leaver' }), alert('a', { patient: 'p' })],
    [true, false, true],
  ],
  ['half of the budget of one person', ['p', 'q', 'r'].map((patient) => alert('a', { patient })), [true, true, false]],
  ['one of nobody by each reason', [alert(null), alert(null), alert(null, { reason: 'x' })], [true, false, true]],
  ['what is told apart', [alert(null, { apart: '1' }), alert(null, { apart: '2' })], [true, true]],
  ['no more than the budget', ['a', 'b', 'c', 'd'].map((who) => alert(who)), [true, true, true, false]],
  ['none that is frequent, and a graver one behind it', [alert('a', { frequent: true }), alert('a')], [false, true]],
])('%s', (_what, alerts, taken) => {
  const budget = new DayBudget(3);
  expect(alerts.map((one) => budget.takes(one))).toEqual(taken);
  expect(budget.isUsedUp).toBe(taken.filter((one) => one).length === 3);
});
