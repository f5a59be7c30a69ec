// Puts what somebody said of a download, or of papers, on record: the words into the book first, then one record for each patient,
// and all of it durable before anybody goes on. The only place that writes such records, so that a register reads one form.

import { writeDisclosureNote, writeInsideNote } from '../core/disclosures/disclosure-note.ts';
import type { AuditEntry } from '../core/audit/entry.ts';
import { Fault } from '../core/faults.ts';
import type { DisclosureBook, DisclosureRecorder, ToldAnswer } from '../disclosure-ports.ts';
import type { PatientTokens } from '../patient-ports.ts';
import type { AuditLog, Clock } from '../ports.ts';

export interface DisclosureRecorderParts {
  readonly audit: Pick<AuditLog, 'append'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly book: Pick<DisclosureBook, 'keep'>;
  readonly patients: Pick<PatientTokens, 'remember' | 'tokenOf'>;
}

export function disclosureRecorder(parts: DisclosureRecorderParts): DisclosureRecorder {
  return {
    async record(told: ToldAnswer): Promise<string | null> {
      const { answer, how, replaces = null } = told;
      if (answer.leaves) return recordLeaving(parts, told, answer);
      await append(parts, [{ ...told.entry, event: 'disclosure-not', detail: writeInsideNote(how, replaces) }]);
      return null;
    },
  };
}

async function recordLeaving(
  parts: DisclosureRecorderParts,
  { entry, how, madeAt, madeOn = null, replaces = null, who }: ToldAnswer,
  { disclosure, patients }: Extract<ToldAnswer['answer'], { leaves: true }>,
): Promise<string> {
  const kept = { ...disclosure, madeAt };
  const row = await parts.book.keep(kept, who);
  const { basis, address, count } = disclosure;
  const detail = writeDisclosureNote({ ...row, basis, address: address !== null, count, how, replaces, madeOn });
  const all = { ...entry, event: 'disclosure', detail } as const;
  if (patients.length === 0) {
    await append(parts, [all]);
    return row.id;
  }
  // One record each, so that each of them finds it in their own accounting.
  for (const id of patients) await parts.patients.remember(id);
  await append(
    parts,
    patients.map((id) => ({ ...all, patient: parts.patients.tokenOf(id), patientSource: null })),
  );
  return row.id;
}

/** Durable before it returns: what cannot be accounted for does not leave. */
async function append({ audit, clock }: DisclosureRecorderParts, entries: readonly AuditEntry[]): Promise<void> {
  const receipts = [];
  for (const entry of entries) receipts.push(await audit.append({ ...entry, time: clock.now(), decision: 'allowed' }));
  try {
    for (const { durable } of receipts) await durable;
  } catch (cause) {
    throw cause instanceof Fault ? cause : new Fault('audit-unavailable', { cause });
  }
}
