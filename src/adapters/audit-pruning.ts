// Lets go of the files of the log whose time is over, never silently and never in a way that could not be checked: first what is
// left of each is written, then the record that tells it is on the disk, and only then they are removed, the oldest first. It may
// be killed at any moment; what it had begun is finished, or begun anew, at the next look.

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { dueAt, keptBecause } from '../core/audit/plan-pruning.ts';
import type { Kept, PruningLimits } from '../core/audit/plan-pruning.ts';
import { readPruneNote, writePruneNote } from '../core/audit/prune-note.ts';
import type { PruneNote } from '../core/audit/prune-note.ts';
import type { Retention } from '../core/audit/retention-note.ts';
import { compareSegmentNames, segmentEndings } from '../core/audit/segment-name.ts';
import { emptyFrontier, grow, rootOf } from '../core/tree/frontier.ts';
import type { Frontier } from '../core/tree/frontier.ts';
import { peaksOf } from '../core/tree/range-root.ts';
import { AuditFollower } from './audit-follow.ts';
import { keptHash } from './audit-gone.ts';
import { leavesIn, surveySegment } from './audit-let-go.ts';
import type { LeafAt, Surveyed } from './audit-let-go.ts';
import { leavesBehind, listPruned, writePruned } from './audit-pruned-file.ts';
import type { PrunedFile } from './audit-pruned-file.ts';
import { listSegments } from './audit-segment-files.ts';
import type { SegmentFile } from './audit-segment-files.ts';
import { contentOf, nodesIn, sha256, treeDirectory } from './audit-tree-files.ts';
import { syncDirectory } from './sync-directory.ts';
import { writeOwned } from './write-owned.ts';

/** Files let go at one time; what is left goes at the next look. */
const mostAtOnce = 400;
const leavesAtOnce = 8192;
const intentFile = 'pruning.txt';

export interface PruningPlace {
  readonly directories: readonly string[];
  readonly limits: Omit<PruningLimits, 'dates'>;
  /** The file that is written to: it and what stands behind it never goes. */
  readonly newest: string;
  readonly pause: () => Promise<unknown>;
}

export interface PlannedPruning {
  readonly goes: readonly Surveyed[];
  /** Why the oldest file that stays does, its name, and when it would be old enough, epoch milliseconds. */
  readonly kept: Kept;
  readonly keptFile: string;
  readonly dueAt: number | null;
}

/** What would go now. Changes nothing. Rejects where a file is not as the tree covers it. */
export async function planPruning({ directories, limits, newest, pause }: PruningPlace): Promise<PlannedPruning> {
  const segments = await listSegments(directories);
  const pruned = await listPruned(directories);
  const known = { ...limits, dates: [...pruned, ...segments].map(({ name }) => name.slice(0, 10)) };
  const leafAt = leavesIn(treeDirectory(directories[0] ?? ''), limits.checkpoint);
  const goes: Surveyed[] = [];
  let frontier: Frontier | null = null;
  for (const [index, segment] of segments.entries()) {
    const early = withoutLooking(segment, known, newest, goes.length);
    if (early !== null) return planned(goes, early, segment, limits.retention);
    frontier ??= await frontierBehind(pruned, directories, limits.checkpoint);
    const takenOverFrom = Math.min(...segments.slice(index + 1).map(({ firstSequence }) => firstSequence ?? Infinity));
    const surveyed = await surveySegment(segment, frontier, takenOverFrom, leafAt, pause);
    const kept = surveyed === null ? null : keptBecause(surveyed.facts, known);
    if (kept !== null) return planned(goes, kept, segment, limits.retention, surveyed?.facts.newest);
    if (surveyed === null) continue;
    goes.push(surveyed);
    ({ frontier } = surveyed);
  }
  return { goes, kept: { because: 'newest' }, keptFile: newest, dueAt: null };
}

/** What keeps a file whatever stands in it. */
function withoutLooking({ name, firstSequence }: SegmentFile, limits: PruningLimits, newest: string, going: number): Kept | null {
  if (limits.retention === 'unlimited') return { because: 'unlimited' };
  if (compareSegmentNames(name, newest) >= 0 || going >= mostAtOnce) return { because: 'newest' };
  if (dueAt({ name, newest: name.slice(0, 10) }, limits.retention) > limits.now) return { because: 'young' };
  return (firstSequence ?? 0) > limits.checkpoint ? { because: 'checkpoint' } : null;
}

