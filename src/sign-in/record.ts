// Writes one audit record and waits until it would survive a power loss. What the record says is told to the browser only
// afterwards: no record, no effect.

import { auditEntry } from '../core/audit/entry.ts';
import type { AuditEntry, AuditEvent } from '../core/audit/entry.ts';
import { Fault } from '../core/faults.ts';
import type { AuditLog, Clock, OwnPageContext, Session, Subject } from '../ports.ts';

export interface RecordNeeds {
  readonly audit: AuditLog;
  readonly clock: Clock;
}

/** Rejects with Fault `audit-unavailable`. `context` is null for what happens outside a request. */
export async function record(
  needs: RecordNeeds,
  context: Pick<OwnPageContext, 'requestId' | 'address' | 'agent' | 'application'> | null,
  event: AuditEvent,
  fields: Partial<AuditEntry>,
): Promise<void> {
  const where =
    context === null
      ? {}
      : { request: context.requestId, address: context.address, agent: context.agent, application: context.application };
  const receipt = await needs.audit.append(auditEntry(event, needs.clock.now(), { ...where, ...fields }));
  try {
    await receipt.durable;
  } catch (cause) {
    throw cause instanceof Fault ? cause : new Fault('audit-unavailable', { cause });
  }
}

/** A person as a record names them. */
export function recordedSubject({ issuer, sub, name }: Subject): NonNullable<AuditEntry['subject']> {
  return { issuer, sub, name };
}

/** What a record says of a session. */
export function recordedSession(session: Session): Partial<AuditEntry> {
  const { subject, roles, reference, factor, device } = session;
  const name = device?.name ?? null;
  return { subject: recordedSubject(subject), roles, session: reference, factor: factor.method, device: name };
}
