// What one audit record says. Fields that are null are not written. No body, token, cookie or password has a field here.

import type { Action } from '../policy/policy.ts';

export type AuditEvent =
  | 'attempt'
  | 'outcome'
  | 'refusal'
  | 'refusals-summed'
  | 'sign-in'
  | 'sign-in-failed'
  | 'emergency-code'
  | 'emergency-sign-in'
  | 'emergency-sign-in-failed'
  | 'sign-out'
  | 'session-ended'
  | 'taken-over'
  | 'kept-both'
  | 'switched-away'
  | 'switched-to'
  | 'locked'
  | 'unlocked'
  | 'unlock-failed'
  | 'ehr-kept-warm'
  | 'roles-refreshed'
  | 'second-factor'
  | 'second-factor-failed'
  | 'second-factor-blocked'
  | 'step-up'
  | 'step-up-failed'
  | 'enrolment'
  | 'factor-removed'
  | 'factor-renamed'
  | 'recovery-codes-renewed'
  | 'device-registered'
  | 'device-removed'
  | 'device-remembered'
  | 'device-forgotten'
  | 'pin-set'
  | 'pin-failed'
  | 'pin-removed'
  | 'recovery-code-used'
  | 'break-glass'
  | 'budget-extended'
  | 'budget-warning'
  | 'chart-opened'
  | 'credential-stored'
  | 'credential-removed'
  | 'ehr-sign-on'
  | 'draft-held'
  | 'own-access-viewed'
  | 'post-held'
  | 'post-sent'
  | 'post-discarded'
  | 'post-expired'
  | 'access-asked'
  | 'acknowledged'
  | 'acknowledgement-postponed'
  | 'order'
  | 'offboarded'
  | 'readmitted'
  | 'enrol-code-used'
  | 'factor-notice-seen'
  | 'start'
  | 'stop'
  | 'configuration'
  | 'configuration-rejected'
  | 'heartbeat'
  | 'audit-repaired'
  | 'audit-outage'
  | 'restored'
  | 'epoch'
  | 'epoch-closed'
  | 'audit-pruned'
  | 'audit-hold'
  | 'audit-hold-released'
  | 'audit-exported'
  | 'recertification-started'
  | 'recertification-decided'
  | 'recertification-signed'
  | 'recertification-closed'
  | 'report-made'
  | 'review-prepared'
  | 'review-disposed'
  | 'review-refused'
  | 'review-signed'
  | 'review-overdue'
  | 'alert'
  | 'response'
  | 'response-lifted'
  | 'case-step'
  | 'disclosure'
  | 'disclosure-not'
  | 'disclosure-owed'
  | 'disclosure-cancelled'
  | 'disclosure-suspended'
  | 'disclosure-resumed';

/** One record, before the log gives it its sequence number and chains it. `time` is epoch milliseconds. */
export interface AuditEntry {
  readonly event: AuditEvent;
  readonly time: number;
  readonly request: string | null;
  readonly subject: { readonly issuer: string; readonly sub: string; readonly name: string } | null;
  readonly roles: readonly string[] | null;
  readonly session: string | null;
  readonly factor: string | null;
  /** Name of the known device that the session was signed in on. */
  readonly device: string | null;
  readonly address: string | null;
  readonly agent: string | null;
  readonly application: string | null;
  readonly method: string | null;
  /** Canonical path, then the query with values redacted. */
  readonly target: string | null;
  /** Keyed hash of the whole target, hex. */
  readonly targetHash: string | null;
  readonly patient: string | null;
  readonly patientSource: string | null;
  readonly category: string | null;
  readonly action: Action | null;
  /** How the reply was known for a download: by the rule, its headers, its type or its size. */
  readonly download: string | null;
  /** `slowed` where the reply was sent in the slow lane of a budget that is used up. */
  readonly pace: string | null;
  readonly rule: string | null;
  readonly decision: 'allowed' | 'refused' | 'observed' | null;
  readonly reason: string | null;
  /** The reason for which the rules would have refused what passed, because they are only observed. */
  readonly wouldRefuse: string | null;
  /** What shows that a person was there: `navigation` on the record of a request that counted. */
  readonly activity: string | null;
  readonly status: number | null;
  readonly bytesIn: number | null;
  readonly bytesOut: number | null;
  readonly durationMilliseconds: number | null;
  readonly endedBy: string | null;
  readonly policy: string | null;
  readonly grant: string | null;
  readonly detail: string | null;
}

const blank: AuditEntry = {
  event: 'attempt',
  time: 0,
  request: null,
  subject: null,
  roles: null,
  session: null,
  factor: null,
  device: null,
  address: null,
  agent: null,
  application: null,
  method: null,
  target: null,
  targetHash: null,
  patient: null,
  patientSource: null,
  category: null,
  action: null,
  download: null,
  pace: null,
  rule: null,
  decision: null,
  reason: null,
  wouldRefuse: null,
  activity: null,
  status: null,
  bytesIn: null,
  bytesOut: null,
  durationMilliseconds: null,
  endedBy: null,
  policy: null,
  grant: null,
  detail: null,
};

/** An entry with every field it does not name left out. */
export function auditEntry(event: AuditEvent, time: number, fields: Partial<AuditEntry> = {}): AuditEntry {
  return { ...blank, ...fields, event, time };
}
