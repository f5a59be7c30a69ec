// Holds a log whose chain is sound against every checkpoint of it that somebody kept. That finds what a chain and its signed
// head cannot show: a log written anew with the gateway's own keys. One pass, in constant memory; it changes nothing.

import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beginEpochs, epochOf, judgeEpochs } from '../core/audit/epoch-chain.ts';
import type { EpochChain, EpochProofs } from '../core/audit/epoch-chain.ts';
import { beginSilence, judgeSilence } from '../core/audit/judge-silence.ts';
import type { SilenceFold } from '../core/audit/judge-silence.ts';
import { beginPruning, finishPruning, judgePruning } from '../core/audit/judge-pruning.ts';
import type { PruningFold } from '../core/audit/judge-pruning.ts';
import { readRecord } from '../core/audit/read-record.ts';
import type { ReadRecord } from '../core/audit/read-record.ts';
import { segmentEndings } from '../core/audit/segment-name.ts';
import type { Flaw, Line } from '../core/audit/verify-chain.ts';
import { emptyFrontier, grow, rootOf } from '../core/tree/frontier.ts';
import type { Frontier } from '../core/tree/frontier.ts';
import { leafHash, sameHash } from '../core/tree/node-hash.ts';
import { tilePartOf } from '../core/tree/tiles.ts';
import { anchoredIn } from './audit-anchor.ts';
import { isTreeSigned } from './audit-checkpoint.ts';
import type { NotedCheckpoint } from './audit-checkpoint.ts';
import { keyFromRaw } from './audit-epochs.ts';
import { AuditFollower } from './audit-follow.ts';
import type { FollowedRecord } from './audit-follow.ts';
import { GoneFiles } from './audit-gone.ts';
import { keptCheckpoints } from './audit-kept.ts';
import { keptLines, leavesBehind } from './audit-pruned-file.ts';
import type { PrunedFile } from './audit-pruned-file.ts';
import { readTile, sha256, treeDirectory } from './audit-tree-files.ts';

/** Checkpoints somebody kept: files, and directories that the gateway anchors to. */
export interface KeptCheckpoints {
  readonly from: readonly string[];
  readonly anchors: readonly string[];
}

export interface Claim extends NotedCheckpoint {
  readonly file: string;
}

export interface TreeVerification {
  readonly flaw: Flaw | null;
  /** Checkpoints that fit. */
  readonly checkpoints: number;
  readonly epochs: EpochChain;
  readonly silence: SilenceFold;
  readonly pruning: PruningFold;
}

/** Where a record stands, or stood. */
interface PlacedRecord {
  readonly sequence: number;
  readonly line: number | null;
  readonly file: string;
}

/** All checkpoints there are, smallest first, or what is wrong with one. Read them before the log, which may be growing. */
export function readClaims(directories: readonly string[], origin: string, kept: KeptCheckpoints): readonly Claim[] | Flaw {
  const files = [...ownCheckpoints(treeDirectory(directories[0] ?? '')), ...kept.from];
  for (const anchor of kept.anchors) {
    const found = anchoredIn(anchor, origin);
    if (found.length === 0) return flawOf(anchor, `there is no checkpoint of the log "${origin}" in this place`);
    files.push(...found);
  }
  const claims: Claim[] = [];
  for (const file of files) {
    const read = keptCheckpoints(readFileSync(file, 'utf8'), origin);
    if (typeof read === 'string') return flawOf(file, read);
    claims.push(...read.map((one) => ({ ...one, file })));
  }
  return claims.sort((one, other) => one.size - other.size);
}

/** Rejects with system errors, and where the chain is not sound. */
export async function verifyTree(
  directories: readonly string[],
  origin: string,
  foundingKey: string,
  claims: readonly Claim[],
  pruned: readonly PrunedFile[],
): Promise<TreeVerification> {
  const pass = new TreePass(treeDirectory(directories[0] ?? ''), origin, foundingKey, claims);
  for (const file of pruned) if (!pass.isOver) await pass.takePruned(file);
  for await (const record of new AuditFollower(directories, 0).read(Infinity)) {
    if (pass.isOver) break;
    pass.add(record);
  }
  return pass.end();
}

