// Reads the logs of an EHR, several files as one stream in the order of time, in constant memory. What cannot be read is
// counted and the first of it kept, never passed over.

import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { LineSplitter } from '../../adapters/audit-read-lines.ts';
import type { LogClock, LogFormat } from '../../core/audit/reconcile/ehr-request.ts';
import { guessFormat } from '../../core/audit/reconcile/guess-format.ts';
import { readLogLine } from '../../core/audit/reconcile/read-log-line.ts';
import type { LoggedRequest } from '../../core/audit/reconcile/reconciler.ts';
import { UsageError } from '../audit-arguments.ts';

const newline = Buffer.from('\n');
const guessedFrom = 20;
const mostUnreadableShown = 20;

/** What was read so far. */
export interface LogCounts {
  lines: number;
  requests: number;
  /** Lines that tell of no request. */
  others: number;
  unreadable: number;
  /** Where the first of them stand, and why; never what they say. */
  readonly unreadableAt: string[];
}

export function noCounts(): LogCounts {
  return { lines: 0, requests: 0, others: 0, unreadable: 0, unreadableAt: [] };
}

/** Throws UsageError where the first lines fit no format. */
export async function formatOf(file: string, clock: LogClock): Promise<LogFormat> {
  const first: string[] = [];
  for await (const { text } of linesOf(file)) if (first.push(text) === guessedFrom) break;
  const format = guessFormat(first, clock);
  // An empty log is one in any format.
  if (format === null && first.length > 0)
    throw new UsageError(`The format of "${file}" cannot be told from its first lines: name it with --format`);
  return format ?? 'common';
}

export interface EhrLogs {
  readonly files: readonly string[];
  readonly format: LogFormat;
  readonly clock: LogClock;
  readonly counts: LogCounts;
}

/** Each file must nearly be in the order of time; their own order does not matter. */
export async function* readEhrLogs({ files, ...rest }: EhrLogs): AsyncGenerator<LoggedRequest> {
  const streams = files.map((file) => requestsOf(file, rest));
  const heads = await Promise.all(streams.map(async (stream) => (await stream.next()).value ?? null));
  for (;;) {
    const next = heads.reduce<number>((best, head, at) => (isBefore(head, heads[best] ?? null) ? at : best), 0);
    const head = heads[next] ?? null;
    if (head === null) return;
    yield head;
    heads[next] = (await streams[next]?.next())?.value ?? null;
  }
}

function isBefore(one: LoggedRequest | null, other: LoggedRequest | null): boolean {
  return one !== null && (other === null || one.time < other.time);
}

async function* requestsOf(file: string, { format, clock, counts }: Omit<EhrLogs, 'files'>): AsyncGenerator<LoggedRequest, null> {
  for await (const { text, number } of linesOf(file)) {
    const read = readLogLine(text, format, clock);
    const where = `${file}:${number}`;
    counts.lines += 1;
    if (read.is === 'request') {
      counts.requests += 1;
      yield { ...read.request, where };
    } else if (read.is === 'unreadable') {
      counts.unreadable += 1;
      if (counts.unreadableAt.length < mostUnreadableShown) counts.unreadableAt.push(`${where}: ${read.why}`);
    } else counts.others += 1;
  }
  return null;
}

/** One character for one byte. A line beyond 128 KiB comes out empty, and the last one also without its newline. */
async function* linesOf(file: string): AsyncGenerator<{ readonly text: string; readonly number: number }> {
  const splitter = new LineSplitter(0);
  for await (const chunk of bytesOf(file)) yield* latin(splitter, chunk);
  if (splitter.waiting > 0) yield* latin(splitter, newline);
}

function* latin(splitter: LineSplitter, chunk: Buffer): Generator<{ readonly text: string; readonly number: number }> {
  for (const { bytes, number } of splitter.push(chunk)) yield { text: Buffer.from(bytes).toString('latin1'), number };
}

/** A log that was rotated away is often packed. */
async function* bytesOf(file: string): AsyncGenerator<Buffer> {
  const source = createReadStream(file);
  try {
    yield* (file.endsWith('.gz') ? unpacked(source) : source) as AsyncIterable<Buffer>;
  } finally {
    source.destroy();
  }
}

function unpacked(source: Readable): Readable {
  const gunzip = createGunzip();
  source.on('error', (cause) => gunzip.destroy(cause));
  return source.pipe(gunzip);
}
