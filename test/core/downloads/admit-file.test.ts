// Files of the hour and the bytes set aside for them, at, under and over every limit.

import { describe, expect, test } from 'vitest';
import { admitFile } from '../../../src/core/downloads/admit-file.ts';
import type { FileRequest } from '../../../src/core/downloads/admit-file.ts';
import {
  emptyBudget,
  hourMilliseconds,
  maximumKept,
  sameFileMilliseconds,
  unknownFileBytes,
} from '../../../src/core/downloads/budget-state.ts';
import type { BudgetState } from '../../../src/core/downloads/budget-state.ts';
import { extendBudget } from '../../../src/core/downloads/extend-budget.ts';
import type { Budget } from '../../../src/core/policy/policy.ts';
import { budgetOf, noon } from '../../support/download-fakes.ts';

const day = '2024-10-04';

function file(target: string, some: Partial<FileRequest> = {}): FileRequest {
  return { target, bytes: 0, singlePatient: true, ...some };
}

function fetchAll(budget: Budget, targets: readonly string[], at = noon, from: BudgetState = emptyBudget) {
  let state = from;
  const verdicts = [];
  for (const target of targets) {
    const admitted = admitFile(state, budget, file(target), at, day);
    ({ state } = admitted);
    verdicts.push(admitted.verdict);
  }
  return { state, verdicts };
}

const yes = { admit: true, slow: false, warn: null };
const over = { admit: false, over: 'files', limit: 3, tooLarge: false };

describe('a budget of three files an hour', () => {
  const budget = budgetOf({ filesPerHour: 3 });

  test('takes three and refuses the fourth, without counting it', () => {
    const { state, verdicts } = fetchAll(budget, ['a', 'b', 'c', 'd']);
    expect(verdicts).toEqual([yes, yes, { ...yes, warn: 'files' }, over]);
    expect(state.files.map((one) => one.target)).toEqual(['a', 'b', 'c']);
  });

  test('ranges of a file merge, also over the budget', () => {
    const { state, verdicts } = fetchAll(budget, ['a', 'a', 'b', 'c', 'a', 'a']);
    expect(verdicts.every((verdict) => verdict.admit)).toBe(true);
    expect(state.files).toHaveLength(3);
  });

  test.each([
    [sameFileMilliseconds - 1, 1],
    [sameFileMilliseconds, 2],
  ])('the same target after %d ms makes %d files', (after, files) => {
    const once = fetchAll(budget, ['a']).state;
    expect(fetchAll(budget, ['a'], noon + after, once).state.files).toHaveLength(files);
  });

  test('the ten minutes run from the first range, not from the last', () => {
    const once = fetchAll(budget, ['a']).state;
    const again = fetchAll(budget, ['a'], noon + sameFileMilliseconds - 1, once).state;
    expect(fetchAll(budget, ['a'], noon + sameFileMilliseconds, again).state.files).toHaveLength(2);
  });

  test.each([
    [hourMilliseconds - 1, over],
    [hourMilliseconds, yes],
  ])('after %d ms', (after, verdict) => {
    const full = fetchAll(budget, ['a', 'b', 'c']).state;
    expect(fetchAll(budget, ['d'], noon + after, full).verdicts).toEqual([verdict]);
  });

  test('a reason doubles it for the day', () => {
    const full = extendBudget(fetchAll(budget, ['a', 'b', 'c']).state, day);
    const { verdicts } = fetchAll(budget, ['d', 'e', 'f', 'g'], noon, full);
    expect(verdicts).toEqual([yes, { ...yes, warn: 'files' }, yes, { ...over, limit: 6 }]);
  });
});

test('the warning comes at 80 %, once within its hour', () => {
  const budget = budgetOf({ filesPerHour: 5 });
  const { state, verdicts } = fetchAll(budget, ['a', 'b', 'c', 'd', 'e']);
  expect(verdicts.map((verdict) => verdict.admit && verdict.warn)).toEqual([null, null, null, 'files', null]);
  const again = fetchAll(budget, ['f', 'g', 'h', 'i'], noon + hourMilliseconds, state);
  expect(again.verdicts.at(-1)).toMatchObject({ warn: 'files' });
});

