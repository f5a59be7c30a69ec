// What may follow an alert. The record itself always does; whatever reaches into somebody's work is for the clinic to ask for.

/**
 * `note`: it is on record. `notify`: reviewers are told. `ask`: the person is asked why. `step-up`: the person proves the second
 * factor anew. `slow`: their requests wait. `block`: they are refused. `end-session`: their sessions end, with all that runs.
 */
export const responseKinds = ['note', 'notify', 'ask', 'step-up', 'slow', 'block', 'end-session'] as const;

export type ResponseKind = (typeof responseKinds)[number];

/** Those that make sense where an alert names no single person. */
export const impersonalKinds = ['note', 'notify'] as const satisfies readonly ResponseKind[];

/** What holds where IT says nothing: nobody's work is touched by a guess. */
export const usualResponse: readonly ResponseKind[] = ['note', 'notify'];
