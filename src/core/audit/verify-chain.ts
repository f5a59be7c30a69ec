// Judges a log line by line: a fold whose state is a `Chain`. It is handed the lines, the hash function and what the
// signed heads claim; it never opens a file. The first thing that is wrong ends it, with the place and what is wrong.
// How a file that was abandoned after a disk error is read is told in docs/audit-format.md, "After trouble".

import type { Head } from './encode-head.ts';
import { noRecord } from './encode-record.ts';
import { readOutageNote } from './outage-note.ts';
import { readRecord, sealBytes } from './read-record.ts';
import type { ReadRecord } from './read-record.ts';
import { readRestoreNote } from './restore-note.ts';

/** One line of a segment. `text` is the decoding of `bytes`, both without the newline. */
export interface Line {
  readonly bytes: Uint8Array;
  readonly text: string;
  /** Counted from 1 within the segment. */
  readonly number: number;
  /** Offset in the segment right behind the line's newline. */
  readonly end: number;
}

/** SHA-256 in lower-case hex. */
export type HashFunction = (bytes: Uint8Array) => string;

export interface Segment {
  readonly name: string;
  /** The lowest sequence with which a later segment begins; Infinity where none does. From there on, that one counts. */
  readonly takenOverFrom: number;
}

/** The first thing that is wrong. `line` and `sequence` are null where there is none to name. */
export interface Flaw {
  readonly file: string;
  readonly line: number | null;
  readonly sequence: number | null;
  readonly what: string;
}

/** A place where the log does not go on unbroken: it was restored from a backup, and what came after that one is unknown. */
export interface Restoration {
  /** Of the record that says so. */
  readonly sequence: number;
  /** When it was restored and when the backup was made, ISO 8601, UTC. */
  readonly time: string;
  readonly backup: string;
  readonly by: string;
}

/** How far the log has been judged, all of it sound. */
export interface Chain {
  readonly sequence: number;
  readonly hash: string;
  readonly segment: Segment;
  /** Records counted once each. */
  readonly records: number;
  /** Records that stand a second time after trouble, and lines of an abandoned tail that cannot be read. */
  readonly repeated: number;
  readonly unreadable: number;
  readonly claims: readonly Head[];
  /** Sequence to hash of the lines in an abandoned tail that a later segment must repeat. Added to in place: a chain is folded once. */
  readonly abandoned: Map<number, string>;
  /** Last sequence before an abandoned tail for which no `audit-outage` record has been met yet. */
  readonly unexplainedAfter: number | null;
  /** Oldest first, the last hundred. */
  readonly restorations: readonly Restoration[];
}

export type Judged = { readonly sound: true; readonly chain: Chain } | { readonly sound: false; readonly flaw: Flaw };

/** The log never leaves more records unconfirmed than this, so a longer abandoned tail is not one. */
export const mostAbandonedRecords = 16_384;

const mostRestorations = 100;

/** A chain that begins behind the given record, or at the very beginning. */
export function beginChain(
  claims: readonly Head[],
  from: { sequence: number; hash: string } = { sequence: 0, hash: noRecord },
): Chain {
  return {
    ...from,
    segment: { name: '', takenOverFrom: Infinity },
    records: 0,
    repeated: 0,
    unreadable: 0,
    claims: claims.filter((claim) => claim.sequence > from.sequence),
    abandoned: new Map(),
    unexplainedAfter: null,
    restorations: [],
  };
}

/** Goes on to the next segment. */
export function enterSegment(chain: Chain, segment: Segment): Judged {
  const flaw = unexplained(chain);
  return flaw === null ? { sound: true, chain: { ...chain, segment } } : { sound: false, flaw };
}

/** Judges the next line. A fragment without its newline must not be passed while more segments follow, except as empty text. */
export function judgeLine(chain: Chain, line: Line, hash: HashFunction): Judged {
  const record = readRecord(line.text);
  const isBroken = record === null || hash(line.bytes.subarray(0, line.bytes.length - sealBytes)) !== record.hash;
  if (chain.sequence + 1 >= chain.segment.takenOverFrom) return setAside(chain, line, isBroken ? null : record);
  if (record === null) return wrong(chain, line, null, 'the line is not a record');
  if (isBroken) return wrong(chain, line, record.sequence, 'the record was changed: its bytes do not give its hash');
  if (record.sequence !== chain.sequence + 1) return wrong(chain, line, record.sequence, misplaced(chain, record));
  if (record.previousHash !== chain.hash) {
    return wrong(chain, line, record.sequence, 'it does not follow the record before it, one of the two was changed or replaced');
  }
  return accept(chain, line, record);
}