class TreePass {
  readonly #directory: string;
  readonly #claims: readonly Claim[];
  /** How far the tiles go. */
  readonly #tiled: number;
  #own: Frontier = emptyFrontier;
  /** The tree as the tiles have it, from the first hash on that differs. */
  #tiles: Frontier | null = null;
  #differs: PlacedRecord | null = null;
  #fits = 0;
  #flaw: Flaw | null = null;
  #kept: { readonly index: number; readonly hashes: readonly Uint8Array[] } | null = null;
  #silence = beginSilence;
  /** The last restoration from a backup. */
  #restored = Infinity;
  #epochs: EpochChain;
  readonly #gone = new GoneFiles();
  #pruning = beginPruning;
  readonly #proofs: EpochProofs;

  constructor(directory: string, origin: string, foundingKey: string, claims: readonly Claim[]) {
    this.#directory = directory;
    this.#epochs = beginEpochs(foundingKey);
    this.#proofs = {
      root: () => Buffer.from(rootOf(sha256, this.#own)).toString('base64'),
      isSigned: (key, { size, root, signature }) =>
        isTreeSigned(origin, keyFromRaw(key), { size, root: Buffer.from(root, 'base64') }, Buffer.from(signature, 'base64')),
    };
    this.#claims = claims;
    this.#tiled = Math.max(0, ...claims.filter(({ file }) => file === join(directory, 'checkpoint')).map(({ size }) => size));
    this.#compare();
  }

  get isOver(): boolean {
    return this.#flaw !== null;
  }

  add(found: FollowedRecord): void {
    const { line, file, record } = found;
    this.#grow(leafHash(sha256, line.bytes), { sequence: found.sequence, line: line.number, file });
    const time = String(record.fields['time']);
    const { sequence, event } = record;
    const [boot, monotonic] = [String(record.fields['boot']), Number(record.fields['monotonic'])];
    this.#silence = judgeSilence(this.#silence, { sequence, event, boot, monotonic, time });
    this.#judge(record, file, line.number);
    if (this.#flaw === null) this.#compare();
  }

  /** A file whose records are gone: their hashes as they are left, and the lines that are kept among them. */
  async takePruned({ directory, name, header }: PrunedFile): Promise<void> {
    const file = name + segmentEndings.pruned;
    const kept = createHash('sha256');
    const lines = new Map<number, Line>();
    for await (const { line } of keptLines([{ directory, name, header }])) {
      kept.update(line.bytes).update('\n');
      const record = readRecord(line.text);
      if (record !== null) lines.set(record.sequence, line);
    }
    for await (const leaf of leavesBehind([{ directory, name, header }], header.first - 1)) {
      const sequence = this.#own.size + 1;
      const line = lines.get(sequence) ?? null;
      this.#grow(leaf, { sequence, line: line?.number ?? null, file });
      if (line !== null) this.#takeKept(line, leaf, file);
      if (this.#flaw === null) this.#compare();
      if (this.#flaw !== null) return;
    }
    const root = this.#proofs.root();
    this.#gone.add({ ...header, root, kept: kept.digest() });
    if (root === header.root) return;
    this.#flaw = {
      file,
      line: null,
      sequence: header.first,
      what: 'the hashes that are left of its records are not those of the tree',
    };
  }

  #takeKept(line: Line, leaf: Uint8Array, file: string): void {
    const record = readRecord(line.text);
    if (record !== null && sameHash(leaf, leafHash(sha256, line.bytes))) return this.#judge(record, file, line.number);
    this.#flaw = { file, line: line.number, sequence: null, what: 'the line is not the one that stood in the log' };
  }

  #grow(leaf: Uint8Array, record: PlacedRecord): void {
    const tiled = this.#tileLeaf(this.#own.size) ?? leaf;
    if (this.#tiles !== null) this.#tiles = grow(sha256, this.#tiles, tiled);
    else if (!sameHash(leaf, tiled)) {
      this.#differs = record;
      this.#tiles = grow(sha256, this.#own, tiled);
    }
    this.#own = grow(sha256, this.#own, leaf);
  }

  end(): TreeVerification {
    const flaw = this.#flaw ?? this.#missing() ?? this.#changedTile() ?? this.#unaccounted();
    return { flaw, checkpoints: this.#fits, epochs: this.#epochs, silence: this.#silence, pruning: this.#pruning };
  }

  #judge({ sequence, event, detail, fields }: ReadRecord, file: string, line: number): void {
    const record = { sequence, event, detail, time: String(fields['time']) };
    if (event === 'restored') this.#restored = sequence;
    const epochs = judgeEpochs(this.#epochs, record, this.#proofs);
    if (epochs.sound) this.#epochs = epochs.chain;
    const pruning = judgePruning(this.#pruning, record, {
      gone: this.#gone.end,
      range: this.#gone.range,
      epochs: this.#epochs,
    });
    if (pruning.sound) this.#pruning = pruning.fold;
    const what = epochs.sound ? (pruning.sound ? null : pruning.what) : epochs.what;
    if (what !== null) this.#flaw = { file, line, sequence, what };
  }

  #compare(): void {
    for (let next = this.#claims[this.#fits]; next?.size === this.#own.size; next = this.#claims[this.#fits]) {
      const { number, key } = epochOf(this.#epochs, next.size);
      if (!next.isSignedBy(keyFromRaw(key))) {
        this.#flaw = flawOf(next.file, `it is not signed by the key of this log${number === 1 ? '' : ` in epoch ${number}`}`);
        return;
      }
      if (!sameHash(rootOf(sha256, this.#own), next.root)) {
        this.#flaw = this.#changed(next);
        return;
      }
      this.#fits += 1;
    }
  }

  /** Tiles that give the checkpoint's own root are what the log was; then the first difference is the first bad record. */
  #changed({ file, root, size }: Claim): Flaw {
    const tiles = this.#tiles;
    if (this.#differs !== null && tiles !== null && sameHash(rootOf(sha256, tiles), root)) {
      const what = `it is not the record that the checkpoint "${file}" covers, it was changed or replaced`;
      return { ...this.#differs, what };
    }
    // A forged checkpoint of the same size may have fitted before; only smaller ones say how far the log is right.
    const first = (this.#claims.slice(0, this.#fits).findLast((fit) => fit.size < size)?.size ?? 0) + 1;
    const which = first === size ? `record ${size} is not the one` : `records ${first} to ${size} are not all those`;
    return { file, line: null, sequence: first, what: `${which} that this checkpoint covers${this.#lost(size)}` };
  }

  #missing(): Flaw | null {
    const claim = this.#claims.find(({ size }) => size > this.#own.size);
    if (claim === undefined) return null;
    const next = this.#own.size + 1;
    const lost = next === claim.size ? `record ${next} is missing` : `records ${next} to ${claim.size} are missing`;
    return {
      file: claim.file,
      line: null,
      sequence: next,
      what: `${lost}: the log ends before this checkpoint${this.#lost(claim.size)}`,
    };
  }

  /** A checkpoint from the time between a backup and its restoration can never fit again. */
  #lost(size: number): string {
    if (size < this.#restored) return '';
    return `; record ${this.#restored} says that the log was restored from a backup, and what was recorded between the two is gone`;
  }

  #changedTile(): Flaw | null {
    if (this.#differs === null) return null;
    const { sequence } = this.#differs;
    const what = `the tree's hash of record ${sequence} was changed; the record is as every checkpoint has it`;
    return { file: this.#directory, line: null, sequence, what };
  }

  #unaccounted(): Flaw | null {
    const what = finishPruning(this.#pruning, this.#gone.end);
    return what === null ? null : { file: this.#directory, line: null, sequence: this.#pruning.told + 1, what };
  }

  #tileLeaf(index: number): Uint8Array | null {
    if (index >= this.#tiled) return null;
    const { tile, from } = tilePartOf(0, index, this.#tiled);
    // A running gateway replaces the last tile; one that is gone tells nothing, and the checkpoints still do.
    if (this.#kept?.index !== tile.index) this.#kept = { index: tile.index, hashes: readTile(this.#directory, tile) ?? [] };
    return this.#kept.hashes[from] ?? null;
  }
}

/** The last checkpoint and each day's. */
function ownCheckpoints(tree: string): string[] {
  const days = join(tree, 'checkpoints');
  const daily = existsSync(days) ? readdirSync(days).filter((name) => /^\d{4}-\d{2}-\d{2}\.txt$/.test(name)) : [];
  return [...daily.map((name) => join(days, name)), join(tree, 'checkpoint')].filter((path) => existsSync(path));
}

function flawOf(file: string, what: string): Flaw {
  return { file, line: null, sequence: null, what };
}
