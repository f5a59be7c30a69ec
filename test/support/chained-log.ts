// Builds logs in memory as the gateway would write them, and judges them, so that tests can damage them in between.

import { createHash } from 'node:crypto';
import { auditEntry } from '../../src/core/audit/entry.ts';
import type { AuditEntry } from '../../src/core/audit/entry.ts';
import { encodeRecord, noRecord, sealRecord } from '../../src/core/audit/encode-record.ts';
import type { Head } from '../../src/core/audit/encode-head.ts';
import { writeOutageNote } from '../../src/core/audit/outage-note.ts';
import { readRecord } from '../../src/core/audit/read-record.ts';
import { beginChain, enterSegment, finishChain, judgeLine } from '../../src/core/audit/verify-chain.ts';
import type { Chain, Flaw, Judged } from '../../src/core/audit/verify-chain.ts';

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** One more line behind the given ones. */
export function nextLine(lines: readonly string[], entry: AuditEntry): string {
  const last = lines.length === 0 ? null : readRecord(lines.at(-1) ?? '');
  const place = { sequence: (last?.sequence ?? 0) + 1, previousHash: last?.hash ?? noRecord, boot: 'b', monotonic: 1 };
  const encoded = encodeRecord(entry, place);
  return sealRecord(encoded, sha256(Buffer.from(encoded)));
}

/** `count` chained lines, behind those given. */
export function chainedLines(count: number, behind: readonly string[] = []): string[] {
  const lines = [...behind];
  for (let index = 0; index < count; index += 1) {
    const entry = auditEntry('attempt', 1_700_000_000_000 + index, {
      patient: String(lines.length),
      target: `/chart?pid=${lines.length}`,
    });
    lines.push(nextLine(lines, entry));
  }
  return lines.slice(behind.length);
}

/** The record that accounts for an abandoned tail. */
export function outageLine(behind: readonly string[], after: number, repeated: number): string {
  const detail = writeOutageNote({ cause: 'EIO', abandoned: 'a', after, repeated });
  return nextLine(behind, auditEntry('audit-outage', 1_700_000_001_000, { detail }));
}

export interface FileOfLines {
  readonly name: string;
  readonly lines: readonly string[];
}

/** The head an honest gateway would have written for the last of these lines. */
export function headOf({ name, lines }: FileOfLines, count = lines.length): Head {
  const record = readRecord(lines[count - 1] ?? '');
  const size = lines.slice(0, count).reduce((sum, line) => sum + Buffer.byteLength(line) + 1, 0);
  return { file: name, size, sequence: record?.sequence ?? 0, hash: record?.hash ?? noRecord, time: '' };
}

/** What the verifier says of these files, as bytes or text. */
export function judgeFiles(files: readonly { name: string; lines: readonly (string | Buffer)[] }[], heads: readonly Head[]) {
  let judged: Judged = { sound: true, chain: beginChain(heads) };
  for (const [index, { name, lines }] of files.entries()) {
    const takenOverFrom = Math.min(
      ...files.slice(index + 1).map((later) => readRecord(String(later.lines[0] ?? ''))?.sequence ?? Infinity),
    );
    judged = enterSegment(judged.chain, { name, takenOverFrom });
    if (!judged.sound) return result(judged.flaw, null);
    const file = judgeLines(judged.chain, lines);
    if (!file.sound) return result(file.flaw, null);
    judged = file;
  }
  return result(finishChain(judged.chain), judged.chain);
}

function judgeLines(begin: Chain, lines: readonly (string | Buffer)[]): Judged {
  let chain = begin;
  let end = 0;
  for (const [at, line] of lines.entries()) {
    const bytes = Buffer.from(line);
    end += bytes.length + 1;
    const step = judgeLine(chain, { bytes, text: bytes.toString(), number: at + 1, end }, sha256);
    if (!step.sound) return step;
    ({ chain } = step);
  }
  return { sound: true, chain };
}

function result(flaw: Flaw | null, chain: Chain | null): { readonly flaw: Flaw | null; readonly chain: Chain | null } {
  return { flaw, chain };
}
