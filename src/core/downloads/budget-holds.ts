// What each gateway has promised to replies under way for one person. Every gateway answers for its own part alone: nobody gives
// back what another one promised, and the part of a gateway that died ends by itself.

import type { BudgetState } from './budget-state.ts';

export interface Hold {
  /** Promised and not sent yet. */
  readonly bytes: number;
  /** One file of this gateway runs past the budget. */
  readonly overdrawn: boolean;
}

export const noHold: Hold = { bytes: 0, overdrawn: false };

/** The budget as the gateway sees it whose own hold it is. */
export function withHolds(state: BudgetState, others: readonly Hold[], own: Hold): BudgetState {
  const elsewhere = others.some(({ overdrawn }) => overdrawn);
  return {
    ...state,
    reservedBytes: others.reduce((sum, { bytes }) => sum + bytes, own.bytes),
    overdrawn: own.overdrawn || elsewhere,
    overdrawnElsewhere: elsewhere && !own.overdrawn,
  };
}

/** The own hold after a step that made `after` of `before`. */
export function holdAfter(own: Hold, before: BudgetState, after: BudgetState): Hold {
  return movedHold(own, heldIn(before), heldIn(after));
}

/** The hold changed by as much as `to` is from `from`: two things may have changed it at the same time. */
export function movedHold(own: Hold, from: Hold, to: Hold): Hold {
  const bytes = Math.max(0, own.bytes + to.bytes - from.bytes);
  return { bytes, overdrawn: to.overdrawn === from.overdrawn ? own.overdrawn : to.overdrawn };
}

/** Two gateways let a file run past the budget at the same moment: the one that is on record keeps its word, the other's is cut. */
export function settledHold(own: Hold, onRecord: Hold | undefined, others: readonly Hold[]): Hold {
  const isLost = own.overdrawn && onRecord?.overdrawn !== true && others.some(({ overdrawn }) => overdrawn);
  return isLost ? { ...own, overdrawn: false } : own;
}

function heldIn({ reservedBytes, overdrawn }: BudgetState): Hold {
  return { bytes: reservedBytes, overdrawn };
}
