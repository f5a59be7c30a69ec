// Makes a backup beside a running gateway: under a name of its own until it is whole, on the disk, read back and judged; only
// then it gets the name that was asked for. Never overwrites anything, and leaves nothing behind that is half.

import { existsSync, linkSync, renameSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { readSegmentName } from '../core/audit/segment-name.ts';
import { segmentBytes } from './audit-segment-files.ts';
import { errorCode } from './audit-refused.ts';
import type { BackupLock } from './backup-keys.ts';
import { removeLeftovers, unfinishedName } from './backup-leftovers.ts';
import { writeManifest } from './backup-manifest.ts';
import type { BackupManifest } from './backup-manifest.ts';
import { BackupPlaces } from './backup-places.ts';
import type { ReadBackup } from './backup-read.ts';
import { BackupRefused } from './backup-refused.ts';
import { checkRoom } from './backup-room.ts';
import { BackupSealing } from './backup-sealing.ts';
import { backupSources } from './backup-sources.ts';
import type { BackupSource, BackupSubject } from './backup-sources.ts';
import { openStoreCopies } from './backup-stores.ts';
import { verifyBackup } from './backup-verify.ts';
import { syncDirectory } from './sync-directory.ts';

const pieceBytes = 1_048_576;

/** Throws BackupRefused, naming what stands in the way and the fix, and system errors; then there is no file at `to`. */
export async function writeBackup(to: string, lock: BackupLock, subject: BackupSubject): Promise<ReadBackup> {
  const path = resolve(to);
  removeLeftovers(`${path}.part`);
  refuseTaken(path);
  const part = unfinishedName(`${path}.part`);
  const copies = openStoreCopies(subject.dataDirectory);
  try {
    const places = new BackupPlaces({
      configuration: dirname(subject.configuration[0] ?? ''),
      data: subject.dataDirectory,
      audit: subject.auditDirectory,
      fallback: subject.fallbackDirectory,
    });
    const { manifest, sources } = await backupSources(subject, places, copies);
    const size = sources.reduce((sum, { file }) => sum + file.bytes, 0);
    checkRoom(dirname(path), size);
    const { key, sha256 } = await writeSealed(part, lock, manifest, sources);
    rmSync(copies, { recursive: true, force: true });
    const read = await verifyBackup(part, { key });
    if (read.sha256 !== sha256) throw new BackupRefused('what was read back is not what was written; look at the disk');
    giveName(part, path);
    return read;
  } finally {
    rmSync(part, { force: true });
    rmSync(copies, { recursive: true, force: true });
  }
}

function refuseTaken(path: string): void {
  if (existsSync(path)) throw new BackupRefused(`"${path}" is there already, and nothing is overwritten; choose another name`);
  if (!existsSync(dirname(path))) throw new BackupRefused(`there is no directory "${dirname(path)}"`);
}

async function writeSealed(
  path: string,
  lock: BackupLock,
  manifest: BackupManifest,
  sources: readonly BackupSource[],
): Promise<{ readonly key: Buffer; readonly sha256: string }> {
  const file = await open(path, 'wx', 0o600);
  try {
    const sealing = await BackupSealing.begin(file, lock);
    const said = writeManifest(manifest);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(said.length);
    await sealing.write(length);
    await sealing.write(said);
    for (const source of sources) for await (const piece of piecesOf(source)) await sealing.write(piece);
    return { key: sealing.key, sha256: (await sealing.end()).sha256 };
  } finally {
    await file.close();
  }
}

async function* piecesOf({ file, content }: BackupSource): AsyncGenerator<Uint8Array> {
  if (!('path' in content)) yield content;
  else if (readSegmentName(basename(content.path)) === null) yield* piecesOfFile(content.path, file.bytes);
  else yield* piecesOfSegment(content.path, file.bytes);
}

/** The gateway may pack it while this goes on; its lines stay the same. */
async function* piecesOfSegment(path: string, bytes: number): AsyncGenerator<Uint8Array> {
  let read = 0;
  for await (const piece of segmentBytes({ directory: dirname(path), name: basename(path), form: 'plain' }, bytes)) {
    read += piece.length;
    yield piece;
  }
  if (read !== bytes) throw new BackupRefused(`"${path}" became shorter while it was read`);
}

/** As many bytes as the manifest says, however much the file has grown meanwhile. */
async function* piecesOfFile(path: string, bytes: number): AsyncGenerator<Uint8Array> {
  const handle = await open(path, 'r');
  try {
    const buffer = Buffer.allocUnsafe(pieceBytes);
    for (let at = 0; at < bytes;) {
      const { bytesRead } = await handle.read(buffer, 0, Math.min(pieceBytes, bytes - at), at);
      if (bytesRead === 0) throw new BackupRefused(`"${path}" became shorter while it was read`);
      at += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}

/** A link fails where the name is taken meanwhile, which renaming would not; some file systems have no links. */
function giveName(part: string, path: string): void {
  try {
    linkSync(part, path);
  } catch (cause) {
    if (errorCode(cause) === 'EEXIST') refuseTaken(path);
    refuseTaken(path);
    renameSync(part, path);
  }
  syncDirectory(dirname(path));
}
