// Records of one turn of the event loop, chained and turned into bytes, written together and confirmed together. It
// never touches a file.

import { hash } from 'node:crypto';
import { encodeRecord, sealRecord } from '../core/audit/encode-record.ts';
import type { AuditEntry } from '../core/audit/entry.ts';

/** The last record of something. */
export interface ChainEnd {
  readonly sequence: number;
  readonly hash: string;
}

export interface Batch {
  readonly bytes: Buffer;
  readonly firstSequence: number;
  readonly records: number;
  readonly end: ChainEnd;
  readonly durable: Promise<void>;
  readonly resolve: () => void;
  readonly reject: (cause: Error) => void;
}

const newline = 0x0a;
/** From the end of a line with its newline back to the first digit of its hash: `<64 hex>"}\n`. */
const hashFromEnd = 67;

/** Chains the entries behind `from`. */
export function makeBatch(entries: readonly AuditEntry[], from: ChainEnd, boot: string, monotonic: number): Batch {
  let text = '';
  let { sequence, hash: previousHash } = from;
  for (const entry of entries) {
    sequence += 1;
    const encoded = encodeRecord(entry, { sequence, previousHash, boot, monotonic });
    previousHash = hash('sha256', encoded, 'hex');
    text += `${sealRecord(encoded, previousHash)}\n`;
  }
  return wrap(Buffer.from(text), from.sequence + 1, { sequence, hash: previousHash });
}

/** Records that stand on the disk already, as one batch. `bytes` are their whole lines. */
export function repeatBatch(bytes: Buffer, firstSequence: number, end: ChainEnd): Batch {
  return wrap(bytes, firstSequence, end);
}

/** The whole records among the first `written` bytes, or null when there is none. */
export function cutBatch(batch: Batch, written: number): Batch | null {
  const lastNewline = batch.bytes.subarray(0, written).lastIndexOf(newline);
  if (lastNewline === -1) return null;
  const bytes = batch.bytes.subarray(0, lastNewline + 1);
  let records = 0;
  for (let at = bytes.indexOf(newline); at !== -1; at = bytes.indexOf(newline, at + 1)) records += 1;
  const start = bytes.length - hashFromEnd;
  const end = { sequence: batch.firstSequence + records - 1, hash: bytes.toString('latin1', start, start + 64) };
  return wrap(bytes, batch.firstSequence, end);
}

function wrap(bytes: Buffer, firstSequence: number, end: ChainEnd): Batch {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  // Nobody has to wait for an outcome record to be durable; its failure is told by the operations log.
  promise.catch(() => {});
  return { bytes, firstSequence, records: end.sequence - firstSequence + 1, end, durable: promise, resolve, reject };
}
