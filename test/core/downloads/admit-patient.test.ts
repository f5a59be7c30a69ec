// Distinct patients within a sliding hour, at, under and over every limit.

import { describe, expect, test } from 'vitest';
import { admitPatient } from '../../../src/core/downloads/admit-patient.ts';
import { emptyBudget, hourMilliseconds, maximumKept } from '../../../src/core/downloads/budget-state.ts';
import type { BudgetState } from '../../../src/core/downloads/budget-state.ts';
import { extendBudget } from '../../../src/core/downloads/extend-budget.ts';
import type { Budget } from '../../../src/core/policy/policy.ts';
import { budgetOf, noon } from '../../support/download-fakes.ts';

const day = '2024-10-04';

function open(state: BudgetState, budget: Budget, patients: readonly string[], at = noon) {
  let result = { state, verdicts: [] as unknown[] };
  for (const patient of patients) {
    const { state: next, verdict } = admitPatient(result.state, budget, patient, at, day);
    result = { state: next, verdicts: [...result.verdicts, verdict] };
  }
  return result;
}

function numbered(count: number): readonly string[] {
  return Array.from({ length: count }, (_, i) => `p${i}`);
}

const yes = { admit: true, slow: false, warn: null };
const over = { admit: false, over: 'patients', limit: 3, tooLarge: false };

describe('a budget of three patients an hour', () => {
  const budget = budgetOf({ patientsPerHour: 3 });

  test('takes three and refuses the fourth, without counting it', () => {
    const { state, verdicts } = open(emptyBudget, budget, numbered(4));
    expect(verdicts).toEqual([yes, yes, { ...yes, warn: 'patients' }, over]);
    expect([...state.patients.keys()]).toEqual(['p0', 'p1', 'p2']);
  });

  test('a patient opened within the hour passes over the budget, and stays within it', () => {
    const full = open(emptyBudget, budget, numbered(3)).state;
    const later = admitPatient(full, budget, 'p0', noon + hourMilliseconds - 1, day);
    expect(later.verdict).toEqual(yes);
    expect(admitPatient(later.state, budget, 'p0', noon + hourMilliseconds + 1, day).verdict).toEqual(yes);
    expect(later.state.patients.get('p0')).toBe(noon + hourMilliseconds);
  });

  test.each([
    [hourMilliseconds - 1, over],
    [hourMilliseconds, { ...yes }],
  ])('after %d ms', (after, verdict) => {
    const full = open(emptyBudget, budget, numbered(3)).state;
    expect(admitPatient(full, budget, 'p9', noon + after, day).verdict).toEqual(verdict);
  });

  test('one whose hour has passed counts anew', () => {
    const full = open(emptyBudget, budget, ['old']).state;
    const { state } = open(full, budget, numbered(3), noon + hourMilliseconds);
    expect(admitPatient(state, budget, 'old', noon + hourMilliseconds, day).verdict).toEqual(over);
  });

  test('many requests of one second leave the state alone', () => {
    const once = open(emptyBudget, budget, ['p0'], noon + 200).state;
    expect(admitPatient(once, budget, 'p0', noon + 900, day).state).toBe(once);
    expect(once.patients.get('p0')).toBe(noon + 1000);
  });

  test('a clock set back frees nothing', () => {
    const full = open(emptyBudget, budget, numbered(3)).state;
    const back = admitPatient(full, budget, 'p1', noon - 5000, day);
    expect(back.state.patients.get('p1')).toBe(noon);
    expect(admitPatient(back.state, budget, 'p9', noon - 5000, day).verdict).toEqual(over);
  });

  test('a reason doubles it for that day only', () => {
    const full = extendBudget(open(emptyBudget, { ...budget }, numbered(3)).state, day);
    const more = open(full, budget, ['p3', 'p4', 'p5', 'p6']);
    expect(more.verdicts.slice(2)).toEqual([yes, { ...over, limit: 6 }]);
    expect(admitPatient(more.state, budget, 'p6', noon, '2024-10-05').verdict).toEqual(over);
  });
});

test('the warning comes at 80 %, once within its hour', () => {
  const budget = budgetOf({ patientsPerHour: 10 });
  const { state, verdicts } = open(emptyBudget, budget, numbered(10));
  expect(verdicts.map((verdict) => (verdict as { warn: unknown }).warn)).toEqual([
    ...Array.from({ length: 7 }, () => null),
    'patients',
    null,
    null,
  ]);
  const next = open(state, budget, numbered(8), noon + hourMilliseconds);
  expect(next.verdicts.at(-1)).toMatchObject({ warn: 'patients' });
});

test('"slow" lets pass, and keeps slow while over, also for patients already opened', () => {
  const budget = budgetOf({ patientsPerHour: 2 }, 'slow');
  const { state, verdicts } = open(emptyBudget, budget, numbered(3));
  expect(verdicts.map((verdict) => (verdict as { slow: boolean }).slow)).toEqual([false, false, true]);
  expect(admitPatient(state, budget, 'p0', noon, day).verdict).toMatchObject({ slow: true });
  expect(admitPatient(state, budget, 'p0', noon + 1000, day).verdict).toMatchObject({ slow: true });
  expect(admitPatient(state, budget, 'p9', noon + hourMilliseconds, day).verdict).toMatchObject({ slow: false });
});

test('a limit of nothing refuses the first and warns of nothing', () => {
  expect(admitPatient(emptyBudget, budgetOf({ patientsPerHour: 0 }), 'p', noon, day).verdict).toMatchObject({ admit: false });
});

test('unlimited is not counted', () => {
  expect(admitPatient(emptyBudget, budgetOf(), 'p', noon, day)).toEqual({ state: emptyBudget, verdict: yes });
});

test.each([
  [maximumKept - 1, true],
  [maximumKept, false],
])('with %d kept, a further one is admitted: %s', (kept, admitted) => {
  const state = { ...emptyBudget, patients: new Map(numbered(kept).map((patient) => [patient, noon])) };
  const budget = budgetOf({ patientsPerHour: 1_000_000 }, 'slow');
  expect(admitPatient(state, budget, 'further', noon + 1000, day).verdict.admit).toBe(admitted);
  expect(admitPatient(state, budget, 'p0', noon + 1000, day).verdict.admit).toBe(true);
});
