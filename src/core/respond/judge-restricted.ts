// What the restrictions of a person mean for one request of theirs. The strictest speaks first.

import type { Restriction } from './restriction.ts';

export type RestrictedVerdict =
  { readonly holds: 'blocked'; readonly by: Restriction } | { readonly holds: 'step-up' } | { readonly holds: 'slow' } | null;

/** `factorAt` is when the second factor was proved in this session, `emergency` whether an emergency access is open. */
export function judgeRestricted(inForce: readonly Restriction[], factorAt: number, emergency: boolean): RestrictedVerdict {
  // In an emergency the patient comes first: whoever opened it has stated why, and each request of it is reviewed.
  if (emergency) return null;
  const by = inForce.find(({ kind }) => kind === 'block');
  if (by !== undefined) return { holds: 'blocked', by };
  if (inForce.some(({ kind, since }) => kind === 'step-up' && factorAt <= since)) return { holds: 'step-up' };
  return inForce.some(({ kind }) => kind === 'slow') ? { holds: 'slow' } : null;
}