/** What is wrong at the end of the log: less than the signed head promises, or repeats that nothing explains. */
export function finishChain(chain: Chain): Flaw | null {
  const missing = chain.claims.find((claim) => claim.sequence > chain.sequence);
  if (missing !== undefined) {
    const next = chain.sequence + 1;
    const lost = next === missing.sequence ? `record ${next} is missing` : `records ${next} to ${missing.sequence} are missing`;
    return { file: missing.file, line: null, sequence: next, what: `${lost}: the log ends before its signed head` };
  }
  const isBeforeHead = chain.claims.some((claim) => claim.sequence > (chain.unexplainedAfter ?? Infinity));
  return isBeforeHead ? unexplained(chain) : null;
}

function accept(chain: Chain, line: Line, record: ReadRecord): Judged {
  const earlier = chain.abandoned.get(record.sequence);
  if (earlier !== undefined && earlier !== record.hash) {
    return wrong(chain, line, record.sequence, 'it differs from the same record in the abandoned file');
  }
  const claim = chain.claims.find((one) => one.sequence === record.sequence);
  if (claim !== undefined && (claim.hash !== record.hash || claim.file !== chain.segment.name || claim.size !== line.end)) {
    return wrong(
      chain,
      line,
      record.sequence,
      `it is not the record that the signed head names (${claim.file}, byte ${claim.size})`,
    );
  }
  const restored = restorationIn(record);
  if (restored === 'unfit')
    return wrong(chain, line, record.sequence, 'it tells of a restoration, and not from the record before it');
  const next: Chain = {
    ...chain,
    restorations: restored === null ? chain.restorations : [...chain.restorations, restored].slice(-mostRestorations),
    sequence: record.sequence,
    hash: record.hash,
    records: chain.records + 1,
    repeated: chain.repeated + (earlier === undefined ? 0 : 1),
  };
  return { sound: true, chain: explains(next, record) ? { ...next, abandoned: new Map(), unexplainedAfter: null } : next };
}

/** What a `restored` record tells, where it follows the very record with which it says the backup ended. Null for any other. */
function restorationIn({ event, detail, sequence, previousHash, fields }: ReadRecord): Restoration | 'unfit' | null {
  if (event !== 'restored') return null;
  const note = readRestoreNote(detail ?? '');
  if (note === null || note.sequence !== sequence - 1 || note.hash !== previousHash) return 'unfit';
  return { sequence, time: String(fields['time']), backup: note.backup, by: note.by };
}

/** A line that a later segment takes over: it must be one that is repeated there, or unreadable. */
function setAside(chain: Chain, line: Line, record: ReadRecord | null): Judged {
  const unexplainedAfter = chain.unexplainedAfter ?? chain.sequence;
  if (record === null) return { sound: true, chain: { ...chain, unexplainedAfter, unreadable: chain.unreadable + 1 } };
  const { sequence, hash } = record;
  if (sequence <= chain.sequence) return wrong(chain, line, sequence, misplaced(chain, record));
  const known = chain.abandoned.get(sequence);
  if (known !== undefined && known !== hash) return wrong(chain, line, sequence, 'it differs from the same record before it');
  if (chain.abandoned.size >= mostAbandonedRecords) {
    return wrong(chain, line, sequence, `more than ${mostAbandonedRecords} records are repeated in a later file`);
  }
  chain.abandoned.set(sequence, hash);
  return { sound: true, chain: { ...chain, unexplainedAfter } };
}

/** Whether the record is the one that accounts for the abandoned tail, and every readable line of that tail was repeated. */
function explains(chain: Chain, record: ReadRecord): boolean {
  if (chain.unexplainedAfter === null || record.event !== 'audit-outage' || record.detail === null) return false;
  const note = readOutageNote(record.detail);
  if (note === null || note.after !== chain.unexplainedAfter || note.after + note.repeated + 1 !== record.sequence) return false;
  return ![...chain.abandoned.keys()].some((sequence) => sequence > record.sequence);
}

/** Records stand again behind an abandoned tail, and nothing has accounted for it so far. */
function unexplained(chain: Chain): Flaw | null {
  const { unexplainedAfter: after, sequence, segment } = chain;
  if (after === null || sequence <= after) return null;
  const what = `records from ${after + 1} on stand twice, and no audit-outage record accounts for it`;
  return { file: segment.name, line: null, sequence: after + 1, what };
}

function misplaced(chain: Chain, record: ReadRecord): string {
  const next = chain.sequence + 1;
  if (record.sequence < next) return `the record is repeated or out of order, number ${next} belongs here`;
  return record.sequence === next + 1
    ? `record ${next} is missing before it`
    : `records ${next} to ${record.sequence - 1} are missing before it`;
}

function wrong(chain: Chain, line: Line, sequence: number | null, what: string): Judged {
  return { sound: false, flaw: { file: chain.segment.name, line: line.number, sequence, what } };
}
