// No record, no access, told at once: while the access record cannot be written, whoever asks for more than our public
// pages is told so, instead of being sent to sign in first. The rule itself is kept by record-attempt, which needs a receipt.

import { end } from '../core/answer.ts';
import type { Targeted } from '../facts.ts';
import type { Stage } from '../pipeline.ts';
import type { AuditLog } from '../ports.ts';

export function requireAudit(needs: { readonly audit: Pick<AuditLog, 'available'> }): Stage<Targeted, object> {
  return () => (needs.audit.available ? undefined : end({ kind: 'fault', code: 'audit-unavailable' }));
}
