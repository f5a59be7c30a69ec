// Hands the signing key over once a day (UTC, as the files of the log): the next key is named in an `epoch` record, the old one
// signs the tree that ends with it, an `epoch-closed` record keeps that signature, and only when that is on the disk the old
// private key is destroyed. It may be killed at any moment; what the files and the log hold tells where to go on.

import { existsSync, readdirSync } from 'node:fs';
import { readEpochClosing, readEpochNote, writeEpochClosing, writeEpochNote } from '../core/audit/epoch-note.ts';
import type { EpochNote, EpochReason } from '../core/audit/epoch-note.ts';
import { readRecord } from '../core/audit/read-record.ts';
import type { ReadRecord } from '../core/audit/read-record.ts';
import { readSegmentFile, readSegmentName } from '../core/audit/segment-name.ts';
import type { Line } from '../core/audit/verify-chain.ts';
import { signTree } from './audit-checkpoint.ts';
import { foundingKey, keyFromRaw, rawKey, readEpochs, writeEpochs } from './audit-epochs.ts';
import type { KeptEpoch } from './audit-epochs.ts';
import { recordsLeft } from './audit-records-left.ts';
import { AuditFollower } from './audit-follow.ts';
import { destroySpentKey, makeNextKey, readKey, readNextKey, replaceKey } from './audit-key-files.ts';
import type { SigningKey } from './audit-signing.ts';
import type { TreeGrowth } from './audit-tree-growth.ts';

/** What the gateway's side does for the thread: it alone writes records and heads. */
export interface EpochLog {
  /** Resolves once the record is on the disk. */
  append(event: 'epoch' | 'epoch-closed', detail: string): Promise<void>;
  /** The head is signed with the next key from here on, and the one on the disk is. */
  signWithNext(): Promise<void>;
}

export interface EpochPlace {
  readonly directories: readonly string[];
  readonly signingKeyFile: string;
}

interface Handover {
  readonly next: SigningKey;
  /** The `epoch` record, once it was met in the log, and the tree's root with it as the last. */
  after: number | null;
  root: Uint8Array | null;
  closed: boolean;
}

const dayMilliseconds = 86_400_000;

export class EpochKeeper {
  readonly #place: EpochPlace;
  readonly #epochs: readonly KeptEpoch[];
  readonly #key: SigningKey;
  #handover: Handover | null;

  private constructor(place: EpochPlace, epochs: readonly KeptEpoch[], key: SigningKey, handover: Handover | null) {
    this.#place = place;
    this.#epochs = epochs;
    this.#key = key;
    this.#handover = handover;
  }

  /** Finds out where the keys of this log stand, and ends what a crash left of an old one. `durable`: the last record on the disk. */
  static async open(place: EpochPlace, durable: number): Promise<EpochKeeper> {
    const { directories, signingKeyFile } = place;
    const [primary = ''] = directories;
    destroySpentKey(signingKeyFile);
    const key = readKey(signingKeyFile);
    const raw = rawKey(key.publicKey);
    let epochs: readonly KeptEpoch[] = readEpochs(primary);
    if (!epochs.some((epoch) => epoch.key === raw)) epochs = await epochsOf(place, raw, durable);
    const current = epochs.findIndex((epoch) => epoch.key === raw);
    const known = epochs.slice(0, current + 1);
    const next = readNextKey(signingKeyFile);
    const handover = next === null ? null : await handoverIn(place, next, known.at(-1)?.after ?? 0, durable);
    return new EpochKeeper(place, known, key, handover);
  }

  /** The key for a tree of that many records. */
  keyFor(size: number): SigningKey {
    const after = this.#handover?.after ?? null;
    return after !== null && size > after && this.#handover !== null ? this.#handover.next : this.#key;
  }

