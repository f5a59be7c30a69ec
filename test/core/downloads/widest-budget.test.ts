// Which budget holds for a person of several roles.

import { expect, test } from 'vitest';
import { budgetFor, widestBudget } from '../../../src/core/downloads/widest-budget.ts';
import { budgetOf } from '../../support/download-fakes.ts';

const everyone = budgetOf({ filesPerHour: 30, bytesPerDay: 200, patientsPerHour: 60 }, 'ask');
const records = budgetOf({ filesPerHour: 60, bytesPerDay: 100, patientsPerHour: 120, paceBytesPerSecond: 500 }, 'refuse');
const frontDesk = budgetOf({ filesPerHour: 5, bytesPerDay: 5, patientsPerHour: 5 }, 'refuse');
const budgets = new Map(Object.entries({ everyone, records, 'front-desk': frontDesk }));

test('a role without a budget of its own has the one of everyone', () => {
  expect(budgetFor(budgets, ['nurse'])).toEqual(everyone);
});

test("a role's own budget replaces the one of everyone, also where it is narrower", () => {
  expect(budgetFor(budgets, ['front-desk'])).toEqual(frontDesk);
});

test('several roles have the widest, measure by measure, and the mildest consequence', () => {
  expect(budgetFor(budgets, ['front-desk', 'records'])).toEqual({ ...records, paceBytesPerSecond: null });
  expect(budgetFor(budgets, ['records', 'nurse'])).toEqual(
    budgetOf({ filesPerHour: 60, bytesPerDay: 200, patientsPerHour: 120 }, 'ask'),
  );
});

test('unlimited is wider than any number', () => {
  expect(widestBudget([everyone, budgetOf({}, 'slow')])).toEqual(budgetOf({}, 'slow'));
  expect(widestBudget([budgetOf({ paceBytesPerSecond: 1 }), budgetOf({ paceBytesPerSecond: 2 })])?.paceBytesPerSecond).toBe(2);
});

test('nobody at all has no budget, and a person without roles has that of everyone', () => {
  expect(widestBudget([])).toBeNull();
  expect(budgetFor(budgets, [])).toEqual(everyone);
});

test('without a budget for everyone, a role that has none is not limited', () => {
  const only = new Map([['records', records]]);
  expect(budgetFor(only, ['records'])).toEqual(records);
  expect(budgetFor(only, ['records', 'nurse'])).toBeNull();
  expect(budgetFor(only, [])).toBeNull();
});
