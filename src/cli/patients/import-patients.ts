// Imports a file of patients: read whole and judged whole, staged, compared, on record, and only then in force. Nothing of a
// file with a mistake is imported. Says numbers and places, never a name.

import { hash } from 'node:crypto';
import { FileSealer } from '../../adapters/sealer-file.ts';
import { systemClock } from '../../adapters/clock-system.ts';
import { openPatientFile } from '../../adapters/patient-file.ts';
import type { PatientFile } from '../../adapters/patient-file.ts';
import { openPatientImport, removeOldDirectories } from '../../adapters/patient-import.ts';
import type { PatientImport } from '../../adapters/patient-import.ts';
import type { StagedCounts } from '../../adapters/patient-staging.ts';
import { Findings } from '../../config/mistake.ts';
import type { Mistake } from '../../config/mistake.ts';
import type { Settings } from '../../config/settings.ts';
import { importDetail } from '../../core/patients/import-detail.ts';
import { recordAlone } from '../audit-search/record-search.ts';
import { askGateway } from '../control/ask-gateway.ts';
import { isStopped } from '../control/is-stopped.ts';
import { whoAsks } from '../control/who-asks.ts';
import type { AskedColumns } from './directory-columns.ts';
import { decodeText } from './decode-text.ts';
import type { Encoding } from './decode-text.ts';
import { readDirectory } from './read-directory.ts';

export interface ImportFile {
  /** As it is shown in messages. */
  readonly file: string;
  readonly bytes: Uint8Array;
  readonly columns: AskedColumns;
  readonly encoding: Encoding | null;
  readonly dryRun: boolean;
}

/** `joined` rows were more of somebody who stands in the file already. */
export type Imported =
  | { readonly ok: true; readonly counts: StagedCounts; readonly joined: number; readonly fileDigest: string }
  | { readonly ok: false; readonly mistakes: readonly Mistake[] };

type Where = Pick<Settings, 'dataDirectory' | 'masterKeyFile' | 'audit'>;

/** Rejects where the stores cannot be opened, it cannot be recorded, or somebody else imported meanwhile. */
export async function importPatients(settings: Where, given: ImportFile): Promise<Imported> {
  const findings = new Findings();
  const decoded = decodeText(given.bytes, given.encoding);
  if ('why' in decoded) {
    findings.mistake(given.file, { line: decoded.line, column: 1 }, decoded.why);
    return { ok: false, mistakes: findings.mistakes };
  }
  const { dataDirectory, masterKeyFile } = settings;
  const beside = await openPatientFile(dataDirectory, masterKeyFile);
  try {
    const sealer = new FileSealer(masterKeyFile);
    const { tokenOf } = beside.tokens;
    const staged = openPatientImport({ dataDirectory, sealer, tokenOf, now: systemClock.now() });
    try {
      const joined = addAll(staged, { ...given, text: decoded.text }, findings);
      if (findings.mistakes.length > 0) return { ok: false, mistakes: findings.mistakes };
      const counts = staged.compare();
      const fileDigest = hash('sha256', given.bytes, 'hex');
      if (!given.dryRun) staged.copy(fileDigest);
      if (!given.dryRun) await takeEffect(settings, beside, staged.generation, counts, fileDigest);
      return { ok: true, counts, joined, fileDigest };
    } finally {
      // While the staging file still keeps other imports out: what is removed can only be of before, or our own.
      if (!given.dryRun) removeOldDirectories(dataDirectory);
      staged.close();
    }
  } finally {
    await beside.close();
  }
}

/** How many rows were joined to one before. */
function addAll(staged: PatientImport, given: ImportFile & { readonly text: string }, findings: Findings): number {
  const { file, text, columns } = given;
  let joined = 0;
  for (const { line, ...patient } of readDirectory({ file, text, columns, findings })) {
    const added = staged.add(line, patient);
    if (added === 'joined') joined += 1;
    else if (added !== 'added') {
      const { kind } = added.conflict;
      const other = `The ${kind} is an id of somebody else, on line ${added.line}; correct one of the two`;
      findings.mistake(file, { line, column: 1 }, `${other}, or leave the column out with --columns`);
    }
  }
  return joined;
}

/** By the running gateway, which holds the record; else by our own hand, in the same order. */
async function takeEffect(
  settings: Where,
  { imports }: Pick<PatientFile, 'imports'>,
  generation: number,
  { patients, fresh, changed, gone, moved }: StagedCounts,
  fileDigest: string,
): Promise<void> {
  const counts = { patients, new: fresh, changed, gone, moved };
  const numbers = Object.entries({ generation, ...counts }).map(([name, count]) => [name, String(count)]);
  try {
    await askGateway(settings, { order: 'patients import', fields: Object.fromEntries(numbers) });
  } catch (cause) {
    if (!isStopped(cause)) throw cause;
    await recordAlone(settings, importDetail(fileDigest, counts), 'patients import');
    if (!(await imports.takeEffect(generation, systemClock.now(), whoAsks())))
      throw new Error('Another import has taken effect meanwhile; import the file again', { cause });
  }
}