  /** Keys that may have signed the last checkpoint. */
  get publicKeys() {
    return [this.#key, ...(this.#handover === null ? [] : [this.#handover.next])].map(({ publicKey }) => publicKey);
  }

  /** Is told each record that the tree has grown by. */
  saw({ text }: Line, growth: TreeGrowth): void {
    if (this.#handover === null) return;
    const record = readRecord(text);
    if (record === null) return;
    meet(this.#handover, record);
    if (record.sequence === this.#handover.after) this.#handover.root = growth.root;
  }

  /**
   * One step on, where there is one; the tree must stand at all that is durable. True where the key has changed: then begin
   * anew with what is on the disk. Rejects where the log cannot be written.
   */
  async step(now: number, growth: TreeGrowth, log: EpochLog): Promise<boolean> {
    const today = new Date(now).toISOString().slice(0, 10);
    const current = this.#epochs.at(-1);
    if (current === undefined) return false;
    if (this.#handover === null) {
      if (growth.size === 0 || !isDue(current.day, today)) return false;
      this.#handover = { next: makeNextKey(this.#place.signingKeyFile), after: null, root: null, closed: false };
    }
    const { next, after, root, closed } = this.#handover;
    if (after === null) await log.append('epoch', writeEpochNote(this.#noteFor(current, next, today)));
    else if (!closed)
      await log.append('epoch-closed', this.#closing(current, after, root ?? growth.rootAt(after), growth.origin));
    else await this.#finish(current, next, after, log);
    return closed;
  }

  #noteFor(current: KeptEpoch, next: SigningKey, day: string): EpochNote {
    const begins = { number: current.number + 1, day, key: rawKey(next.publicKey) };
    const reason = reasonFor(daysBetween(current.day, day));
    return { ends: { number: current.number, day: current.day, key: current.key }, begins, reason };
  }

  #closing({ number }: KeptEpoch, size: number, root: Uint8Array, origin: string): string {
    const signature = signTree(origin, this.#key, { size, root });
    return writeEpochClosing({ number, size, root: Buffer.from(root).toString('base64'), signature });
  }

  async #finish(current: KeptEpoch, next: SigningKey, after: number, log: EpochLog): Promise<void> {
    const [primary = ''] = this.#place.directories;
    const begun = { number: current.number + 1, day: await this.#dayOf(after), after, key: rawKey(next.publicKey) };
    // First both keys are known, then the head is signed with the new one, then the old one goes: a start finds its head's key at every moment.
    writeEpochs(primary, [...this.#epochs, begun]);
    await log.signWithNext();
    replaceKey(this.#place.signingKeyFile);
  }

  /** As its record says, which a restart in between must not change. */
  async #dayOf(after: number): Promise<string> {
    for await (const { record } of new AuditFollower(this.#place.directories, after - 1).read(after)) {
      return readEpochNote(record.detail ?? '')?.begins.day ?? '';
    }
    throw new Error(`record ${after}, which names the next key, is not in the log`);
  }
}

/** A clock that is set right around midnight makes no epoch. One that was far ahead must not keep a key for all that time. */
function isDue(current: string, today: string): boolean {
  const days = daysBetween(current, today);
  return days > 0 || days < -1;
}

function reasonFor(days: number): EpochReason {
  if (days < 0) return 'the clock was set back';
  return days === 1 ? 'the day changed' : 'days passed in which the gateway did not run';
}

function daysBetween(before: string, after: string): number {
  return Math.round((Date.parse(after) - Date.parse(before)) / dayMilliseconds);
}

function meet(handover: Handover, { sequence, event, detail }: Pick<ReadRecord, 'sequence' | 'event' | 'detail'>): void {
  if (event === 'epoch' && handover.after === null) {
    if (readEpochNote(detail ?? '')?.begins.key === rawKey(handover.next.publicKey)) handover.after = sequence;
  }
  if (event === 'epoch-closed' && handover.after !== null) {
    if (readEpochClosing(detail ?? '')?.size === handover.after) handover.closed = true;
  }
}

async function handoverIn({ directories }: EpochPlace, next: SigningKey, from: number, durable: number): Promise<Handover> {
  const handover: Handover = { next, after: null, root: null, closed: false };
  for await (const { record } of new AuditFollower(directories, from).read(durable)) meet(handover, record);
  return handover;
}

/** From the log itself, where `epochs.txt` does not tell: the one epoch of a log that never had another, or all that were named. */
async function epochsOf({ directories }: EpochPlace, current: string, durable: number): Promise<KeptEpoch[]> {
  const [primary = ''] = directories;
  const days = directories.flatMap((directory) => daysIn(directory)).sort();
  const founding = rawKey(foundingKey(primary, keyFromRaw(current)));
  const first: KeptEpoch = { number: 1, day: days[0] ?? '', after: 0, key: founding };
  if (founding === current) return [first];
  const epochs = [first];
  for await (const record of recordsLeft(directories, durable)) {
    const note = record.event === 'epoch' ? readEpochNote(record.detail ?? '') : null;
    if (note !== null && note.begins.key !== epochs.at(-1)?.key) epochs.push({ ...note.begins, after: record.sequence });
  }
  if (!epochs.some(({ key }) => key === current)) throw new Error('the signing key is not one that this log names');
  writeEpochs(primary, epochs);
  return epochs;
}

/** A fallback that was never used may be absent. */
function daysIn(directory: string): string[] {
  if (!existsSync(directory)) return [];
  return readdirSync(directory).flatMap((name) => readSegmentName(readSegmentFile(name)?.name ?? '')?.date ?? []);
}
