// Judges what a backup holds of records that were let go, while its bytes pass by: that the hashes that are left give the tree that
// the log says was let go, from record 1 on and without a gap.

import { createHash } from 'node:crypto';
import { readPruneNote } from '../core/audit/prune-note.ts';
import { readRecord } from '../core/audit/read-record.ts';
import type { Line } from '../core/audit/verify-chain.ts';
import { emptyFrontier, grow, rootOf } from '../core/tree/frontier.ts';
import { GoneFiles } from './audit-gone.ts';
import { PrunedDamaged, readPruned } from './audit-pruned-file.ts';
import type { PrunedHeader } from './audit-pruned-file.ts';
import { sha256 } from './audit-tree-files.ts';
import { BackupRefused } from './backup-refused.ts';

export class BackupGone {
  readonly #files = new GoneFiles();
  #frontier = emptyFrontier;
  #end = { sequence: 0, hash: '' };
  /** How far the records of the backup account for it. */
  #told = 0;

  /** The last record that is gone, and its hash; 0 where the log is whole. */
  get end(): { readonly sequence: number; readonly hash: string } {
    return this.#end;
  }

  /** In the order of the chain. Throws BackupRefused. */
  async take(name: string, content: AsyncIterable<Buffer>): Promise<void> {
    const kept = createHash('sha256');
    let header: PrunedHeader | null = null;
    const lines: Line[] = [];
    try {
      for await (const part of readPruned(content, name)) {
        if ('header' in part) ({ header } = part);
        if (header !== null && header.first !== this.#end.sequence + 1) throw new PrunedDamaged(name);
        for (const leaf of 'leaves' in part ? part.leaves : []) this.#frontier = grow(sha256, this.#frontier, leaf);
        for (const line of 'lines' in part ? part.lines : []) {
          kept.update(line.bytes).update('\n');
          lines.push(line);
        }
      }
    } catch (cause) {
      throw cause instanceof PrunedDamaged ? new BackupRefused(wrong(name), { cause }) : cause;
    }
    const root = Buffer.from(rootOf(sha256, this.#frontier)).toString('base64');
    if (header === null || root !== header.root) throw new BackupRefused(wrong(name));
    this.#files.add({ ...header, root, kept: kept.digest() });
    this.#end = { sequence: header.last, hash: header.hash };
    for (const line of lines) this.see(line);
  }

  /** A record of the log, or a line that is kept of one that is gone. */
  see({ text }: Line): void {
    const record = readRecord(text);
    const note = record?.event === 'audit-pruned' ? readPruneNote(record.detail ?? '') : null;
    if (note === null || note.first > this.#told + 1) return;
    const shown = this.#files.range(note.first, note.last);
    const isRight =
      note.last > this.#end.sequence || (shown?.root === note.root && shown.kept === note.kept && shown.hash === note.hash);
    if (isRight) this.#told = note.last;
  }

  /** What is wrong at the end of it, or null. */
  unaccounted(): string | null {
    if (this.#end.sequence <= this.#told) return null;
    return `records ${this.#told + 1} to ${this.#end.sequence} are gone, and no audit-pruned record accounts for that`;
  }
}

function wrong(name: string): string {
  return `the access record in it is not sound: ${name}: it is not what is left of records that were let go`;
}
