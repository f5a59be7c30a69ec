// The answer about a download that went out in an emergency: recorded as what it was, with the request it belongs to, and owed no
// more.

import { writeDisclosureNote } from '../core/disclosures/disclosure-note.ts';
import type { AskedDownload, DisclosureAnswer } from '../disclosure-ports.ts';
import type { Session } from '../ports.ts';
import type { OwnContext } from './own-context.ts';
import { record, recordedSession } from './record.ts';
import type { SignInNeeds } from './sign-in-needs.ts';

/** False where it is owed no more. Rejects with a Fault where it cannot be recorded. */
export async function recordOwedAnswer(
  needs: Pick<SignInNeeds, 'audit' | 'clock' | 'disclosures'>,
  session: Session,
  context: OwnContext,
  { id, at, entry }: AskedDownload,
  answer: DisclosureAnswer,
): Promise<boolean> {
  // First, so that of two answers one counts; a crash in between leaves the record of what is owed.
  if (!(await needs.disclosures.settle(id, session.subject))) return false;
  const { request, application, method, target, targetHash, patient, patientSource, category, rule, grant } = entry;
  const asked = { request, application, method, target, targetHash, patient, patientSource, category, rule, grant };
  const fields = { ...recordedSession(session), ...asked, decision: 'allowed' } as const;
  if (!answer.leaves) {
    const detail = 'Inside treatment, payment and operations, known after the download';
    await record(needs, context, 'disclosure-not', { ...fields, detail });
    return true;
  }
  const { disclosure, patients } = answer;
  const kept = await needs.disclosures.keep({ ...disclosure, madeAt: at }, session.subject);
  const { basis, address, count } = disclosure;
  const how = 'after the download';
  const detail = writeDisclosureNote({ ...kept, basis, address: address !== null, count, how, replaces: null, madeOn: null });
  const named = patients.length === 0 ? [patient] : patients;
  for (const one of named) await record(needs, context, 'disclosure', { ...fields, patient: one, detail });
  return true;
}
