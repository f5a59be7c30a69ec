// One file of the log, open for writing at its end. It writes whole batches at positions it controls and can be taken
// back to its last whole record. After a failed sync it is abandoned and never touched again: the kernel reports such
// a failure once and then forgets the pages (the "fsyncgate" of 2018).

import { fstatSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { AuditFiles } from './audit-files.ts';

export class AuditSegment {
  readonly directory: string;
  readonly name: string;
  readonly #files: AuditFiles;
  readonly #descriptor: number;
  readonly #inode: number;
  #size: number;
  #syncing = false;
  #abandoned = false;
  #closed = false;

  private constructor(files: AuditFiles, directory: string, name: string, descriptor: number, size: number) {
    this.directory = directory;
    this.name = name;
    this.#files = files;
    this.#descriptor = descriptor;
    this.#size = size;
    this.#inode = fstatSync(descriptor).ino;
  }

  /** A new file; its name survives a power loss once this returns. */
  static create(files: AuditFiles, directory: string, name: string): AuditSegment {
    const descriptor = files.open(join(directory, name), 'create');
    files.syncDirectory(directory);
    return new AuditSegment(files, directory, name, descriptor, 0);
  }

  /** An existing file, cut to `size` bytes. */
  static extend(files: AuditFiles, directory: string, name: string, size: number): AuditSegment {
    const descriptor = files.open(join(directory, name), 'extend');
    files.truncate(descriptor, size);
    return new AuditSegment(files, directory, name, descriptor, size);
  }

  /** Bytes of whole records. */
  get size(): number {
    return this.#size;
  }

  get abandoned(): boolean {
    return this.#abandoned;
  }

  /** Writes all of `bytes`, or says how many went through and why no more did. */
  write(bytes: Buffer): { readonly written: number; readonly error: unknown } {
    let written = 0;
    try {
      while (written < bytes.length) {
        const count = this.#files.write(this.#descriptor, bytes, written, bytes.length - written, this.#size + written);
        if (count === 0) throw new Error('write(2) accepted nothing');
        written += count;
      }
    } catch (error) {
      return { written, error };
    }
    this.#size += written;
    return { written, error: null };
  }

  /** Counts the whole records of a write that was cut short and takes the rest back as far as the system lets us. */
  cutTo(wholeBytes: number): void {
    this.#size += wholeBytes;
    try {
      this.#files.truncate(this.#descriptor, this.#size);
    } catch {
      // The segment is abandoned right after; a torn line at its end is told by the audit-outage record.
    }
  }

  /** fdatasync; one at a time. */
  sync(done: (error: NodeJS.ErrnoException | null) => void): void {
    this.#syncing = true;
    this.#files.sync(this.#descriptor, (error) => {
      this.#syncing = false;
      if (this.#abandoned) this.close();
      done(error);
    });
  }

  /** False when the file at our path is another one or gone: what we write would be seen by nobody. */
  isInPlace(): boolean {
    try {
      return statSync(join(this.directory, this.name)).ino === this.#inode;
    } catch {
      return false;
    }
  }

  /** No further write or sync. A sync under way keeps the descriptor until it returns. */
  abandon(): void {
    this.#abandoned = true;
    if (!this.#syncing) this.close();
  }

  /** Removes a file that holds nothing which does not also stand elsewhere. */
  discard(): void {
    this.abandon();
    try {
      this.#files.remove(join(this.directory, this.name));
    } catch {
      // It stays as an abandoned file; its lines stand again, byte for byte, in the next one.
    }
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    try {
      this.#files.close(this.#descriptor);
    } catch {
      // close(2) releases the descriptor even when it reports an error.
    }
  }
}
