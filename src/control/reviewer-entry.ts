// What a record says of the reviewer who did something, and from where.

import type { AuditEntry } from '../core/audit/entry.ts';
import type { Reviewer } from '../recertification-ports.ts';

export function reviewerEntry(reviewer: Reviewer): Partial<AuditEntry> {
  const { person, roles, session, factor, request, address, agent, application } = reviewer;
  const who = { subject: person, roles, session, factor: factor.method };
  return { ...who, request, address, agent, application, decision: 'allowed' };
}
