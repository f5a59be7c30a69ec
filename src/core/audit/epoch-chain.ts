// Follows the keys of a log from day to day: each is named in a record that the key before it signed, and that key's last
// signature is kept in the log. So who steals the key of today cannot write yesterday anew: yesterday's is gone. A fold over
// the records in order; it is handed roots and the check of a signature, and never computes one.

import type { EpochClosing, EpochNote } from './epoch-note.ts';
import { readEpochClosing, readEpochNote } from './epoch-note.ts';

export interface Epoch {
  readonly number: number;
  /** `YYYY-MM-DD`, UTC; null for the first until its end tells it. */
  readonly day: string | null;
  /** Raw public key, base64. */
  readonly key: string;
  /** The record that named it; the key signs trees of more records than that. 0 for the first. */
  readonly after: number;
  /** The record that closed the epoch before; null while that is outstanding, 0 for the first. */
  readonly vouchedAt: number | null;
}

export interface EpochChain {
  /** Oldest first, at least one. */
  readonly epochs: readonly Epoch[];
  /** While an epoch is ending: the root at its last record, base64. */
  readonly openRoot: string | null;
  /** The closing that was met last, to know it again where a crash had it written twice. */
  readonly lastClosing: string | null;
  /** In order, but worth knowing. */
  readonly findings: readonly string[];
}

export interface EpochRecord {
  readonly sequence: number;
  readonly event: string;
  readonly detail: string | null;
  /** ISO 8601, UTC. */
  readonly time: string;
}

export interface EpochProofs {
  /** The root over all records up to this one, base64. */
  readonly root: () => string;
  /** Whether the key signed a checkpoint of that many records with that root. */
  readonly isSigned: (key: string, closing: EpochClosing) => boolean;
}

export type EpochJudged = { readonly sound: true; readonly chain: EpochChain } | { readonly sound: false; readonly what: string };

const mostFindings = 100;

export function beginEpochs(foundingKey: string): EpochChain {
  const first: Epoch = { number: 1, day: null, key: foundingKey, after: 0, vouchedAt: 0 };
  return { epochs: [first], openRoot: null, lastClosing: null, findings: [] };
}

export function judgeEpochs(chain: EpochChain, record: EpochRecord, proofs: EpochProofs): EpochJudged {
  if (record.event === 'epoch') return judgeNext(chain, record, proofs);
  if (record.event === 'epoch-closed') return judgeClosing(chain, record, proofs);
  return { sound: true, chain };
}

/** The epoch whose key signs a tree of that many records. */
export function epochOf({ epochs }: EpochChain, size: number): Epoch {
  const found = epochs.findLast(({ after }) => after < size) ?? epochs[0];
  if (found === undefined) throw new Error('A chain of keys has at least its first');
  return found;
}

/** The keys that may have signed a head at that record: the one in force there, where the one before vouched for it by then, or the one before it. */
export function headKeys(chain: EpochChain, sequence: number): string[] {
  const { number, vouchedAt } = epochOf(chain, sequence);
  const known = chain.epochs.filter((epoch) => epoch.number === number || epoch.number === number - 1);
  return known.filter((epoch) => epoch.number !== number || (vouchedAt !== null && vouchedAt <= sequence)).map(({ key }) => key);
}

function judgeNext(chain: EpochChain, { sequence, detail, time }: EpochRecord, { root }: EpochProofs): EpochJudged {
  const note = readEpochNote(detail ?? '');
  if (note === null) return wrong('it tells of a new key, and not as the gateway does');
  const current = lastOf(chain);
  if (chain.openRoot !== null) {
    // A crash between a record and the word that it was written has the same record written once more.
    const isRepeat = note.begins.number === current.number && note.begins.key === current.key;
    if (isRepeat) return { sound: true, chain };
    return wrong(`the log is forked: another key follows epoch ${current.number - 1} already, named in record ${current.after}`);
  }
  const isNext = note.ends.number === current.number && note.begins.number === current.number + 1;
  if (!isNext) return wrong(`it begins epoch ${note.begins.number}, and the log stands at epoch ${current.number}`);
  if (note.ends.key !== current.key) return wrong(`it ends epoch ${current.number} with another key than that epoch has`);
  const ended: Epoch = { ...current, day: note.ends.day };
  const begun: Epoch = { ...note.begins, after: sequence, vouchedAt: null };
  const next = { ...chain, epochs: [...chain.epochs.slice(0, -1), ended, begun], openRoot: root() };
  return { sound: true, chain: withFindings(next, findingsIn(note, sequence, time)) };
}

function judgeClosing(chain: EpochChain, { sequence, detail }: EpochRecord, { isSigned }: EpochProofs): EpochJudged {
  const closing = readEpochClosing(detail ?? '');
  if (closing === null) return wrong('it closes an epoch, and not as the gateway does');
  const begun = lastOf(chain);
  if (chain.openRoot === null) {
    if (detail === chain.lastClosing) return { sound: true, chain };
    return wrong(`it closes epoch ${closing.number}, and no epoch is ending there`);
  }
  const ended = chain.epochs.at(-2);
  if (closing.number !== ended?.number || closing.size !== begun.after) {
    return wrong(
      `it closes epoch ${closing.number} at ${closing.size} records, and epoch ${ended?.number} ended at ${begun.after}`,
    );
  }
  if (!isSigned(ended.key, closing)) return wrong(`the end of epoch ${ended.number} is not signed by the key of that epoch`);
  if (closing.root !== chain.openRoot) {
    return wrong(
      `epoch ${ended.number} was closed over other records: records ${ended.after + 1} to ${begun.after} are not those that its key signed`,
    );
  }
  const vouched: Epoch = { ...begun, vouchedAt: sequence };
  return {
    sound: true,
    chain: { ...chain, epochs: [...chain.epochs.slice(0, -1), vouched], openRoot: null, lastClosing: detail },
  };
}

function findingsIn({ ends, begins }: EpochNote, sequence: number, time: string): string[] {
  const found: string[] = [];
  const named = `epoch ${begins.number} (record ${sequence})`;
  if (begins.day === ends.day) found.push(`Two epochs a day: ${named} is of ${begins.day}, as the one before it`);
  if (begins.day < ends.day) found.push(`The clock was set back: ${named} is of ${begins.day}, after one of ${ends.day}`);
  if (time.slice(0, 10) < begins.day)
    found.push(`The clock was set back: ${named} of ${begins.day} was recorded on a day before it`);
  return found;
}

function withFindings(chain: EpochChain, found: readonly string[]): EpochChain {
  return { ...chain, findings: [...chain.findings, ...found].slice(0, mostFindings) };
}

function lastOf({ epochs }: EpochChain): Epoch {
  const last = epochs.at(-1);
  if (last === undefined) throw new Error('A chain of keys has at least its first');
  return last;
}

function wrong(what: string): EpochJudged {
  return { sound: false, what };
}
