// Patients in what a feed sends: the record holds tokens, and a receiver inside the clinic may be set to get the ids behind them.

import type { AuditMessage } from '../core/audit/message/audit-message.ts';
import { patientTokenSystem } from '../core/audit/message/patient-identity.ts';
import type { FeedReceiver, ResolvePatients } from '../feed-ports.ts';

/** A token whose id is not kept stays one. Rejects where the store cannot be read: the feed then waits. */
async function resolvedPatients(messages: readonly AuditMessage[], resolve: ResolvePatients): Promise<AuditMessage[]> {
  const tokens = new Set(messages.flatMap((message) => tokenOf(message) ?? []));
  if (tokens.size === 0) return [...messages];
  const ids = await resolve([...tokens]);
  return messages.map((message) => {
    const value = ids.get(tokenOf(message) ?? '');
    return value === undefined ? message : { ...message, patient: { value, system: null } };
  });
}

function tokenOf({ patient }: AuditMessage): string | null {
  return patient?.system === patientTokenSystem ? patient.value : null;
}

/** A receiver that gets ids: what cannot be resolved now is not given to it now. */
export function resolvingReceiver(inner: FeedReceiver<AuditMessage>, resolve: ResolvePatients): FeedReceiver<AuditMessage> {
  return {
    get most() {
      return inner.most;
    },
    get refused() {
      return inner.refused;
    },
    take: async (messages) => inner.take(await resolvedPatients(messages, resolve)),
    close: async () => inner.close(),
  };
}
