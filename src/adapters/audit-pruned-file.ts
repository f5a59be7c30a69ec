// What is left of a file whose records were let go: the hash of each record as the tree has it, and the few lines that later
// verification rests on. `2026-11-23.jsonl.pruned` begins with a line that tells its records, then come 32 bytes for each, then
// the lines that are kept.

import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { compareSegmentNames, readSegmentFile, segmentEndings } from '../core/audit/segment-name.ts';
import type { Line } from '../core/audit/verify-chain.ts';
import { hashBytes } from '../core/tree/node-hash.ts';
import { LineSplitter } from './audit-read-lines.ts';
import { NotASegment } from './audit-segment-files.ts';
import { removeLeftovers, unfinishedName } from './backup-leftovers.ts';
import { syncDirectory } from './sync-directory.ts';
import { ownLike } from './write-owned.ts';

export interface PrunedHeader {
  readonly first: number;
  readonly last: number;
  /** Of the last record. */
  readonly hash: string;
  /** Of the tree up to the last record, base64. */
  readonly root: string;
}

export interface PrunedFile {
  readonly directory: string;
  /** In the chain. */
  readonly name: string;
  readonly header: PrunedHeader;
}

export type PrunedPart =
  { readonly header: PrunedHeader } | { readonly leaves: readonly Uint8Array[] } | { readonly lines: readonly Line[] };

/** The file is not in the form that the gateway writes. */
export class PrunedDamaged extends Error {
  readonly file: string;
  constructor(file: string) {
    super(`"${file}" is not what is left of records that were let go`);
    this.name = 'PrunedDamaged';
    this.file = file;
  }
}

const pieceBytes = 1_048_576;
const mostHeaderBytes = 512;
const newline = 0x0a;
const form =
  /^\{"version":1,"first":([1-9]\d{0,15}),"last":([1-9]\d{0,15}),"hash":"([0-9a-f]{64})","root":"([A-Za-z0-9+/]{43}=)"\}$/;

/**
 * What is left of the beginning of the log, oldest first and without a gap from record 1. `beside`: also what stands beside
 * records that are still there. Rejects with PrunedDamaged, and system errors.
 */
export async function listPruned(directories: readonly string[], beside = false): Promise<PrunedFile[]> {
  const found: PrunedFile[] = [];
  for (const directory of directories) {
    const segments = (await readdir(directory, { withFileTypes: true })).flatMap((entry) => {
      const segment = readSegmentFile(entry.name);
      return segment === null ? [] : [{ ...segment, isFile: entry.isFile() }];
    });
    const there = new Set(segments.filter((one) => one.form !== 'pruned').map(({ name }) => name));
    for (const { name, isFile } of segments.filter((one) => one.form === 'pruned' && (beside || !there.has(one.name)))) {
      if (!isFile) throw new NotASegment(directory, name + segmentEndings.pruned);
      found.push({ directory, name, header: await headerOf(directory, name) });
    }
  }
  found.sort((one, other) => compareSegmentNames(one.name, other.name));
  let end = 0;
  return found.filter(({ header }) => {
    const follows = header.first === end + 1;
    if (follows) end = header.last;
    return follows;
  });
}

/** The last record that was let go, and its hash; 0 in a log that is whole. */
export function endOf(pruned: readonly PrunedFile[]): { readonly sequence: number; readonly hash: string } {
  const header = pruned.at(-1)?.header;
  return { sequence: header?.last ?? 0, hash: header?.hash ?? '' };
}

/** Everything in one, in its order. Rejects with PrunedDamaged, and system errors. */
export async function* partsOf({ directory, name }: Pick<PrunedFile, 'directory' | 'name'>): AsyncGenerator<PrunedPart> {
  const path = join(directory, name + segmentEndings.pruned);
  const handle = await open(path, 'r');
  try {
    yield* readPruned(handle.createReadStream({ highWaterMark: pieceBytes, autoClose: false }), path);
  } finally {
    await handle.close();
  }
}

