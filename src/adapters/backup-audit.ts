// Which part of the access record goes into a backup: everything up to one signed head, and nothing behind it, so that what
// is restored ends with a record that the log itself vouches for. Reads the heads; judges no record.

import { createPublicKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Head } from '../core/audit/encode-head.ts';
import { readHead } from '../core/audit/encode-head.ts';
import { compareSegmentNames, segmentEndings } from '../core/audit/segment-name.ts';
import { epochsFile, knownKeys } from './audit-epochs.ts';
import { nextKeyFile } from './audit-key-files.ts';
import { listPruned } from './audit-pruned-file.ts';
import { retentionFile } from './audit-retention-state.ts';
import { listSegments, segmentPath } from './audit-segment-files.ts';
import { loadHead } from './audit-signing.ts';
import { contentOf } from './audit-tree-files.ts';
import { BackupRefused } from './backup-refused.ts';

export interface AuditPart {
  readonly signingKeyFile: string;
  /** The signing key and, while a day's key hands over to the next, that one; as they stood with the heads. */
  readonly keys: ReadonlyMap<string, Buffer>;
  /** The public keys before them, where there are any. */
  readonly epochs: { readonly path: string; readonly bytes: Buffer } | null;
  /** Where the part ends. */
  readonly head: Head;
  /** Each head as it stood on the disk, by path. */
  readonly heads: ReadonlyMap<string, Buffer>;
  readonly segments: readonly AuditPartSegment[];
  /** What stands for records that were let go, and the holds and the policy, where there are any. */
  readonly beside: readonly string[];
}

export interface AuditPartSegment {
  readonly path: string;
  /** How much of it belongs to the part. */
  readonly bytes: number;
  readonly first: number | null;
}

/** Reading it again this often rides out a head that is being written at that very moment. */
const headReadings = 10;

/** `directories`: the first one, then the fallback. Throws BackupRefused and system errors. */
export async function auditPart(directories: readonly string[]): Promise<AuditPart> {
  const [primary = ''] = directories;
  const signingKeyFile = join(dirname(primary), 'audit-signing.key');
  for (let reading = 1; ; reading += 1) {
    const keys = keysAt(signingKeyFile);
    const epochs = contentOf(join(primary, epochsFile));
    const part = await partUnder(directories, signingKeyFile, primary);
    // The day's key may have changed meanwhile; then what was read belongs to two of them.
    const isStill =
      keys.size === keysAt(signingKeyFile).size && [...keys].every(([path, bytes]) => contentOf(path)?.equals(bytes));
    if (isStill || reading === headReadings) {
      return { ...part, keys, epochs: epochs === null ? null : { path: join(primary, epochsFile), bytes: epochs } };
    }
  }
}

function keysAt(signingKeyFile: string): Map<string, Buffer> {
  const found = [signingKeyFile, nextKeyFile(signingKeyFile)].flatMap((path) => {
    const bytes = contentOf(path);
    return bytes === null ? [] : [[path, bytes] as const];
  });
  return new Map(found);
}

async function partUnder(directories: readonly string[], signingKeyFile: string, primary: string) {
  const there = directories.filter((directory) => existsSync(directory));
  const publicKeys = knownKeys(primary, publicHalf(signingKeyFile));
  const found = there.flatMap((directory) => headIn(directory, publicKeys) ?? []);
  const head = found.map((one) => one.head).reduce<Head | null>(furthest, null);
  if (head === null) throw new BackupRefused(`there is no signed head in "${primary}"; start the gateway once`);
  const segments = await listSegments(there);
  const pruned = await listPruned(there);
  const kept = join(primary, retentionFile);
  const part = segments.filter(({ name }) => compareSegmentNames(name, head.file) <= 0);
  return {
    signingKeyFile,
    head,
    beside: [
      ...(existsSync(kept) ? [kept] : []),
      ...pruned.map(({ directory, name }) => join(directory, name + segmentEndings.pruned)),
    ],
    heads: new Map(found.map(({ path, bytes }) => [path, bytes])),
    segments: part.map((segment) => {
      // The gateway may have packed it this very moment.
      const path = segmentPath(existsSync(segmentPath(segment)) ? segment : { ...segment, form: 'packed' });
      const bytes = segment.name === head.file ? head.size : statSync(path).size;
      return { path, bytes, first: bytes === 0 ? null : segment.firstSequence };
    }),
  };
}

function furthest(one: Head | null, other: Head): Head {
  return one === null || other.sequence > one.sequence ? other : one;
}

interface FoundHead {
  readonly path: string;
  readonly bytes: Buffer;
  readonly head: Head;
}

function headIn(directory: string, publicKeys: readonly KeyObject[]): FoundHead | null {
  const path = join(directory, 'head.json');
  for (let reading = 0; reading < headReadings; reading += 1) {
    const loaded = loadHead(directory, publicKeys);
    if (loaded === 'absent') return null;
    if (loaded === 'unsound') continue;
    const bytes = readFileSync(path);
    // Only a head that stood still between the two readings is both checked and kept.
    const again = readHead(bytes.toString('latin1'));
    if (again?.signature === loaded.signature) return { path, bytes, head: loaded.head };
  }
  throw new BackupRefused(`"${path}" is not signed by this log; look with "wardgate audit verify"`);
}

function publicHalf(file: string): KeyObject {
  try {
    return createPublicKey(readFileSync(file));
  } catch (cause) {
    throw new BackupRefused(`the signing key "${file}" cannot be read`, { cause });
  }
}
