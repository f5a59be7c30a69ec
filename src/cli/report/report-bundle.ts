// The records that the rows of a report name, with their proofs: what an auditor checks far from here. Of several gateways those in
// the log of this one, because the checkpoint that proves them is that log's.

import { createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { exportRecords } from '../../adapters/audit-export.ts';
import type { AuditExport } from '../../adapters/audit-export.ts';
import { logPlace } from '../../core/audit/record-number.ts';
import type { Report } from '../../core/report/report.ts';

export interface ReportBundle {
  readonly bundle: AuditExport;
  /** Records that the report names and other gateways wrote. */
  readonly elsewhere: number;
}

/** `gateway`: whose log it is. Rejects with a sentence where they are too many for a bundle, and with system errors. */
export async function reportBundle(
  directories: readonly string[],
  gateway: number,
  report: Report,
  now: number,
): Promise<ReportBundle> {
  const publicKey = createPublicKey(readFileSync(join(directories[0] ?? '', 'audit-signing.pub')));
  const selection = { from: null, to: null, person: null, patient: null };
  const made = new Date(now).toISOString();
  const places = [...recordsIn(report)].map(logPlace);
  const wanted = new Set(places.filter((place) => place.gateway === gateway).map(({ sequence }) => sequence));
  const bundle = await exportRecords(directories, publicKey, { selection, patients: null, wanted, kept: [], made });
  return { bundle, elsewhere: places.length - wanted.size };
}

function recordsIn({ sections }: Report): ReadonlySet<number> {
  const numbers = sections.flatMap(({ columns, rows }) => {
    const keys = columns.filter(({ type }) => type === 'record').map(({ key }) => key);
    return rows.flatMap((row) => keys.map((key) => row[key]));
  });
  return new Set(numbers.filter((number) => typeof number === 'number'));
}