function planned(
  goes: readonly Surveyed[],
  kept: Kept,
  { name }: SegmentFile,
  retention: Retention,
  newest = name.slice(0, 10),
): PlannedPruning {
  return { goes, kept, keptFile: name, dueAt: retention === 'unlimited' ? null : dueAt({ name, newest }, retention) };
}

/** From the tiles where they give the root that was left with the last file that went, else from all hashes that are left. */
async function frontierBehind(pruned: readonly PrunedFile[], directories: readonly string[], size: number): Promise<Frontier> {
  const last = pruned.at(-1)?.header;
  if (last === undefined) return emptyFrontier;
  const tiled = { size: last.last, peaks: peaksOf(0, last.last, nodesIn(treeDirectory(directories[0] ?? ''), size)) };
  if (Buffer.from(rootOf(sha256, tiled)).toString('base64') === last.root) return tiled;
  let frontier = emptyFrontier;
  for await (const leaf of leavesBehind(pruned, 0)) frontier = grow(sha256, frontier, leaf);
  return frontier;
}

/** Lets go of what was planned. `append` resolves once the record is on the disk, and rejects where it must not be. */
export async function prune(
  { directories, limits, pause }: PruningPlace,
  goes: readonly Surveyed[],
  durable: number,
  append: (detail: string) => Promise<void>,
): Promise<void> {
  const [first, last] = [goes[0], goes.at(-1)];
  if (first === undefined || last === undefined || limits.retention === 'unlimited') return;
  const leafAt = leavesIn(treeDirectory(directories[0] ?? ''), limits.checkpoint);
  for (const one of goes) await writePruned(one.segment, one.header, (write) => fill(one, leafAt, write, pause));
  const times = goes.flatMap(({ facts }) => [facts.oldest, facts.newest]).toSorted();
  const detail = writePruneNote({
    first: first.header.first,
    last: last.header.last,
    keptDays: limits.retention,
    firstFile: first.segment.name,
    lastFile: last.segment.name,
    oldest: times.at(0) ?? '',
    newest: times.at(-1) ?? '',
    root: last.header.root,
    hash: last.header.hash,
    kept: keptHash(goes),
    checkpoint: limits.checkpoint,
  });
  const [primary = ''] = directories;
  writeOwned(join(primary, intentFile), Buffer.from(`${durable} ${detail}\n`), primary);
  await append(detail);
  await finishPruning(directories, Infinity);
}

/** Ends what was begun: removes the files where the log tells it, and else forgets it. `durable`: the last record on the disk. */
export async function finishPruning(directories: readonly string[], durable: number): Promise<void> {
  const [primary = ''] = directories;
  const content = contentOf(join(primary, intentFile))?.toString('utf8') ?? null;
  if (content === null) return;
  const [, after = '0', detail = ''] = /^(\d{1,16}) (.*)\n$/.exec(content) ?? [];
  const note = readPruneNote(detail);
  if (note !== null && (await isTold(directories, Number(after), durable, detail))) await removeFiles(directories, note);
  rmSync(join(primary, intentFile));
  syncDirectory(primary);
}

async function isTold(directories: readonly string[], after: number, durable: number, detail: string): Promise<boolean> {
  for await (const { record } of new AuditFollower(directories, after).read(durable)) {
    if (record.event === 'audit-pruned' && record.detail === detail) return true;
  }
  return false;
}

/** The oldest first, so that what is there is always an end of the log. */
async function removeFiles(directories: readonly string[], { last, lastFile }: PruneNote): Promise<void> {
  const left = await listPruned(directories, true);
  if (!left.some(({ name, header }) => name === lastFile && header.last === last))
    throw new Error(`what has to be left of "${lastFile}" is not there, so nothing is removed; run "wardgate audit verify"`);
  for (const { directory, name } of await listSegments(directories)) {
    if (compareSegmentNames(name, lastFile) > 0) return;
    for (const form of ['plain', 'packed'] as const) rmSync(join(directory, name + segmentEndings[form]), { force: true });
    syncDirectory(directory);
  }
}

async function fill(
  { header, keptLines }: Surveyed,
  leafAt: LeafAt,
  write: (bytes: Uint8Array) => void,
  pause: () => Promise<unknown>,
): Promise<void> {
  for (let at = header.first - 1; at < header.last; at += leavesAtOnce) {
    const count = Math.min(leavesAtOnce, header.last - at);
    write(Buffer.concat(Array.from({ length: count }, (_none, more) => leafAt(at + more))));
    await pause();
  }
  for (const line of keptLines) write(Buffer.concat([line, Buffer.from('\n')]));
}
