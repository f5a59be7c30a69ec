// What a record says of a sign-on: whether it opened the EHR, for which reason not, and which line of the preset told. Never
// what the EHR's page said, because it may name anybody.

import type { AuditEntry } from '../core/audit/entry.ts';
import type { Verdict } from '../core/ehr/play-recipe.ts';
import type { Reason } from '../core/reasons.ts';

const reasonOf = {
  refused: 'ehr-credential-refused',
  'password-change': 'ehr-password-change',
  unrecognised: 'ehr-sign-on-unrecognised',
  broken: 'ehr-sign-on-unrecognised',
} as const satisfies Record<Exclude<Verdict['kind'], 'signed-on'>, Reason>;

export function describeVerdict(verdict: Verdict): Partial<AuditEntry> {
  const reason = verdict.kind === 'signed-on' ? null : reasonOf[verdict.kind];
  const by = 'by' in verdict ? verdict.by : verdict.at;
  return { decision: reason === null ? 'allowed' : 'refused', reason, detail: `told by ${by}` };
}
