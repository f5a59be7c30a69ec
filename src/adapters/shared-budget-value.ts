// What stands in Redis for one person: the budget, and what each gateway has promised to replies under way.

import { z } from 'zod';
import type { Hold } from '../core/downloads/budget-holds.ts';
import { mergeBudgets } from '../core/downloads/merge-budgets.ts';
import { emptyBudget } from '../core/downloads/budget-state.ts';
import type { BudgetState } from '../core/downloads/budget-state.ts';
import { budgetOf, budgetRow, budgetShape } from './budget-row.ts';

export interface GatewayHold extends Hold {
  /** Epoch milliseconds; said again while it lasts. Afterwards the gateway is dead, and its promises with it. */
  readonly until: number;
  /** The version that this gateway wrote last, by which it knows afterwards whether a write without an answer counted. */
  readonly last: string;
}

export interface SharedBudgetValue {
  /** When it was written, epoch milliseconds, and always later than what it took the place of; 0: never. */
  readonly at: number;
  /** Another one wherever Redis had lost something: what was known before it and what stands now then make one budget. */
  readonly lineage: string;
  /** Without what is promised. */
  readonly budget: BudgetState;
  /** Account of a gateway → its hold. */
  readonly holds: ReadonlyMap<string, GatewayHold>;
}

export const neverUsed: SharedBudgetValue = { at: 0, lineage: '', budget: emptyBudget, holds: new Map() };

const mostHolds = 1000;
const hold = z.strictObject({ bytes: z.number().nonnegative(), overdrawn: z.boolean(), until: z.number(), last: z.string() });
const shape = z.strictObject({
  version: z.literal(1),
  at: z.number().positive(),
  lineage: z.string().min(1),
  budget: budgetShape,
  holds: z.array(z.tuple([z.string(), hold])).max(mostHolds),
});

export function writeShared({ at, lineage, budget, holds }: SharedBudgetValue): string {
  const value: z.input<typeof shape> = { version: 1, at, lineage, budget: budgetRow(budget), holds: [...holds] };
  return JSON.stringify(value);
}

/** Throws where it is none of ours, or of a version that this gateway does not know. */
export function readShared(text: string): SharedBudgetValue {
  const { at, lineage, budget, holds } = shape.parse(JSON.parse(text));
  return { at, lineage, budget: budgetOf(budget), holds: new Map(holds) };
}

/**
 * What is to be judged over, from what was known here, what stands in Redis and what a row says; the latter two null where there is
 * nothing or nobody asked. It is of a new lineage (`''`) where Redis lost something, so that every gateway adds what it knows.
 */
export function joined(
  known: SharedBudgetValue,
  value: SharedBudgetValue | null,
  row: SharedBudgetValue | null,
): SharedBudgetValue {
  if (value !== null && value.lineage === known.lineage) return value.at >= known.at ? value : { ...known, lineage: '' };
  const isSetBack = value === null || (row !== null && row.at > value.at);
  const others = [known, ...(isSetBack && row !== null ? [row] : [])].filter(({ at }) => at > 0);
  const all = others.reduce(join, value ?? neverUsed);
  return isSetBack ? { ...all, lineage: '' } : all;
}

/** The lineage of the first. */
function join(one: SharedBudgetValue, other: SharedBudgetValue): SharedBudgetValue {
  const [earlier, later] = one.at < other.at ? [one, other] : [other, one];
  const holds = new Map([...earlier.holds, ...later.holds]);
  return { at: later.at, lineage: one.lineage, budget: mergeBudgets(earlier.budget, later.budget), holds };
}