test('"slow" lets pass, slowly, and again for a range of what was counted', () => {
  const budget = budgetOf({ filesPerHour: 1, bytesPerDay: 1 }, 'slow');
  const { verdicts } = fetchAll(budget, ['a', 'b', 'b']);
  expect(verdicts.map((verdict) => verdict.admit && verdict.slow)).toEqual([false, true, true]);
});

test('unlimited is not counted', () => {
  expect(fetchAll(budgetOf(), ['a', 'b']).state.files).toEqual([]);
});

test.each([
  [maximumKept - 1, true],
  [maximumKept, false],
])('with %d kept, a further file is admitted: %s', (kept, admitted) => {
  const files = Array.from({ length: kept }, (_, i) => ({ target: `t${i}`, at: noon }));
  const budget = budgetOf({ filesPerHour: 1_000_000 }, 'slow');
  expect(admitFile({ ...emptyBudget, files }, budget, file('further'), noon, day).verdict.admit).toBe(admitted);
});

describe('a budget of 1,000 bytes a day', () => {
  const budget = budgetOf({ bytesPerDay: 1000 });
  const used = (bytes: number, some: Partial<BudgetState> = {}) => ({ ...emptyBudget, day, bytes, ...some });
  const admit = (state: BudgetState, some: Partial<FileRequest>) => admitFile(state, budget, file('a', some), noon, day);
  const overBytes = { admit: false, over: 'bytes', limit: 1000, tooLarge: false };

  test.each([
    ['one patient, anything left', used(999), { bytes: 5000 }, yes],
    ['one patient, nothing left', used(1000), { bytes: 1 }, overBytes],
    ['one patient, what is left is promised', used(0, { reservedBytes: 1000 }), { bytes: 1 }, overBytes],
    ['one patient, unknown length', used(999), { bytes: null }, yes],
    ['one patient, unknown length, nothing left', used(1000), { bytes: null }, overBytes],
    ['one patient, while another runs past the limit', used(999, { overdrawn: true }), { bytes: 2 }, overBytes],
    ['one patient that fits, while another runs past', used(999, { overdrawn: true }), { bytes: 1 }, yes],
    ['many patients that fit', used(400), { bytes: 600, singlePatient: false }, yes],
    ['many patients, one byte too many', used(400), { bytes: 601, singlePatient: false }, overBytes],
    ['many patients, more than a day', used(0), { bytes: 1001, singlePatient: false }, { ...overBytes, tooLarge: true }],
    ['many patients, unknown length', used(999), { bytes: null, singlePatient: false }, yes],
    ['many patients, unknown length, nothing left', used(1000), { bytes: null, singlePatient: false }, overBytes],
    ['yesterday is another day', { ...used(1000), day: '2024-10-03' }, { bytes: 1000 }, yes],
  ] as const)('%s', (_name, state, some, verdict) => {
    const admitted = admit(state, some);
    expect(admitted.verdict).toEqual(verdict);
    if (!verdict.admit) expect(admitted).toMatchObject({ state, charge: null });
  });

  test('what is admitted is promised', () => {
    const single = admit(used(100), { bytes: 300 });
    expect(single.state.reservedBytes).toBe(300);
    expect(single.charge).toEqual({ left: 300, taken: 0, finishes: true, overdraws: false, day });
    const past = admit(single.state, { bytes: 900 });
    expect(past.state).toMatchObject({ reservedBytes: 1200, overdrawn: true });
    expect(past.charge).toMatchObject({ left: 900, overdraws: true });
  });

  test('a length unknown promises what is left, or a fair share of a large budget', () => {
    expect(admit(used(100), { bytes: null }).charge?.left).toBe(900);
    const large = budgetOf({ bytesPerDay: unknownFileBytes * 3 });
    expect(admitFile(emptyBudget, large, file('a', { bytes: null }), noon, day).charge?.left).toBe(unknownFileBytes);
    expect(admit(used(100), { bytes: null, singlePatient: false }).charge?.left).toBe(0);
  });

  test('a file refused for its bytes is not counted as a file', () => {
    const both = budgetOf({ filesPerHour: 3, bytesPerDay: 0 });
    expect(admitFile(emptyBudget, both, file('a'), noon, day)).toEqual({
      state: emptyBudget,
      verdict: { admit: false, over: 'bytes', limit: 0, tooLarge: false },
      charge: null,
    });
  });
});
