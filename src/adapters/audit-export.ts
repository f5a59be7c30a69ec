// Puts records of a log together so that somebody far from it can check them: the exact lines, the proof that each stands in
// the tree of one checkpoint, and how the keys lead from the first to the one that signed it. It reads and changes nothing.

import type { KeyObject } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readEpochClosing } from '../core/audit/epoch-note.ts';
import type { EpochClosing } from '../core/audit/epoch-note.ts';
import type { ReadRecord } from '../core/audit/read-record.ts';
import { consistencyPath } from '../core/tree/consistency-proof.ts';
import { inclusionPath, isIncluded } from '../core/tree/inclusion-proof.ts';
import { leafHash } from '../core/tree/node-hash.ts';
import type { ReadNode } from '../core/tree/range-root.ts';
import { openCheckpoint, originOf } from './audit-checkpoint.ts';
import type { NotedCheckpoint } from './audit-checkpoint.ts';
import { knownKeys, rawKey } from './audit-epochs.ts';
import { AuditFollower } from './audit-follow.ts';
import { keptCheckpoints } from './audit-kept.ts';
import { contentOf, nodesIn, sha256, treeDirectory } from './audit-tree-files.ts';

export interface ExportSelection {
  /** ISO 8601, UTC; records from then on and before then. Null for no bound. */
  readonly from: string | null;
  readonly to: string | null;
  readonly person: string | null;
  /** A token. The bundle goes to people who may not know whose it is. */
  readonly patient: string | null;
}

/** A record's line as it stands and the way to the root, from the leaf up, base64. */
export interface ExportedRecord {
  readonly line: string;
  readonly path: readonly string[];
}

export interface ExportedEpoch {
  /** The `epoch` record, proved as the last one of the tree that its epoch's key signed. */
  readonly line: string;
  readonly path: readonly string[];
  readonly closing: EpochClosing;
  /** That this tree is the beginning of the checkpoint's. */
  readonly consistency: readonly string[];
}

export interface AuditExport {
  readonly format: 'wardgate-audit-export/1';
  readonly made: string;
  readonly selection: ExportSelection;
  readonly origin: string;
  /** The first public key of the log, raw, base64. */
  readonly foundingKey: string;
  readonly epochs: readonly ExportedEpoch[];
  /** The signed note. */
  readonly checkpoint: string;
  /** That the trees of earlier checkpoints are its beginning, by their size. */
  readonly consistency: readonly { readonly size: number; readonly path: readonly string[] }[];
  readonly records: readonly ExportedRecord[];
}

/** More is a copy of the log. */
export const mostExported = 100_000;
const mostConsistency = 5000;

interface Found {
  readonly records: { readonly record: ReadRecord; readonly bytes: Uint8Array }[];
  readonly epochs: { readonly bytes: Uint8Array; closing: EpochClosing | null }[];
}

export interface ExportQuestion {
  readonly selection: ExportSelection;
  /** What may stand in a record for its patient; null where nobody is asked for. */
  readonly patients: readonly string[] | null;
  /** Only records of these numbers, and the outcomes of these attempts; all where it is left out. */
  readonly wanted?: ReadonlySet<number>;
  /** Checkpoint files that it must lead from. */
  readonly kept: readonly string[];
  readonly made: string;
}

/** Rejects with a sentence where it cannot be made, and with system errors. */
export async function exportRecords(
  directories: readonly string[],
  publicKey: KeyObject,
  question: ExportQuestion,
): Promise<AuditExport> {
  const { selection, kept, made } = question;
  const [primary = ''] = directories;
  const tree = treeDirectory(primary);
  const note = contentOf(join(tree, 'checkpoint'))?.toString('utf8');
  if (note === undefined)
    throw new Error(`There is no checkpoint in "${tree}"; the running gateway writes one within ten seconds`);
  const origin = originOf(publicKey);
  const checkpoint = openCheckpoint(note, origin, knownKeys(primary, publicKey));
  if (typeof checkpoint === 'string') throw new Error(`The checkpoint in "${tree}" does not hold: ${checkpoint}`);
  const read = nodesIn(tree, checkpoint.size);
  const found = await collect(directories, checkpoint.size, question);
  return {
    format: 'wardgate-audit-export/1',
    made,
    selection,
    origin,
    foundingKey: rawKey(publicKey),
    epochs: found.epochs.flatMap(({ bytes, closing }) =>
      closing === null ? [] : [epochOf(bytes, closing, checkpoint.size, read)],
    ),
    checkpoint: note,
    consistency: earlier(tree, origin, kept, checkpoint).map((size) => ({
      size,
      path: encoded(consistencyPath(sha256, size, checkpoint.size, read)),
    })),
    records: found.records.map(({ record, bytes }) => provedRecord(record.sequence, bytes, checkpoint, read)),
  };
}

