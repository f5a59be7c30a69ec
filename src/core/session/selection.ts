// Which patient an EHR session has selected, as far as anybody can know it. A selection counts once the EHR answered
// with success; while one is on its way, or two were on their way together, nobody can say which chart is open, and
// this file says so instead of guessing.

export type SelectionReading =
  | { readonly kind: 'patient'; readonly id: string | null }
  | { readonly kind: 'in-flight' }
  /** Selections overlapped or one was cut short; which of them the EHR kept is unknown until one is made alone. */
  | { readonly kind: 'ambiguous' };

/** What is known of a request that selected: the EHR did it, said no, or nobody heard (a fault, an abort, a 5xx). */
export type SelectionOutcome = 'took-effect' | 'failed' | 'unknown';

interface Pending {
  readonly request: string;
  readonly patient: string | null;
}

/** Selections in flight at most; more than a person can click means ambiguous. */
const maximumPending = 32;

/** One EHR session. An immutable value: every change returns the next one. */
export interface Selection {
  readonly committed: string | null;
  readonly pending: readonly Pending[];
  /** True while the EHR's own choice is unknown. */
  readonly ambiguous: boolean;
  /** True while pending selections overlapped with others of different patients. */
  readonly overlapped: boolean;
}

/** Nothing selected. `committed` restores what an earlier run knew. */
export function noSelection(committed: string | null = null): Selection {
  return { committed, pending: [], ambiguous: false, overlapped: false };
}

/** A request that selects `patient` (null: clears) goes to the EHR. `request` is its id. */
export function beginSelection(state: Selection, request: string, patient: string | null): Selection {
  const pending = [...state.pending, { request, patient }];
  if (pending.length > maximumPending) return { ...state, ambiguous: true, overlapped: true };
  const overlapped = state.overlapped || state.pending.some((other) => other.patient !== patient);
  return { ...state, pending, overlapped };
}

/** That request is over. Requests that never began change nothing. */
export function settleSelection(state: Selection, request: string, outcome: SelectionOutcome): Selection {
  const settled = state.pending.find((one) => one.request === request);
  if (settled === undefined) return state;
  const pending = state.pending.filter((one) => one !== settled);
  // Whether a failed one of an overlapping pair changed the EHR's mind before it failed is unknown as well.
  const took = outcome === 'took-effect';
  const ambiguous = state.overlapped || outcome === 'unknown' || (state.ambiguous && !took);
  const committed = took ? settled.patient : state.committed;
  return { committed: ambiguous ? null : committed, pending, ambiguous, overlapped: state.overlapped && pending.length > 0 };
}

/** Nobody knows what the EHR carries, until a selection is made alone. */
export function unknownSelection(): Selection {
  return { ...noSelection(), ambiguous: true };
}

/** What a session carries that the EHR opened in answer to a request of `before`; null: of no session. */
export function successorOf(before: Selection | null): Selection {
  // A program that only renews the id takes the patient along, one whose session had expired does not.
  const carried = before === null ? null : readSelection(before);
  return carried === null || (carried.kind === 'patient' && carried.id === null) ? noSelection() : unknownSelection();
}

/** What a request may lean on now. */
export function readSelection(state: Selection): SelectionReading {
  if (state.pending.length > 0) return { kind: 'in-flight' };
  if (state.ambiguous) return { kind: 'ambiguous' };
  return { kind: 'patient', id: state.committed };
}
