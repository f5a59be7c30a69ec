// Patients in what a feed sends: the record holds tokens, and a receiver inside the clinic may be set to get the ids behind them.

import type { AuditMessage } from '../core/audit/message/audit-message.ts';
import { isPatientToken } from '../core/patients/patient-token.ts';
import type { ResolvePatients } from '../feed-ports.ts';

/** A token whose id is not kept stays one. Rejects where the store cannot be read: the feed then waits. */
export async function resolvedPatients(messages: readonly AuditMessage[], resolve: ResolvePatients): Promise<AuditMessage[]> {
  const tokens = new Set(messages.flatMap(({ patient }) => (patient !== null && isPatientToken(patient) ? [patient] : [])));
  if (tokens.size === 0) return [...messages];
  const ids = await resolve([...tokens]);
  return messages.map((message) => ({ ...message, patient: ids.get(message.patient ?? '') ?? message.patient }));
}