async function collect(
  directories: readonly string[],
  size: number,
  { selection, patients, wanted }: ExportQuestion,
): Promise<Found> {
  const found: Found = { records: [], epochs: [] };
  const requests = new Set<unknown>();
  for await (const { record, line } of new AuditFollower(directories, 0).read(size)) {
    const { event, detail } = record;
    if (event === 'epoch' && found.epochs.at(-1)?.closing !== null) found.epochs.push({ bytes: line.bytes, closing: null });
    const open = found.epochs.at(-1);
    if (event === 'epoch-closed' && open?.closing === null) open.closing = readEpochClosing(detail ?? '');
    if (!isSelected(record, selection, patients) || !isWanted(record, wanted, requests)) continue;
    if (found.records.length >= mostExported)
      throw new Error(`More than ${mostExported} records are asked for; narrow the time, or hand over the log itself`);
    found.records.push({ record, bytes: line.bytes });
  }
  return found;
}

/** With an attempt goes its outcome: the two are one request. */
function isWanted(
  { sequence, event, fields }: ReadRecord,
  wanted: ReadonlySet<number> | undefined,
  requests: Set<unknown>,
): boolean {
  const { request } = fields;
  if (wanted?.has(sequence) === true && event === 'attempt' && request !== undefined) requests.add(request);
  return wanted === undefined || wanted.has(sequence) || (event === 'outcome' && requests.delete(request));
}

function isSelected({ fields }: ReadRecord, { from, to, person }: ExportSelection, patients: readonly string[] | null): boolean {
  const time = String(fields['time']);
  if ((from !== null && time < from) || (to !== null && time >= to)) return false;
  if (patients !== null && !patients.includes(String(fields['patient']))) return false;
  const { name, sub, machine } = Object(fields['subject']) as Record<string, unknown>;
  return person === null || [name, sub, machine].includes(person);
}

function epochOf(bytes: Uint8Array, closing: EpochClosing, size: number, read: ReadNode): ExportedEpoch {
  return {
    line: text(bytes),
    path: encoded(inclusionPath(sha256, closing.size - 1, closing.size, read)),
    closing,
    consistency: encoded(consistencyPath(sha256, closing.size, size, read)),
  };
}

function provedRecord(sequence: number, bytes: Uint8Array, { size, root }: NotedCheckpoint, read: ReadNode): ExportedRecord {
  const path = inclusionPath(sha256, sequence - 1, size, read);
  const isSound = isIncluded(sha256, { leaf: leafHash(sha256, bytes), index: sequence - 1, size, root, path });
  if (!isSound) throw new Error(`Record ${sequence} cannot be proved; run "wardgate audit verify"`);
  return { line: text(bytes), path: encoded(path) };
}

/** Sizes of the checkpoints of each day and of those that were named, below the one that is exported. */
function earlier(tree: string, origin: string, kept: readonly string[], { size }: NotedCheckpoint): number[] {
  const days = join(tree, 'checkpoints');
  const daily = existsSync(days) ? readdirSync(days).map((name) => join(days, name)) : [];
  const sizes = [...daily, ...kept].flatMap((file) => {
    const read = keptCheckpoints(readFileSync(file, 'utf8'), origin);
    if (typeof read === 'string') throw new Error(`"${file}" cannot be led from: ${read}`);
    return read.map((one) => one.size);
  });
  const below = new Set(sizes.filter((one) => one > 0 && one < size));
  return [...below].sort((one, other) => one - other).slice(-mostConsistency);
}

function encoded(hashes: readonly Uint8Array[]): string[] {
  return hashes.map((hash) => Buffer.from(hash).toString('base64'));
}

/** A line is UTF-8 that was made from text, so it comes back byte for byte. */
function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('utf8');
}
