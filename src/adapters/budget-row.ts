// How a person's budget stands in the state database: one row of JSON. What is promised to replies under way is not
// stored, because they end with the process.

import { z } from 'zod';
import { emptyBudget, maximumKept } from '../core/downloads/budget-state.ts';
import type { BudgetState } from '../core/downloads/budget-state.ts';

/** As it stands in a row, and within what gateways share. */
export const budgetShape = z.strictObject({
  version: z.literal(1),
  files: z.array(z.tuple([z.string(), z.number()])).max(maximumKept),
  patients: z.array(z.tuple([z.string(), z.number()])).max(maximumKept),
  day: z.string(),
  bytes: z.number().nonnegative(),
  extendedOn: z.string().nullable(),
  warned: z.strictObject({ files: z.number().nullable(), patients: z.number().nullable(), bytes: z.string().nullable() }),
});

export type BudgetRow = z.input<typeof budgetShape>;

export function budgetRow({ files, patients, day, bytes, extendedOn, warned }: BudgetState): BudgetRow {
  return {
    version: 1,
    files: files.map(({ target, at }) => [target, at]),
    patients: [...patients],
    day,
    bytes,
    extendedOn,
    warned,
  };
}

export function writeBudget(state: BudgetState): string {
  return JSON.stringify(budgetRow(state));
}

/** Throws where the row is not one of ours: a budget that cannot be read must not count as unused. */
export function readBudget(text: string): BudgetState {
  return budgetOf(budgetShape.parse(JSON.parse(text)));
}

export function budgetOf({ files, patients, day, bytes, extendedOn, warned }: BudgetRow): BudgetState {
  return {
    ...emptyBudget,
    files: files.map(([target, at]) => ({ target, at })),
    patients: new Map(patients),
    day,
    bytes,
    extendedOn,
    warned,
  };
}