/** The lines that are kept of them, in order. */
export async function* keptLines(pruned: readonly PrunedFile[]): AsyncGenerator<{ readonly line: Line; readonly file: string }> {
  for (const one of pruned) {
    for await (const part of partsOf(one)) {
      if ('lines' in part) for (const line of part.lines) yield { line, file: one.name + segmentEndings.pruned };
    }
  }
}

/** The hashes of records behind the first `after`, in order. */
export async function* leavesBehind(pruned: readonly PrunedFile[], after: number): AsyncGenerator<Uint8Array> {
  for (const one of pruned) {
    if (one.header.last <= after) continue;
    let sequence = one.header.first;
    for await (const part of partsOf(one)) {
      if (!('leaves' in part)) continue;
      for (const leaf of part.leaves) {
        if (sequence > after) yield leaf;
        sequence += 1;
      }
    }
  }
}

/** `file` is the name in an error. */
export async function* readPruned(pieces: AsyncIterable<Buffer>, file: string): AsyncGenerator<PrunedPart> {
  const splitter = new LineSplitter(0);
  let carried: Buffer = Buffer.alloc(0);
  let left = -1;
  for await (const piece of pieces) {
    let rest = carried.length === 0 ? piece : Buffer.concat([carried, piece]);
    carried = Buffer.alloc(0);
    if (left === -1) {
      const end = rest.subarray(0, mostHeaderBytes).indexOf(newline);
      const header = end === -1 ? null : readHeader(rest.subarray(0, end).toString('latin1'));
      if (header === null && rest.length >= mostHeaderBytes) throw new PrunedDamaged(file);
      carried = rest;
      if (header === null) continue;
      yield { header };
      left = header.last - header.first + 1;
      rest = rest.subarray(end + 1);
    }
    const whole = Math.min(left, Math.floor(rest.length / hashBytes));
    if (whole > 0)
      yield { leaves: Array.from({ length: whole }, (_none, at) => rest.subarray(at * hashBytes, (at + 1) * hashBytes)) };
    left -= whole;
    carried = Buffer.from(rest.subarray(whole * hashBytes));
    if (left > 0) continue;
    yield { lines: splitter.push(carried) };
    carried = Buffer.alloc(0);
  }
  if (left !== 0 || splitter.waiting > 0) throw new PrunedDamaged(file);
}

/** Writes one whole, on the disk, beside the file whose records go. `fill` writes the hashes, then the kept lines. */
export async function writePruned(
  { directory, name }: Pick<PrunedFile, 'directory' | 'name'>,
  header: PrunedHeader,
  fill: (write: (bytes: Uint8Array) => void) => Promise<void>,
): Promise<void> {
  removeLeftovers(join(directory, 'pruning'));
  const beside = unfinishedName(join(directory, 'pruning'));
  rmSync(beside, { force: true });
  try {
    const descriptor = openSync(beside, 'wx', 0o600);
    const write = (bytes: Uint8Array): void => {
      for (let at = 0; at < bytes.length;) at += writeSync(descriptor, bytes, at);
    };
    try {
      const { first, last, hash, root } = header;
      write(Buffer.from(`{"version":1,"first":${first},"last":${last},"hash":"${hash}","root":"${root}"}\n`));
      await fill(write);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    ownLike(beside, directory);
    renameSync(beside, join(directory, name + segmentEndings.pruned));
    syncDirectory(directory);
  } finally {
    rmSync(beside, { force: true });
  }
}

function readHeader(text: string): PrunedHeader | null {
  const match = form.exec(text);
  if (match === null) return null;
  const [, first, last, hash = '', root = ''] = match;
  return Number(last) < Number(first) ? null : { first: Number(first), last: Number(last), hash, root };
}

async function headerOf(directory: string, name: string): Promise<PrunedHeader> {
  for await (const part of partsOf({ directory, name })) if ('header' in part) return part.header;
  throw new PrunedDamaged(join(directory, name + segmentEndings.pruned));
}
