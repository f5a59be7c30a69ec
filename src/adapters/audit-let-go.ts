// Looks through a file whose records are to go: that they are those which the tree covers, and what has to be told and kept of
// them. It removes nothing.

import { createHash } from 'node:crypto';
import { readRecord } from '../core/audit/read-record.ts';
import { isKeptWhenPruned } from '../core/audit/judge-pruning.ts';
import type { SegmentFacts } from '../core/audit/plan-pruning.ts';
import type { Line } from '../core/audit/verify-chain.ts';
import { grow, rootOf } from '../core/tree/frontier.ts';
import type { Frontier } from '../core/tree/frontier.ts';
import { leafHash, sameHash } from '../core/tree/node-hash.ts';
import { tilePartOf } from '../core/tree/tiles.ts';
import type { PrunedHeader } from './audit-pruned-file.ts';
import { readSegment } from './audit-segment-files.ts';
import type { SegmentFile } from './audit-segment-files.ts';
import { readTile, sha256 } from './audit-tree-files.ts';

/** The hash of the record at that index, as the tree has it. Throws where it has none. */
export type LeafAt = (index: number) => Uint8Array;

export interface Surveyed {
  readonly segment: SegmentFile;
  readonly facts: SegmentFacts;
  readonly header: PrunedHeader;
  /** Behind its last record. */
  readonly frontier: Frontier;
  readonly keptLines: readonly Uint8Array[];
  /** SHA-256 over these with their newlines. */
  readonly kept: Buffer;
}

/** Leaves of the tree with `size` records, from its tiles; the one read last is kept. */
export function leavesIn(treeDirectory: string, size: number): LeafAt {
  let read: { readonly index: number; readonly hashes: readonly Uint8Array[] } | null = null;
  return (index) => {
    const { tile, from } = tilePartOf(0, index, size);
    if (read?.index !== tile.index) read = { index: tile.index, hashes: readTile(treeDirectory, tile) ?? [] };
    const leaf = read.hashes[from];
    if (leaf === undefined) throw new Error(`the tree has no hash of record ${index + 1}`);
    return leaf;
  };
}

/**
 * `before`: the tree up to the file's first record. `takenOverFrom`: records from there on stand in a later file. Null where
 * none of its records counts. Rejects where the tree does not cover them, and with what reading brings.
 */
export async function surveySegment(
  segment: SegmentFile,
  before: Frontier,
  takenOverFrom: number,
  leafAt: LeafAt,
  pause: () => Promise<unknown>,
): Promise<Surveyed | null> {
  let frontier = before;
  let [hash, oldest, newest] = ['', '', ''];
  const keptLines: Uint8Array[] = [];
  const kept = createHash('sha256');
  const take = ({ bytes, text }: Line): void => {
    const record = readRecord(text);
    // What was given up in trouble stands in a later file, or cannot be read.
    if (record === null || record.sequence >= takenOverFrom) return;
    const { sequence, event, detail, fields } = record;
    const leaf = leafHash(sha256, bytes);
    if (sequence !== frontier.size + 1 || !sameHash(leaf, leafAt(sequence - 1)))
      throw new Error(`"${segment.name}": record ${sequence} is not the one that the tree covers; run "wardgate audit verify"`);
    frontier = grow(sha256, frontier, leaf);
    ({ hash } = record);
    const time = String(fields['time']);
    oldest = oldest === '' || time < oldest ? time : oldest;
    newest = time > newest ? time : newest;
    if (!isKeptWhenPruned(event, detail)) return;
    keptLines.push(bytes);
    kept.update(bytes).update('\n');
  };
  for await (const { lines } of readSegment(segment)) {
    for (const line of lines) take(line);
    await pause();
  }
  if (frontier.size === before.size) return null;
  const root = Buffer.from(rootOf(sha256, frontier)).toString('base64');
  return {
    segment,
    facts: { name: segment.name, last: frontier.size, oldest, newest },
    header: { first: before.size + 1, last: frontier.size, hash, root },
    frontier,
    keptLines,
    kept: kept.digest(),
  };
}
