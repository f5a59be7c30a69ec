// How far one feed of the access record is, on the disk beside the record: what is behind it was taken by the receiver, all else
// is still in the log, which is the only spool. It is written in place, in one small block, so that it survives the process.

import { createHash } from 'node:crypto';
import { closeSync, fdatasyncSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { contentOf } from './audit-tree-files.ts';

/** The last record told; 0 and no hash before the first. */
export interface FeedPlace {
  readonly sequence: number;
  readonly hash: string;
  /** The lowest record that is still needed: of an access whose outcome is awaited, or the next one. */
  readonly from: number;
  /** Of what the record behind it makes known, how many messages are told already: it may be more than a receiver takes at once. */
  readonly taken: number;
}

const blockBytes = 256;
const form = /^\{"sequence":(\d{1,16}),"hash":"([0-9a-f]{64}|)","from":(\d{1,16}),"taken":(\d{1,16})\} *\n$/;

export class FeedCursor {
  readonly #file: string;
  readonly #directory: string;
  #descriptor: number | null = null;
  #isSynced = true;

  /** `where` names the receiver. */
  constructor(auditDirectory: string, where: string) {
    this.#directory = feedsDirectory(auditDirectory);
    this.#file = feedFile(auditDirectory, where, 'cursor');
  }

  /** Null where there is none that can be read. Throws system errors. */
  read(): FeedPlace | null {
    const [, sequence, hash = '', from, taken] = form.exec(contentOf(this.#file)?.toString('latin1') ?? '') ?? [];
    if (sequence === undefined) return null;
    return { sequence: Number(sequence), hash, from: Number(from), taken: Number(taken) };
  }

  /** Survives the end of the process from here on, and a power loss once it is synced. */
  write({ sequence, hash, from, taken }: FeedPlace): void {
    if (this.#descriptor === null) {
      mkdirSync(this.#directory, { recursive: true, mode: 0o700 });
      this.#descriptor = openSync(this.#file, contentOf(this.#file) === null ? 'w' : 'r+', 0o600);
    }
    const text = JSON.stringify({ sequence, hash, from, taken });
    writeSync(this.#descriptor, `${text.padEnd(blockBytes - 1)}\n`, 0, 'latin1');
    this.#isSynced = false;
  }

  sync(): void {
    if (this.#descriptor === null || this.#isSynced) return;
    fdatasyncSync(this.#descriptor);
    this.#isSynced = true;
  }

  close(): void {
    if (this.#descriptor !== null) closeSync(this.#descriptor);
    this.#descriptor = null;
  }
}

/** Where cursors lie, and what was set aside. */
export function feedsDirectory(auditDirectory: string): string {
  return join(auditDirectory, 'feeds');
}

export function feedFile(auditDirectory: string, where: string, ending: string): string {
  const name = createHash('sha256').update(where).digest('hex').slice(0, 16);
  return join(feedsDirectory(auditDirectory), `${name}.${ending}`);
}
