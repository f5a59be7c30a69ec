// Restores a backup on an empty machine. Everything is put together and judged beside the target first; the access record gets
// a `restored` record as its next one, signed like any other, before anything is in place: there is no moment in which the
// restored log could be taken for one that was never interrupted.

import { closeSync, fsyncSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { auditEntry } from '../core/audit/entry.ts';
import { writeRestoreNote } from '../core/audit/restore-note.ts';
import type { OperationsLog } from '../ports.ts';
import { openAuditLog } from './audit-log-file.ts';
import { verifyAuditLog } from './audit-verify.ts';
import type { AuditVerification } from './audit-verify.ts';
import type { BackupSecret } from './backup-keys.ts';
import type { BackupFile, BackupManifest } from './backup-manifest.ts';
import { readBackup } from './backup-read.ts';
import type { ReadBackup } from './backup-read.ts';
import { BackupRefused } from './backup-refused.ts';
import { checkRoom } from './backup-room.ts';
import { systemClock } from './clock-system.ts';
import { readMasterKeys } from './master-keys.ts';
import { openRestoreTarget } from './restore-target.ts';
import { schemas } from './state-schema.ts';
import type { DatabaseName } from './state-schema.ts';

export interface RestoreOptions {
  readonly file: string;
  readonly to: string;
  readonly secret: BackupSecret;
  /** Who restores, in words; it stands in the access record. */
  readonly by: string;
}

export interface Restored extends ReadBackup {
  /** Number of the record that tells of it. */
  readonly sequence: number;
}

/** Throws BackupRefused, saying what is wrong and how to mend it, and system errors; then nothing is in place. */
export async function restoreBackup({ file, to, secret, by }: RestoreOptions): Promise<Restored> {
  const target = openRestoreTarget(to);
  try {
    const read = await readBackup(file, secret, {
      begin: (manifest) => Promise.resolve(checkBegun(target.staging, manifest)),
      file: (entry, content) => putDown(target.staging, entry, content),
    });
    checkPutDown(target.staging, read.manifest);
    const sequence = await recordRestoration(target.staging, read.manifest, by);
    target.putInPlace();
    return { ...read, sequence };
  } catch (cause) {
    target.discard();
    throw cause;
  }
}

function checkBegun(staging: string, { stores, program, files }: BackupManifest): void {
  checkRoom(staging, files.reduce((sum, { bytes }) => sum + bytes, 0)); // prettier-ignore
  for (const [name, version] of Object.entries(stores)) {
    const known = Object.hasOwn(schemas, name) ? schemas[name as DatabaseName].migrations.length : 0;
    if (version <= known) continue;
    const which = `its store "${name}" has schema version ${version} and this program knows up to ${known}`;
    throw new BackupRefused(`${which}; restore it with Wardgate ${program} or newer`);
  }
}

async function putDown(staging: string, { to, bytes }: BackupFile, content: AsyncIterable<Buffer>): Promise<void> {
  const path = join(staging, to);
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const descriptor = openSync(path, 'wx', 0o600);
  try {
    let written = 0;
    for await (const piece of content) {
      for (let at = 0; at < piece.length;) at += writeSync(descriptor, piece, at);
      written += piece.length;
    }
    if (written !== bytes) throw new BackupRefused(`"${to}" in it is not whole`);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function checkPutDown(staging: string, { files, masterKey }: BackupManifest): void {
  for (const { to, kind } of files) if (kind === 'store') checkStore(join(staging, to), to);
  readMasterKeys(join(staging, masterKey));
}

function checkStore(path: string, name: string): void {
  const database = new DatabaseSync(path);
  try {
    const found = database.prepare('PRAGMA integrity_check').get()?.['integrity_check'];
    if (found !== 'ok') throw new BackupRefused(`the store "${name}" in it is damaged: ${String(found)}`);
  } finally {
    database.close();
  }
}

/** Adds the record and judges the whole log with it, as an auditor will. */
async function recordRestoration(staging: string, { made, audit }: BackupManifest, by: string): Promise<number> {
  const directory = join(staging, audit.directory);
  const fallbackDirectory = audit.fallback === null ? null : join(staging, audit.fallback);
  const options = { directory, fallbackDirectory, signingKeyFile: join(staging, audit.signingKey), boot: 'restore' };
  const { sequence, hash } = audit;
  const detail = writeRestoreNote({ backup: made, by, host: hostname(), sequence, hash });
  const log = await openAuditLog({ ...options, clock: systemClock, log: noLog });
  try {
    const receipt = await log.append(auditEntry('restored', systemClock.now(), { detail }));
    await receipt.durable;
  } finally {
    await log.close();
  }
  const directories = fallbackDirectory === null ? [directory] : [directory, fallbackDirectory];
  const verified = await verifyAuditLog({ directories, publicKeyFile: null });
  checkRecorded(verified, sequence + 1);
  return sequence + 1;
}

function checkRecorded({ flaw, restored, lastSequence }: AuditVerification, expected: number): void {
  const why = flaw === null ? 'the restoration could not be recorded' : `${flaw.file}: ${flaw.what}`;
  const isTold = restored.at(-1)?.sequence === expected && lastSequence === expected;
  if (flaw !== null || !isTold) throw new BackupRefused(`the access record in it is not sound: ${why}`);
}

/** What goes wrong is thrown; there is no gateway here whose log could tell it. */
const noLog: OperationsLog = { info: () => undefined, warn: () => undefined, error: () => undefined };
