// The answer about a download that went out in an emergency: recorded as what it was, with the request it belongs to, and owed no
// more.

import type { AskedDownload, DisclosureAnswer } from '../disclosure-ports.ts';
import { auditEntry } from '../core/audit/entry.ts';
import type { Session } from '../ports.ts';
import type { OwnContext } from './own-context.ts';
import { recordedSession } from './record.ts';
import type { SignInNeeds } from './sign-in-needs.ts';

/** False where it is owed no more. Rejects with a Fault where it cannot be recorded. */
export async function recordOwedAnswer(
  needs: Pick<SignInNeeds, 'clock' | 'disclosures' | 'disclosureRecorder'>,
  session: Session,
  { address, agent }: OwnContext,
  { id, at, entry }: AskedDownload,
  answer: DisclosureAnswer,
): Promise<boolean> {
  // First, so that of two answers one counts; after a crash in between the record still says that it is owed.
  if (!(await needs.disclosures.settle(id, session.subject))) return false;
  const { request, application, method, target, targetHash, patient, patientSource, category, rule, grant } = entry;
  const download = { request, application, method, target, targetHash, patient, patientSource, category, rule, grant };
  const told = auditEntry('disclosure', needs.clock.now(), { ...recordedSession(session), address, agent, ...download });
  await needs.disclosureRecorder.record({ entry: told, answer, how: 'after the download', madeAt: at, who: session.subject });
  return true;
}
