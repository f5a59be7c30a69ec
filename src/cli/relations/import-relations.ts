// Imports a file of one kind: read whole and judged whole, staged, on record, and only then in force. Nothing of a file with a
// mistake is imported.

import { createHash } from 'node:crypto';
import { clinicTime } from '../../adapters/clinic-time.ts';
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
import type { FhirSettings } from '../../core/relations/relation-settings.ts';
import { recordAlone } from '../audit-search/record-search.ts';
import { askGateway } from '../control/ask-gateway.ts';
import { isStopped } from '../control/is-stopped.ts';
import { whoAsks } from '../control/who-asks.ts';
import { decodeText } from '../patients/decode-text.ts';
import type { Encoding } from '../patients/decode-text.ts';
import { fhirTime } from './fhir/fhir-time.ts';
import { readFhir } from './fhir/read-fhir.ts';
import type { ReadFhir } from './fhir/read-fhir.ts';
import { readRelations } from './read-relations.ts';
import type { NamedColumns } from './relation-columns.ts';
import { contentOf } from './relation-content.ts';

export interface RelationFile {
  readonly kind: RelationKind;
  /** As it is shown in messages. */
  readonly file: string;
  /** Gone through once. */
  readonly content: Iterable<Uint8Array>;
  readonly columns: NamedColumns;
  readonly fhir: FhirSettings;
  readonly encoding: Encoding | null;
  readonly dryRun: boolean;
  /** For the record. */
  readonly because?: string | undefined;
}

export type ImportedRelations =
  | { readonly ok: true; readonly rows: number; readonly fileDigest: string; readonly leftAside: readonly string[] }
  | { readonly ok: false; readonly mistakes: readonly Mistake[] };

type Where = Pick<Settings, 'dataDirectory' | 'masterKeyFile' | 'audit' | 'clinic'>;

/** Rejects where the stores cannot be opened or it cannot be recorded. */
export async function importRelations(settings: Where, given: RelationFile): Promise<ImportedRelations> {
  const { dataDirectory, masterKeyFile } = settings;
  const findings = new Findings();
  const digest = createHash('sha256');
  const { rows, leftAside } = await readRows(settings, given, findings, (chunk) => digest.update(chunk));
  if (findings.mistakes.length > 0) return { ok: false, mistakes: findings.mistakes };
  const fileDigest = digest.digest('hex');
  if (given.dryRun) return { ok: true, rows: rows.length, fileDigest, leftAside };
  const sealer = new FileSealer(masterKeyFile);
  const staged = { dataDirectory, sealer, kind: given.kind, fileDigest, now: systemClock.now() };
  const generation = stageRelations(staged, rows);
  try {
    await takeEffect(settings, given, { generation, rows: rows.length, fileDigest });
  } finally {
    removeOldRelations(dataDirectory, systemClock.now(), generation);
  }
  return { ok: true, rows: rows.length, fileDigest, leftAside };
}

async function readRows(
  settings: Where,
  given: RelationFile,
  findings: Findings,
  see: (chunk: Uint8Array) => void,
): Promise<ReadFhir> {
  const content = contentOf(seen(given.content, see));
  const decoded = content.form === 'csv' ? decodeText(content.bytes, given.encoding) : null;
  const wrong =
    content.form === 'too-large' ? { line: 1, why: content.why } : decoded !== null && 'why' in decoded ? decoded : null;
  if (wrong !== null) {
    findings.mistake(given.file, { line: wrong.line, column: 1 }, wrong.why);
    return { rows: [], leftAside: [] };
  }
  const beside = await openPatientFile(settings.dataDirectory, settings.masterKeyFile);
  try {
    const { tokenOf } = beside.tokens;
    // No id holds a zero byte, so that what is hidden here is never a patient's token.
    const hide = (what: string, text: string): string => tokenOf(`\0${what}\0${text}`);
    if (content.form === 'fhir') {
      const clinic = clinicTime(settings.clinic.timezone);
      const [localOf, today] = [fhirTime(clinic), clinic.localDay(systemClock.now())];
      return readFhir({ ...given, findings, localOf, today, tokenOf, hide }, content.entries);
    }
    const text = decoded !== null && 'text' in decoded ? decoded.text : '';
    return { rows: readRelations({ ...given, text, findings, tokenOf, hide }), leftAside: [] };
  } finally {
    await beside.close();
  }
}

function* seen(chunks: Iterable<Uint8Array>, see: (chunk: Uint8Array) => void): Generator<Uint8Array> {
  for (const chunk of chunks) {
    see(chunk);
    yield chunk;
  }
}

interface Staged {
  readonly generation: number;
  readonly rows: number;
  readonly fileDigest: string;
}

/** By the running gateway, which holds the record; else by our own hand, in the same order. */
async function takeEffect(
  settings: Where,
  { kind, because }: RelationFile,
  { generation, rows, fileDigest }: Staged,
): Promise<void> {
  try {
    const fields = { generation: String(generation), kind, rows: String(rows) };
    await askGateway(settings, { order: 'relations import', because, fields });
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
