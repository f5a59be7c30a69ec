// Two accounts of one person after what they shared was lost: what either counted stays counted.

import { describe, expect, test } from 'vitest';
import { emptyBudget, maximumKept } from '../../../src/core/downloads/budget-state.ts';
import type { BudgetState } from '../../../src/core/downloads/budget-state.ts';
import { mergeBudgets } from '../../../src/core/downloads/merge-budgets.ts';
import { noon } from '../../support/download-fakes.ts';

const [yesterday, today] = ['2024-10-03', '2024-10-04'];
const state = (some: Partial<BudgetState>): BudgetState => ({ ...emptyBudget, day: today, ...some });
const file = (target: string, at: number) => ({ target, at });

test('files and patients of both, each once, oldest first, with the latest time of each patient', () => {
  const earlier = state({
    files: [file('a', noon), file('b', noon + 2)],
    patients: new Map([['p', noon + 9], ['q', noon]]), // prettier-ignore
  });
  const later = state({
    files: [file('a', noon), file('c', noon + 1)],
    patients: new Map([['p', noon + 3], ['r', noon + 4]]), // prettier-ignore
  });
  const merged = mergeBudgets(earlier, later);
  expect(merged.files).toEqual([file('a', noon), file('c', noon + 1), file('b', noon + 2)]);
  expect(Object.fromEntries(merged.patients)).toEqual({ p: noon + 9, q: noon, r: noon + 4 });
});

describe('bytes', () => {
  test.each([
    ['of one day: the more', state({ bytes: 7 }), state({ bytes: 5 }), { day: today, bytes: 7 }],
    ['of one day, the other way', state({ bytes: 5 }), state({ bytes: 7 }), { day: today, bytes: 7 }],
    ['of a day that is over: none', state({ day: yesterday, bytes: 9 }), state({ bytes: 5 }), { day: today, bytes: 5 }],
    ['where the later one is behind', state({ bytes: 5 }), state({ day: yesterday, bytes: 9 }), { day: today, bytes: 5 }],
  ])('%s', (_name, earlier, later, merged) => {
    expect(mergeBudgets(earlier, later)).toMatchObject(merged);
  });
});

test('an extension that was withdrawn stays withdrawn, and the warnings are the later ones', () => {
  const warned = { files: noon, patients: null, bytes: null };
  expect(mergeBudgets(state({ extendedOn: today }), state({ warned }))).toMatchObject({ extendedOn: null, warned });
});

test('no more is kept than one person may have; the newest stay', () => {
  const numbered = (from: number) => Array.from({ length: maximumKept }, (_, i) => `${from + i}`);
  const filled = (from: number) =>
    state({
      files: numbered(from).map((name) => file(name, noon + Number(name))),
      patients: new Map(numbered(from).map((name) => [name, noon + Number(name)])),
    });
  const merged = mergeBudgets(filled(0), filled(maximumKept - 5));
  expect([merged.files.length, merged.patients.size]).toEqual([maximumKept, maximumKept]);
  expect(merged.files.at(-1)?.target).toBe(String(2 * maximumKept - 6));
});
