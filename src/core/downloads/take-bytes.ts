// Takes bytes from a person's day while a download is sent, and says when to cut it. The day's sum never passes the
// budget by more than one started single-patient file.

import type { Budget } from '../policy/policy.ts';
import { bytesOn, limitOf, nearlyUsed } from './budget-state.ts';
import type { BudgetState } from './budget-state.ts';

/** The account of one reply under way. */
export interface Charge {
  /** Bytes reserved for it and not taken yet. */
  readonly left: number;
  /** Bytes taken so far. */
  readonly taken: number;
  /** Concerns one patient, so that it finishes once started. */
  readonly finishes: boolean;
  /** This is the one file that may run past the budget. */
  readonly overdraws: boolean;
  /** The local day of the last take. */
  readonly day: string;
}

export interface Taken {
  readonly state: BudgetState;
  readonly charge: Charge;
  readonly pass: 'within' | 'slow' | 'cut';
  readonly warn: boolean;
}

/** Takes `bytes` that are about to be sent; on `cut` nothing was taken. `day` is the local day. */
export function takeBytes(state: BudgetState, budget: Budget, charge: Charge, bytes: number, day: string): Taken {
  const limit = limitOf(budget, state, 'bytes', day) ?? Infinity;
  const reserved = Math.min(charge.left, bytes);
  const free = limit - bytesOn(state, day) - state.reservedBytes;
  const past = bytes > reserved && bytes - reserved > free;
  const slows = budget.then === 'slow';
  const overdraws = charge.overdraws || (past && !slows);
  if (past && !slows && !mayOverdraw(state, charge)) return { state, charge, pass: 'cut', warn: false };
  const used = bytesOn(state, day) + bytes;
  const warn = nearlyUsed(used, limit) && state.warned.bytes !== day;
  const next = {
    ...state,
    day,
    bytes: used,
    reservedBytes: state.reservedBytes - reserved,
    overdrawn: state.overdrawn || overdraws,
    warned: warn ? { ...state.warned, bytes: day } : state.warned,
  };
  const account = { ...charge, left: charge.left - reserved, taken: charge.taken + bytes, overdraws, day };
  return { state: next, charge: account, pass: slows && used > limit ? 'slow' : 'within', warn };
}

/** What began to run past the budget goes on, unless it turns out that another gateway's file did so first. */
function mayOverdraw(state: BudgetState, charge: Charge): boolean {
  return charge.overdraws ? state.overdrawnElsewhere !== true : charge.finishes && !state.overdrawn;
}

/** Closes a reply's account: gives back what it had reserved, and what was taken but never sent. */
export function closeCharge(state: BudgetState, charge: Charge, sentBytes: number): BudgetState {
  const unsent = state.day === charge.day ? Math.max(0, charge.taken - sentBytes) : 0;
  return {
    ...state,
    bytes: Math.max(0, state.bytes - unsent),
    reservedBytes: Math.max(0, state.reservedBytes - charge.left),
    overdrawn: state.overdrawn && !charge.overdraws,
  };
}
