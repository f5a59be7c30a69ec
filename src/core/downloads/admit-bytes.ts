// Admits a reply that is no file but may carry much: a list of unknown length, or a live connection. Its bytes are taken
// from the person's day and no file of their hour; nothing is set aside for it, because nobody knows how much will come.

import type { Budget } from '../policy/policy.ts';
import { bytesOn, limitOf } from './budget-state.ts';
import type { BudgetState, Verdict } from './budget-state.ts';
import type { Charge } from './take-bytes.ts';

export interface BytesRequest {
  /** The first bytes that go uncounted. */
  readonly freeBytes: number;
  /** True where the reply concerns one resolved patient: once started it finishes. */
  readonly singlePatient: boolean;
}

/** What the bytes are taken from, null where nothing limits them; or "no", where nothing is left and nothing would be free. */
export function admitBytes(
  state: BudgetState,
  budget: Budget,
  { freeBytes, singlePatient }: BytesRequest,
  day: string,
): { readonly charge: Charge | null } | Extract<Verdict, { admit: false }> {
  const limit = limitOf(budget, state, 'bytes', day);
  if (limit === null) return { charge: null };
  const hasRoom = budget.then === 'slow' || limit - bytesOn(state, day) - state.reservedBytes > 0;
  if (!hasRoom && freeBytes === 0) return { admit: false, over: 'bytes', limit, tooLarge: false };
  return { charge: { left: 0, taken: 0, finishes: singlePatient && hasRoom, overdraws: false, day } };
}
