// Takes the chain's judge through the files of a log, in order, in constant memory. Used by the verifier for the whole
// log and at start for what lies behind the signed head. It decides nothing; `core/audit/verify-chain.ts` does.

import { hash } from 'node:crypto';
import { enterSegment, finishChain, judgeLine } from '../core/audit/verify-chain.ts';
import { segmentEndings } from '../core/audit/segment-name.ts';
import type { Chain, Flaw, Judged, Line } from '../core/audit/verify-chain.ts';
import { readSegment } from './audit-segment-files.ts';
import type { SegmentFile } from './audit-segment-files.ts';
import { SegmentDamaged } from './audit-unpack.ts';

/** Bytes behind the last whole line of a segment at the end of the log. */
export interface TornEnd {
  readonly file: SegmentFile;
  readonly bytes: number;
  /** Where the whole lines end. */
  readonly size: number;
}

export interface Walk {
  /** Null when everything is sound. */
  readonly flaw: Flaw | null;
  /** As far as it was sound. */
  readonly chain: Chain;
  readonly torn: readonly TornEnd[];
  /** Where the whole lines of the last segment end. */
  readonly size: number;
}

/** Walks the segments from `offset` of the first one. Rejects with system errors. */
export async function walkSegments(segments: readonly SegmentFile[], begin: Chain, offset = 0): Promise<Walk> {
  const torn: TornEnd[] = [];
  let chain = begin;
  let size = 0;
  for (const [index, file] of segments.entries()) {
    const takenOverFrom = Math.min(...segments.slice(index + 1).map((later) => later.firstSequence ?? Infinity));
    const entered = enterSegment(chain, { name: file.name, takenOverFrom });
    if (!entered.sound) return { flaw: entered.flaw, chain, torn, size };
    const walked = await walkSegment(entered.chain, file, index === 0 ? offset : 0);
    chain = walked.chain;
    size = walked.size;
    if (walked.flaw !== null) return { flaw: walked.flaw, chain, torn, size };
    if (walked.tornBytes > 0) torn.push({ file, bytes: walked.tornBytes, size });
  }
  return { flaw: finishChain(chain), chain, torn, size };
}

interface WalkedSegment {
  readonly flaw: Flaw | null;
  readonly chain: Chain;
  readonly tornBytes: number;
  readonly size: number;
}

async function walkSegment(begin: Chain, file: SegmentFile, offset: number): Promise<WalkedSegment> {
  const so = { chain: begin, size: offset };
  try {
    return await walkLines(so, file, offset);
  } catch (cause) {
    if (!(cause instanceof SegmentDamaged)) throw cause;
    const flaw = {
      file: file.name + segmentEndings.packed,
      line: null,
      sequence: so.chain.sequence + 1,
      what: `it cannot be unpacked: it was changed or cut short`,
    };
    return { flaw, ...so, tornBytes: 0 };
  }
}

/** `so` tells how far it came, whatever ends it. */
async function walkLines(so: { chain: Chain; size: number }, file: SegmentFile, offset: number): Promise<WalkedSegment> {
  let number = 0;
  for await (const { lines, torn } of readSegment(file, offset)) {
    for (const line of lines) {
      const judged = judgeLine(so.chain, line, sha256);
      if (!judged.sound) return { flaw: judged.flaw, ...so, tornBytes: 0 };
      so.chain = judged.chain;
      so.size = line.end;
      number = line.number;
    }
    if (torn === 0) continue;
    const judged = judgeTorn(so.chain, number + 1, so.size);
    if (!judged.sound) return { flaw: judged.flaw, ...so, tornBytes: 0 };
    return { flaw: null, chain: judged.chain, tornBytes: torn, size: so.size };
  }
  return { flaw: null, ...so, tornBytes: 0 };
}

/** A line without its newline is what a crash leaves at the very end of a log, and wrong anywhere else. */
export function judgeTorn(chain: Chain, number: number, end: number): Judged {
  if (chain.segment.takenOverFrom === Infinity) return { sound: true, chain };
  return judgeLine(chain, { bytes: new Uint8Array(), text: '', number, end } satisfies Line, sha256);
}

function sha256(bytes: Uint8Array): string {
  return hash('sha256', bytes, 'hex');
}
