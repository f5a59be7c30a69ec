// Writes the signed head of the log, at most once in a while and always after things have gone quiet. It is only told
// of records that are on the disk, so the head can be late but never ahead. A head that cannot be written is reported
// and tried again; the records themselves do not wait for it.

import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeHead, sealHead } from '../core/audit/encode-head.ts';
import type { Head } from '../core/audit/encode-head.ts';
import type { Clock, OperationsLog } from '../ports.ts';
import type { AuditFiles } from './audit-files.ts';
import { errorCode } from './audit-refused.ts';
import { signText } from './audit-signing.ts';
import type { SigningKey } from './audit-signing.ts';

export interface HeadNeeds {
  readonly files: AuditFiles;
  readonly clock: Clock;
  readonly log: OperationsLog;
  readonly everyMilliseconds: number;
}

type Durable = Omit<Head, 'time'> & { readonly directory: string };

export class HeadWriter {
  readonly #needs: HeadNeeds;
  #key: SigningKey;
  #next: Durable | null = null;
  #last: Durable | null = null;
  #timer: NodeJS.Timeout | null = null;
  #lastWrittenAt = -Infinity;

  constructor(key: SigningKey, needs: HeadNeeds) {
    this.#key = key;
    this.#needs = needs;
  }

  /** The log is on the disk up to here. */
  advance(durable: Durable): void {
    this.#next = durable;
    if (this.#timer !== null) return;
    const wait = this.#lastWrittenAt + this.#needs.everyMilliseconds - this.#needs.clock.monotonic();
    if (wait <= 0) this.flush();
    else this.#timer = setTimeout(() => this.flush(), wait).unref();
  }

  /** Signs with another key from here on, the head on the disk first. Throws where it cannot be written. */
  signWith(key: SigningKey): void {
    this.#key = key;
    this.#next ??= this.#last;
    if (this.#next === null) throw new Error('the audit log has not written anything yet');
    this.flush();
    if (this.#next !== null) throw new Error('the signed head cannot be written');
  }

  /** Writes what is waiting now. */
  flush(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const next = this.#next;
    if (next === null) return;
    this.#lastWrittenAt = this.#needs.clock.monotonic();
    try {
      this.#write(next);
      this.#last = next;
      this.#next = null;
    } catch (cause) {
      this.#needs.log.warn(
        { directory: next.directory, error: errorCode(cause) },
        'The signed head of the audit log cannot be written',
      );
    }
  }

  #write({ directory, ...durable }: Durable): void {
    const path = join(directory, 'head.json');
    const encoded = encodeHead({ ...durable, time: new Date(this.#needs.clock.now()).toISOString() });
    const content = Buffer.from(sealHead(encoded, signText(this.#key, encoded)), 'latin1');
    let descriptor;
    try {
      descriptor = this.#needs.files.open(path, 'extend');
    } catch (cause) {
      if (errorCode(cause) !== 'ENOENT') throw cause;
      return this.#create(directory, path, content);
    }
    try {
      this.#needs.files.write(descriptor, content, 0, content.length, 0);
    } finally {
      this.#needs.files.close(descriptor);
    }
  }

  /** The first head appears whole or not at all: a log without one counts as tampered with. */
  #create(directory: string, path: string, content: Buffer): void {
    writeFileSync(`${path}.new`, content, { mode: 0o600, flush: true });
    renameSync(`${path}.new`, path);
    this.#needs.files.syncDirectory(directory);
  }
}
