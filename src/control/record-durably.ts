// Writes one record of an order, or of what follows from it, and waits until it would survive a power loss.

import { auditEntry } from '../core/audit/entry.ts';
import type { AuditEntry, AuditEvent } from '../core/audit/entry.ts';
import { Fault } from '../core/faults.ts';
import type { AuditLog, Clock } from '../ports.ts';

export interface RecordDurablyNeeds {
  readonly audit: AuditLog;
  readonly clock: Clock;
}

/** Its number. Rejects with Fault `audit-unavailable`. */
export async function recordDurably(
  { audit, clock }: { readonly audit: Pick<AuditLog, 'append'>; readonly clock: Pick<Clock, 'now'> },
  event: AuditEvent,
  fields: Partial<AuditEntry>,
): Promise<number> {
  const receipt = await audit.append(auditEntry(event, clock.now(), fields));
  try {
    await receipt.durable;
  } catch (cause) {
    throw cause instanceof Fault ? cause : new Fault('audit-unavailable', { cause });
  }
  return receipt.sequence;
}
