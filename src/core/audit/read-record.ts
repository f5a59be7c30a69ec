// Reads one line of the log back. It believes nothing: a line is a record only if it has the shape the gateway writes.
// Whether its hash is right is for the verifier, which has the bytes.

/** What the chain needs of a record, and all its fields as they were written. */
export interface ReadRecord {
  readonly sequence: number;
  readonly previousHash: string;
  readonly hash: string;
  readonly event: string;
  readonly detail: string | null;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Bytes of `,"hash":"<64 hex>"}`, which the hash does not cover. */
export const sealBytes = 75;

/** Characters of `,"prev":"<64 hex>"` and the seal. */
const tailLength = 149;
const tail = /^,"prev":"([0-9a-f]{64})","hash":"([0-9a-f]{64})"\}$/;

/**
 * The record in a line without its newline, or null when it is none. The places of `seq`, `prev` and `hash` in the text are
 * checked too, so that a doubled key cannot say one thing to the verifier and another to a reader.
 */
export function readRecord(line: string): ReadRecord | null {
  const fields = parseObject(line);
  if (fields === null) return null;
  const { seq, prev, hash, event, detail } = fields;
  if (typeof seq !== 'number' || typeof prev !== 'string' || typeof hash !== 'string' || typeof event !== 'string') return null;
  if (!Number.isSafeInteger(seq) || !line.startsWith(`{"seq":${seq},`)) return null;
  const ends = tail.exec(line.slice(-tailLength));
  if (ends?.[1] !== prev || ends[2] !== hash) return null;
  return { sequence: seq, previousHash: prev, hash, event, detail: typeof detail === 'string' ? detail : null, fields };
}

function parseObject(line: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(line);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
