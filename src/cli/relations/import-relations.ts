// Imports a file of one kind: read whole and judged whole, staged, on record, and only then in force. Nothing of a file with a
// mistake is imported.

import { hash } from 'node:crypto';
import { systemClock } from '../../adapters/clock-system.ts';
import { openPatientFile } from '../../adapters/patient-file.ts';
import { removeOldRelations, stageRelations } from '../../adapters/relation-import.ts';
import { SqliteRelationImports } from '../../adapters/relation-imports-sqlite.ts';
import { openDatabaseFile } from '../../adapters/database-file.ts';
import { FileSealer } from '../../adapters/sealer-file.ts';
import { stateBeside } from '../../adapters/state-db-beside.ts';
import { Findings } from '../../config/mistake.ts';
import type { Mistake } from '../../config/mistake.ts';
import type { Settings } from '../../config/settings.ts';
import { importNote } from '../../core/relations/import-note.ts';
import type { RelationKind } from '../../core/relations/relation-rows.ts';
import { recordAlone } from '../audit-search/record-search.ts';
import { askGateway } from '../control/ask-gateway.ts';
import { isStopped } from '../control/is-stopped.ts';
import { whoAsks } from '../control/who-asks.ts';
import { decodeText } from '../patients/decode-text.ts';
import type { Encoding } from '../patients/decode-text.ts';
import { readRelations } from './read-relations.ts';
import type { NamedColumns } from './relation-columns.ts';
import type { RelationRow } from './relation-row.ts';

export interface RelationFile {
  readonly kind: RelationKind;
  /** As it is shown in messages. */
  readonly file: string;
  readonly bytes: Uint8Array;
  readonly columns: NamedColumns;
  readonly encoding: Encoding | null;
  readonly dryRun: boolean;
}

export type ImportedRelations =
  | { readonly ok: true; readonly rows: number; readonly fileDigest: string }
  | { readonly ok: false; readonly mistakes: readonly Mistake[] };

type Where = Pick<Settings, 'dataDirectory' | 'masterKeyFile' | 'audit'>;

/** Rejects where the stores cannot be opened or it cannot be recorded. */
export async function importRelations(settings: Where, given: RelationFile): Promise<ImportedRelations> {
  const { dataDirectory, masterKeyFile } = settings;
  const findings = new Findings();
  const rows = await readRows(settings, given, findings);
  if (findings.mistakes.length > 0) return { ok: false, mistakes: findings.mistakes };
  const fileDigest = hash('sha256', given.bytes, 'hex');
  if (given.dryRun) return { ok: true, rows: rows.length, fileDigest };
  const sealer = new FileSealer(masterKeyFile);
  const staged = { dataDirectory, sealer, kind: given.kind, fileDigest, now: systemClock.now() };
  const generation = stageRelations(staged, rows);
  try {
    await takeEffect(settings, given.kind, { generation, rows: rows.length, fileDigest });
  } finally {
    removeOldRelations(dataDirectory, systemClock.now(), generation);
  }
  return { ok: true, rows: rows.length, fileDigest };
}

async function readRows(settings: Where, given: RelationFile, findings: Findings): Promise<readonly RelationRow[]> {
  const decoded = decodeText(given.bytes, given.encoding);
  if ('why' in decoded) {
    findings.mistake(given.file, { line: decoded.line, column: 1 }, decoded.why);
    return [];
  }
  const beside = await openPatientFile(settings.dataDirectory, settings.masterKeyFile);
  try {
    const { tokenOf } = beside.tokens;
    // No id holds a zero byte, so that what is hidden here is never a patient's token.
    const hide = (what: string, text: string): string => tokenOf(`\0${what}\0${text}`);
    return readRelations({ ...given, text: decoded.text, findings, tokenOf, hide });
  } finally {
    beside.close();
  }
}

interface Staged {
  readonly generation: number;
  readonly rows: number;
  readonly fileDigest: string;
}

/** By the running gateway, which holds the record; else by our own hand, in the same order. */
async function takeEffect(settings: Where, kind: RelationKind, { generation, rows, fileDigest }: Staged): Promise<void> {
  try {
    const fields = { generation: String(generation), kind, rows: String(rows) };
    await askGateway(settings, { order: 'relations import', fields });
  } catch (cause) {
    if (!isStopped(cause)) throw cause;
    await recordAlone(settings, importNote(kind, rows, fileDigest), 'relations import');
    const database = openDatabaseFile(settings.dataDirectory, 'identity');
    try {
      const imports = new SqliteRelationImports(stateBeside(database));
      if (!(await imports.takeEffect(generation, systemClock.now(), whoAsks())))
        throw new Error('The rows of this import are gone; import the file again', { cause });
    } finally {
      database.close();
    }
  }
}
