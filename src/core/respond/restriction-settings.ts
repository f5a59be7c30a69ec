// How much the responses that restrict somebody weigh, and for how long. Times are seconds.

export interface RestrictionSettings {
  readonly slow: { readonly waitSeconds: number; readonly forSeconds: number };
  /** `forSeconds` is null where only a reviewer lifts it. */
  readonly block: { readonly forSeconds: number | null };
}

const hour = 3600;

/** What holds where IT says nothing. */
export const usualRestrictions: RestrictionSettings = {
  slow: { waitSeconds: 3, forSeconds: hour },
  block: { forSeconds: 12 * hour },
};
