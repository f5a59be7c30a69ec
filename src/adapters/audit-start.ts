// Finds the end of an existing log at start: reads the signed head, judges what lies behind it, and says where to go on.
// It changes nothing. A log that is not sound there is refused; trouble with the disk is thrown as it came.

import { hash } from 'node:crypto';
import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Head, SignedHead } from '../core/audit/encode-head.ts';
import { noRecord } from '../core/audit/encode-record.ts';
import { readRecord, sealBytes } from '../core/audit/read-record.ts';
import type { ReadRecord } from '../core/audit/read-record.ts';
import { beginChain } from '../core/audit/verify-chain.ts';
import type { Flaw } from '../core/audit/verify-chain.ts';
import { repeatBatch } from './audit-batch.ts';
import type { Batch, ChainEnd } from './audit-batch.ts';
import { knownKeys } from './audit-epochs.ts';
import { AuditLogRefused } from './audit-refused.ts';
import { listSegments, readSegment, segmentPath } from './audit-segment-files.ts';
import type { SegmentFile } from './audit-segment-files.ts';
import { loadHead } from './audit-signing.ts';
import type { SigningKey } from './audit-signing.ts';
import { walkSegments } from './audit-walk.ts';
import type { TornEnd, Walk } from './audit-walk.ts';

export interface StartingPoint {
  readonly end: ChainEnd;
  /** The segment to go on with, and where its whole lines end; null for a log without any. */
  readonly last: { readonly file: SegmentFile; readonly size: number } | null;
  readonly torn: readonly TornEnd[];
  /** Set after a crash in the middle of a recovery: what has to be written again into a new segment. */
  readonly unfinished: { readonly abandoned: string; readonly batch: Batch } | null;
}

const emptyHead: Head = { file: '', size: 0, sequence: 0, hash: noRecord, time: '' };
const longestLineBytes = 131_072;

/** True where a directory holds a head already; then its signing key must not be made anew. */
export async function hasHead(directories: readonly string[]): Promise<boolean> {
  for (const directory of directories) {
    if ((await readdir(directory)).includes('head.json')) return true;
  }
  return false;
}

/** Rejects with AuditLogRefused naming the first thing that is wrong, and with system errors. */
export async function findStart(directories: readonly string[], key: SigningKey): Promise<StartingPoint> {
  const segments = await listSegments(directories);
  const head = latestHead(directories, key, segments);
  const from = head.sequence === 0 ? 0 : segments.findIndex((segment) => segment.name === head.file);
  const file = segments[from];
  if (head.sequence > 0) await checkHeadRecord(file, head);
  const behind = segments.slice(Math.max(from, 0));
  const walk = await walkSegments(behind, beginChain([], head), head.size);
  if (walk.flaw !== null) throw refused(directories[0] ?? '', walk.flaw);
  await syncAll(behind);
  return startingPoint(behind, head, walk);
}

async function startingPoint(behind: readonly SegmentFile[], head: Head, walk: Walk): Promise<StartingPoint> {
  const { sequence, hash: lastHash, unexplainedAfter } = walk.chain;
  const last = behind.at(-1);
  const point = {
    end: { sequence, hash: lastHash },
    last: last === undefined ? null : { file: last, size: walk.size },
    torn: walk.torn,
    unfinished: null,
  };
  if (unexplainedAfter === null) return point;
  const batch = await collect(behind, head.size, unexplainedAfter);
  const abandoned = behind[0]?.name ?? '';
  return batch === null ? point : { ...point, end: batch.end, unfinished: { abandoned, batch } };
}

