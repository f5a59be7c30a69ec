// Brings a directory of patients into the stores, beside a running gateway: staged in a file of its own, copied in short
// steps, and in force only by one switch, which whoever keeps the record makes. Until then the directory of before counts.

import { closeSync, openSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createSecretKey, randomBytes } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { DirectoryPatient } from '../directory-ports.ts';
import type { Sealer } from '../ports.ts';
import { openDatabaseFile } from './database-file.ts';
import { openPatient, sealNameKey } from './patient-directory-row.ts';
import { PatientStaging } from './patient-staging.ts';
import type { Added, StagedCounts } from './patient-staging.ts';

/** Removed at the end; what a command that was killed leaves is taken over by the next. */
export const stagingName = 'patients-import.db';

/** Rows that the stores take in one transaction: the gateway's own writes wait for it. */
const rowsAtOnce = 4000;

export interface PatientImportParts {
  readonly dataDirectory: string;
  readonly sealer: Sealer;
  readonly tokenOf: (id: string) => string;
  /** Epoch milliseconds. */
  readonly now: number;
}

export type PatientImport = ReturnType<typeof openPatientImport>;

/** Throws, saying what to do, where the stores are missing or another import is under way. Close it. */
export function openPatientImport({ dataDirectory, sealer, tokenOf, now }: PatientImportParts) {
  const path = join(dataDirectory, stagingName);
  const database = openDatabaseFile(dataDirectory, 'identity');
  try {
    attach(database, path);
    const before = currentGeneration(database);
    const generation = newestGeneration(database) + 1;
    const nameKey = createSecretKey(randomBytes(32));
    database.exec('BEGIN');
    const staging = openStaging(() => new PatientStaging({ database, sealer, tokenOf, generation, nameKey }));
    return {
      generation,
      add: (line: number, patient: DirectoryPatient): Added => staging.add(line, patient),
      /** Behind the last patient: what the file changes. Copies nothing. */
      compare: (): StagedCounts => {
        if (before !== 0) compareAll(database, sealer, before, (old, goneAt) => staging.compare(old, goneAt, now));
        return staging.counts();
      },
      /** Into the stores, still without effect. */
      copy: (fileDigest: string): void => {
        database.exec('COMMIT');
        const sealedKey = sealNameKey(sealer, generation, nameKey);
        copyAll(database, { generation, before, sealedKey, fileDigest, now });
      },
      close: (): void => {
        database.close();
        rmSync(path, { force: true });
      },
    };
  } catch (cause) {
    database.close();
    throw cause;
  }
}

/** What no longer counts, or never did, in short steps. */
export function removeOldDirectories(dataDirectory: string): void {
  const database = openDatabaseFile(dataDirectory, 'identity');
  try {
    const old = database.prepare(`SELECT generation FROM patient_imports WHERE state <> 'current'`).all();
    for (const { generation } of old) removeGeneration(database, Number(generation));
  } finally {
    database.close();
  }
}

function attach(database: DatabaseSync, path: string): void {
  closeSync(openSync(path, 'a', 0o600));
  database.prepare('ATTACH ? AS staged').run(path);
  // Whatever is lost of it is imported again.
  database.exec(
    'PRAGMA staged.locking_mode = EXCLUSIVE; PRAGMA staged.journal_mode = OFF; PRAGMA staged.synchronous = OFF; PRAGMA staged.cache_size = -65536',
  );
}

function openStaging(make: () => PatientStaging): PatientStaging {
  try {
    return make();
  } catch (cause) {
    if (!(cause instanceof Error && cause.message.includes('locked'))) throw cause;
    throw new Error('Another import of patients is under way; wait until it has ended', { cause });
  }
}

function currentGeneration(database: DatabaseSync): number {
  return Number(database.prepare(`SELECT generation FROM patient_imports WHERE state = 'current'`).get()?.['generation'] ?? 0);
}

function newestGeneration(database: DatabaseSync): number {
  return Number(database.prepare('SELECT max(generation) AS n FROM patient_imports').get()?.['n'] ?? 0);
}

function compareAll(
  database: DatabaseSync,
  sealer: Pick<Sealer, 'open'>,
  generation: number,
  compare: (old: DirectoryPatient, goneAt: number | null) => void,
): void {
  const select = database.prepare('SELECT patient, gone_at, sealed FROM patient_directory WHERE generation = ? ORDER BY patient');
  for (const { patient, gone_at: goneAt, sealed } of select.iterate(generation)) {
    const old = openPatient(sealer, generation, Number(patient), String(sealed));
    compare(old, goneAt === null ? null : Number(goneAt));
  }
}

interface Copied {
  readonly generation: number;
  readonly before: number;
  readonly sealedKey: string;
  readonly fileDigest: string;
  readonly now: number;
}

function copyAll(database: DatabaseSync, { generation, before, sealedKey, fileDigest, now }: Copied): void {
  const begin = `INSERT INTO patient_imports (generation, state, based_on, sealed_key, file_digest, began_at)
    VALUES (?, 'staging', ?, ?, ?, ?)`;
  database.prepare(begin).run(generation, before, sealedKey, fileDigest, now);
  for (const sql of copies) {
    const statement = database.prepare(sql);
    // Sorted, and each step goes on where the last one ended: pages are written once.
    while (Number(statement.run(generation, rowsAtOnce).changes) === rowsAtOnce) continue;
  }
  const counted = (gone: string) => `(SELECT count(*) FROM staged.patients WHERE gone_at IS ${gone}NULL)`;
  const end = `UPDATE patient_imports SET state = 'staged', patients = ${counted('')}, gone = ${counted('NOT ')} WHERE generation = ?`;
  database.prepare(end).run(generation);
}

const copies = [
  `INSERT INTO patient_directory (generation, patient, gone_at, sealed)
    SELECT ?1, patient, gone_at, sealed FROM staged.patients
    WHERE patient > coalesce((SELECT max(patient) FROM patient_directory WHERE generation = ?1), 0) ORDER BY patient LIMIT ?2`,
  `INSERT INTO patient_directory_ids (generation, token, patient, place)
    SELECT ?1, token, patient, place FROM staged.ids
    WHERE token > coalesce((SELECT max(token) FROM patient_directory_ids WHERE generation = ?1), '') ORDER BY token LIMIT ?2`,
  `WITH last AS (SELECT part, patient FROM patient_directory_names WHERE generation = ?1 ORDER BY part DESC, patient DESC LIMIT 1)
    INSERT INTO patient_directory_names (generation, part, patient) SELECT ?1, part, patient FROM staged.names
    WHERE (part, patient) > (coalesce((SELECT part FROM last), x''), coalesce((SELECT patient FROM last), 0))
    ORDER BY part, patient LIMIT ?2`,
];

function removeGeneration(database: DatabaseSync, generation: number): void {
  for (const [table, key] of [
    ['patient_directory_names', 'part, patient'],
    ['patient_directory_ids', 'token'],
    ['patient_directory', 'patient'],
  ] as const) {
    const sql = `DELETE FROM ${table} WHERE generation = ?1 AND (${key}) IN
      (SELECT ${key} FROM ${table} WHERE generation = ?1 ORDER BY ${key} LIMIT ?2)`;
    const statement = database.prepare(sql);
    while (Number(statement.run(generation, rowsAtOnce).changes) === rowsAtOnce) continue;
  }
  database.prepare('DELETE FROM patient_imports WHERE generation = ?').run(generation);
}
