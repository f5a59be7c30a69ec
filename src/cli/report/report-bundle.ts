// The records that the rows of a report name, with their proofs: what an auditor checks far from here.

import { createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { exportRecords } from '../../adapters/audit-export.ts';
import type { AuditExport } from '../../adapters/audit-export.ts';
import type { Report } from '../../core/report/report.ts';

/** Rejects with a sentence where they are too many for a bundle, and with system errors. */
export async function reportBundle(directories: readonly string[], report: Report, now: number): Promise<AuditExport> {
  const publicKey = createPublicKey(readFileSync(join(directories[0] ?? '', 'audit-signing.pub')));
  const selection = { from: null, to: null, person: null, patient: null };
  const made = new Date(now).toISOString();
  return exportRecords(directories, publicKey, { selection, patients: null, wanted: recordsIn(report), kept: [], made });
}

function recordsIn({ sections }: Report): ReadonlySet<number> {
  const numbers = sections.flatMap(({ columns, rows }) => {
    const keys = columns.filter(({ type }) => type === 'record').map(({ key }) => key);
    return rows.flatMap((row) => keys.map((key) => row[key]));
  });
  return new Set(numbers.filter((number) => typeof number === 'number'));
}