/** Of several good heads the furthest one counts: a head in a directory that failed stays behind. */
function latestHead(directories: readonly string[], key: SigningKey, segments: readonly SegmentFile[]): Head {
  const keys = knownKeys(directories[0] ?? '', key.publicKey);
  let latest: SignedHead | null = null;
  for (const directory of directories) {
    const head = loadHead(directory, keys);
    if (head === 'absent') continue;
    if (head === 'unsound')
      throw refused(directory, { file: 'head.json', line: null, sequence: null, what: 'the head is not signed by this log' });
    if (latest === null || head.head.sequence > latest.head.sequence) latest = head;
  }
  if (latest !== null) return latest.head;
  const orphan = segments.find((segment) => segment.firstSequence !== null);
  if (orphan === undefined) return emptyHead;
  throw refused(orphan.directory, {
    file: 'head.json',
    line: null,
    sequence: null,
    what: `the signed head of "${orphan.name}" is missing`,
  });
}

/** The record at the head's place must be the one the head names. */
async function checkHeadRecord(file: SegmentFile | undefined, head: Head): Promise<void> {
  const flaw: Flaw = {
    file: head.file,
    line: null,
    sequence: head.sequence,
    what: 'the record that the signed head names is not there',
  };
  if (file === undefined) throw refused('', flaw);
  if (file.form !== 'plain')
    throw refused(file.directory, { ...flaw, what: 'the log goes on in this file, and it is packed: unpack it with gunzip' });
  const line = await lineBefore(join(file.directory, file.name), head.size);
  const record = wholeRecord(line);
  if (record?.sequence !== head.sequence || record.hash !== head.hash) throw refused(file.directory, flaw);
}

/** The record in a line whose bytes give its hash, or null. */
function wholeRecord(line: Uint8Array): ReadRecord | null {
  const record = readRecord(Buffer.from(line).toString('utf8'));
  if (record === null) return null;
  return hash('sha256', line.subarray(0, line.length - sealBytes), 'hex') === record.hash ? record : null;
}

async function lineBefore(path: string, end: number): Promise<Buffer> {
  const file = await open(path, 'r');
  try {
    const start = Math.max(0, end - longestLineBytes);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(end - start), 0, end - start, start);
    if (bytesRead < end - start || buffer.at(-1) !== 0x0a) return Buffer.alloc(0);
    return buffer.subarray(buffer.lastIndexOf(0x0a, -2) + 1, -1);
  } finally {
    await file.close();
  }
}

/** The longest unbroken run of records behind `after`, from whichever segment has each; null where there is none. */
async function collect(segments: readonly SegmentFile[], offset: number, after: number): Promise<Batch | null> {
  const lines = new Map<number, { readonly bytes: Uint8Array; readonly hash: string }>();
  for (const [index, segment] of segments.entries()) {
    for await (const chunk of readSegment(segment, index === 0 ? offset : 0)) {
      for (const line of chunk.lines) {
        const record = wholeRecord(line.bytes);
        if (record !== null && record.sequence > after) lines.set(record.sequence, { bytes: line.bytes, hash: record.hash });
      }
    }
  }
  const run: Uint8Array[] = [];
  let sequence = after;
  let lastHash = '';
  for (let next = lines.get(after + 1); next !== undefined; next = lines.get(sequence + 1)) {
    run.push(next.bytes, Buffer.from('\n'));
    sequence += 1;
    lastHash = next.hash;
  }
  return sequence === after ? null : repeatBatch(Buffer.concat(run), after + 1, { sequence, hash: lastHash });
}

/** What a crashed run had written but not synced is read back from memory, so it is synced before anything builds on it. */
async function syncAll(segments: readonly SegmentFile[]): Promise<void> {
  for (const segment of segments) {
    const file = await open(segmentPath(segment), 'r');
    try {
      await file.datasync();
    } finally {
      await file.close();
    }
  }
}

function refused(directory: string, flaw: Flaw): AuditLogRefused {
  const place =
    flaw.line === null ? `"${join(directory, flaw.file)}"` : `"${flaw.file}" (line ${flaw.line} behind the signed head)`;
  return new AuditLogRefused(
    `Cannot open the audit log: ${place}: ${flaw.what}; check it with "wardgate audit verify", then restore it or move it aside`,
  );
}
