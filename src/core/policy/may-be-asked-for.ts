// Which refusals a person may ask to be changed: those that a rule decides by who, where and when. A malformed request or a
// used-up budget is none of them, and what is closed for everybody is nobody's to open.

import type { Reason } from '../reasons.ts';

const decidedByRules: ReadonlySet<Reason> = new Set([
  'no-rule',
  'role-not-permitted',
  'zone-not-permitted',
  'hours-not-permitted',
  'export-not-permitted',
]);

export function mayBeAskedFor(reason: Reason): boolean {
  return decidedByRules.has(reason);
}
