// The records that a report was made from, with their proofs: those of its person or patient, or all of its period.

import { createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { exportRecords } from '../../adapters/audit-export.ts';
import type { AuditExport } from '../../adapters/audit-export.ts';
import type { Report } from '../../core/report/report.ts';
import type { Asked } from '../patients/patient-lookup.ts';
import type { ReportAsks } from '../../report-ports.ts';

/** Rejects with a sentence where they are too many for a bundle, and with system errors. */
export async function reportBundle(
  directories: readonly string[],
  { period }: Report,
  { person }: ReportAsks,
  whose: Asked | null,
  now: number,
): Promise<AuditExport> {
  const publicKey = createPublicKey(readFileSync(join(directories[0] ?? '', 'audit-signing.pub')));
  const [from, to] = [period.since, period.until].map((time) => new Date(time).toISOString());
  const selection = { from: from ?? null, to: to ?? null, person, patient: whose?.told ?? null };
  const made = new Date(now).toISOString();
  return exportRecords(directories, publicKey, { selection, patients: whose?.values ?? null, kept: [], made });
}
